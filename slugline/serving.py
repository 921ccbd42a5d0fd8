"""Opens everything that the pages need, and serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.accounts import Access
from models.errors import ConfigError

if TYPE_CHECKING:
    from search.engine import Engine
    from slugline.context import Context
    from slugline.settings import Settings
    from store.store import Store
    from web.accounts.outside import Outside


def serve_library(context: Context, settings: Settings, store: Store, engine: Engine) -> None:
    """Serve pages until the process is told to stop."""
    from nlp.entities.tagger import read_languages
    from slugline.explaining import CurrentModels
    from slugline.factory import open_searcher
    from slugline.feeds.service import GuardedFeeds
    from slugline.jobs.runner import JobRunner
    from slugline.jobs.work import rule_of
    from web.accounts.access import reader_of_lists
    from web.accounts.signing_in import check_listening
    from web.app import METRICS, create_app
    from web.context import Library, WebSettings
    from web.coverage import read_groups
    from web.jobs.files import EXPORTS
    from web.monitoring.metrics import serve_metrics
    from web.server.cors import read_origins
    from web.server.serve import serve

    current = CurrentModels(settings)
    models = current.models
    access = _access(settings)
    outside = outside_of(settings)
    comes = outside.anybody and outside.new_users is not None
    check_listening(settings.web.host, access, users=store.users.any() or comes)
    app = create_app(
        Library(
            store=store,
            searcher=open_searcher(store, engine, reader_of_lists),
            engine=engine,
            topics={topic.slug: topic for topic in models.topics},
            explainer=current,
            read_languages=read_languages(settings.pipelines),
            coverage=read_groups(settings.home / "coverage.toml"),
            feeds=GuardedFeeds(settings, store),
        ),
        WebSettings(
            access=access,
            rate_limit=_rate_limit(settings),
            exports=settings.home / EXPORTS,
            daily_hour=settings.alerts.daily_hour,
            retention=rule_of(settings),
            reading=settings.web.reading,
            outside=outside,
            cors=read_origins(settings.web.cors),
        ),
    )
    if settings.web.metrics_port:
        serve_metrics(app.extensions[METRICS], settings.web.metrics_port)
    runner = JobRunner(settings, store)
    runner.start()
    try:
        serve(
            app,
            settings.web.host,
            settings.web.port,
            settings.web.workers,
            ready=lambda url: context.say(f"Slugline is at {url} - Ctrl-C stops it."),
            trusted_proxy=settings.web.trusted_proxy,
        )
    finally:
        runner.stop()


def outside_of(settings: Settings) -> Outside:
    """Return who vouches for users by these settings; raises ConfigError."""
    from models.accounts import Role
    from web.accounts.outside import OidcSettings, Outside

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
    return Outside(
        oidc=OidcSettings(own.issuer, own.client_id, own.client_secret, own.claim, own.label)
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
