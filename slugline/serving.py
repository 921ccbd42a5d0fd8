"""Opens everything that the web application needs, and serves it."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from models.accounts import Access
from models.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from nlp.topics.by_language import TopicModels
    from search.engine import Engine
    from slugline.context import Context
    from slugline.settings import Settings
    from store.store import Store
    from web.accounts.outside import IdentityProvider

_SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client keeps the figures of several processes; it reads this when imported."""


def serve_library(context: Context, settings: Settings, store: Store, engine: Engine) -> None:
    """Serve pages by this process until it is told to stop."""
    from slugline.factory import load_topic_models
    from web.app import METRICS
    from web.monitoring.metrics import serve_metrics
    from web.server.serve import serve

    check_access(settings, store)
    app = _application(settings, store, engine, load_topic_models(settings))
    if settings.web.metrics_port:
        serve_metrics(app.extensions[METRICS], settings.web.metrics_port)
    stop_jobs = _start_jobs(settings, store)
    try:
        serve(
            app,
            settings.web.host,
            settings.web.port,
            settings.web.workers,
            ready=_ready(context),
            trusted_proxy=settings.web.trusted_proxy,
        )
    finally:
        stop_jobs()


def serve_by_processes(context: Context, settings: Settings) -> None:
    """Serve pages by several processes until told to stop.

    Models are loaded once, before the processes part; each opens store and index for itself. One
    of them also runs jobs and answers for the metrics of all. Store and index must be in order.
    """
    try:
        from web.server.processes import serve_processes
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"Several processes need a package that is not installed ({error.name}); install it "
            "with: pip install 'slugline[server]', or serve with --processes 1."
        ) from error
    from slugline.factory import load_topic_models, open_search_engine, open_store

    with tempfile.TemporaryDirectory(prefix="slugline-metrics-") as figures:
        os.environ[_SHARED_FIGURES] = figures
        from web.monitoring.metrics import serve_shared_metrics

        models, run = load_topic_models(settings), secrets.token_hex(8)
        _load_code(settings, models)
        for counted in Path(figures).iterdir():
            counted.unlink()  # nobody asked that

        def make_app() -> Flask:
            store = open_store(settings)
            return _application(settings, store, open_search_engine(settings), models, run)

        def lead(app: Flask) -> Callable[[], None]:
            if settings.web.metrics_port:
                serve_shared_metrics(app, settings.web.metrics_port, Path(figures))
            return _start_jobs(settings, open_store(settings))

        serve_processes(
            make_app,
            settings.web.host,
            settings.web.port,
            settings.web.processes,
            settings.web.workers,
            ready=_ready(context),
            trusted_proxy=settings.web.trusted_proxy,
            lead=lead,
        )


def _load_code(settings: Settings, models: TopicModels) -> None:
    """Answer once, so that what is imported for that is there before the processes part."""
    from slugline.factory import open_search_engine, open_store

    with open_store(settings) as store:
        engine = open_search_engine(settings)
        try:
            client = _application(settings, store, engine, models).test_client()
            client.get("/healthz")
            client.get("/search?q=news")
        finally:
            engine.close()


def check_access(settings: Settings, store: Store) -> None:
    """Raise ConfigError where these settings would open the pages to more than is meant."""
    from web.accounts.signing_in import check_listening

    outside = outside_of(settings)
    comes = outside.anybody and outside.new_users is not None
    check_listening(settings.web.host, _access(settings), users=store.users.any() or comes)


def _application(
    settings: Settings, store: Store, engine: Engine, models: TopicModels, run: str = ""
) -> Flask:
    from nlp.entities.tagger import read_languages
    from slugline.explaining import CurrentModels
    from slugline.factory import open_searcher
    from slugline.feeds.service import GuardedFeeds
    from slugline.jobs.work import rule_of
    from slugline.settings import COVERAGE_FILE
    from web.accounts.access import reader_of_lists
    from web.app import create_app
    from web.context import Library, WebSettings
    from web.coverage import read_groups
    from web.jobs.files import EXPORTS
    from web.server.cors import read_origins
    from web.server.prepared import prepare

    app = create_app(
        Library(
            store=store,
            searcher=open_searcher(store, engine, reader_of_lists),
            engine=engine,
            topics={topic.slug: topic for topic in models.topics},
            explainer=CurrentModels(settings, models),
            read_languages=read_languages(settings.pipelines),
            coverage=read_groups(settings.home / COVERAGE_FILE),
            feeds=GuardedFeeds(settings, store),
        ),
        WebSettings(
            access=_access(settings),
            rate_limit=_rate_limit(settings),
            exports=settings.home / EXPORTS,
            daily_hour=settings.alerts.daily_hour,
            retention=rule_of(settings),
            reading=settings.web.reading,
            outside=outside_of(settings),
            cors=read_origins(settings.web.cors),
            run=run,
        ),
    )
    return prepare(app)


def _start_jobs(settings: Settings, store: Store) -> Callable[[], None]:
    """Begin to run jobs; return what ends that."""
    from slugline.jobs.runner import JobRunner

    runner = JobRunner(settings, store)
    runner.start()
    return runner.stop


def _ready(context: Context) -> Callable[[str], None]:
    return lambda url: context.say(f"Slugline is at {url} - Ctrl-C stops it.")


def outside_of(settings: Settings) -> IdentityProvider:
    """Return who vouches for users by these settings; raises ConfigError."""
    from models.accounts import Role
    from web.accounts.outside import IdentityProvider, OidcProvider

    own, web = settings.oidc, settings.web
    if web.new_users and web.new_users not in set(Role):
        raise ConfigError(
            f"web.new_users is {web.new_users!r}, but takes one of {', '.join(Role)}, or nothing."
        )
    if web.proxy_user and not web.trusted_proxy:
        raise ConfigError(
            "web.proxy_user believes a header, so web.trusted_proxy must name the address of the "
            "proxy that sends it."
        )
    if own.issuer and not (own.client_id and own.client_secret):
        raise ConfigError("oidc.issuer is set; set oidc.client_id and oidc.client_secret too.")
    if own.issuer and not own.issuer.startswith(
        ("https://", "http://127.0.0.1", "http://localhost")
    ):
        raise ConfigError(f"oidc.issuer is {own.issuer!r}, but must begin with https://.")
    return IdentityProvider(
        oidc=OidcProvider(own.issuer, own.client_id, own.client_secret, own.claim, own.label)
        if own.issuer
        else None,
        header=web.proxy_user,
        addresses=frozenset({web.trusted_proxy} if web.trusted_proxy else ()),
        new_users=Role(web.new_users) if web.new_users else None,
    )


def _access(settings: Settings) -> Access:
    try:
        return Access(settings.web.access)
    except ValueError:
        raise ConfigError(
            f"web.access is {settings.web.access!r}, but takes one of {', '.join(Access)}."
        ) from None


def _rate_limit(settings: Settings) -> str:
    from limits import parse_many

    text = settings.web.rate_limit
    if text:
        try:
            parse_many(text)
        except ValueError:
            raise ConfigError(
                f"web.rate_limit is {text!r}, but takes something like 600 per minute."
            ) from None
    return text
