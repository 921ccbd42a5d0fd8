"""Makes the Flask application: one library in, pages out; no global state, no environment."""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import urlencode

from flask import Flask, url_for
from jinja2 import StrictUndefined

from ingest.urls import host_of
from models.addresses import outside_link
from models.tags import OTHER
from models.wording import counted
from search.request import Hit, Marked
from web import addresses, canonical, errors, formatting, tables
from web.accounts import access, oidc
from web.alerts.arrivals import Arrivals
from web.api import views as api
from web.context import EXTENSION, AppContext, Library, WebSettings
from web.indexing import Indexing
from web.lists import stars
from web.monitoring import access_log, metrics
from web.pager import link_to
from web.pages.feeds import EVERYTHING, feed_title
from web.pages.registry import BLUEPRINTS
from web.pages.sources import source_address
from web.preferences.reader import preferences, zone_of
from web.server import cors, headers, unchanged
from web.server.hosts import only_hosts
from web.translation import localization

METRICS = "slugline-metrics"
"""Where an application keeps its registry of figures."""
STATIC_SECONDS = 365 * 24 * 3600


def create_app(library: Library, settings: WebSettings | None = None) -> Flask:
    """Make the application that shows a library. Serve it with `web.server.serve.serve`."""
    app = Flask("web", root_path=str(Path(__file__).parent))
    settings = settings or WebSettings()
    places = BoundedSemaphore(settings.max_exports)
    arrivals = Arrivals(library.store, library.searcher)
    indexing = Indexing(library.store, library.engine, arrivals.finish)
    app.extensions[EXTENSION] = AppContext(library, settings, places, indexing)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    # Static files are named with their hash, so that they can be kept for ever.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.jinja_environment = localization.LocalizedEnvironment  # type: ignore[assignment]  # a subclass
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _add_words(app, library)
    localization.register(app)
    app.jinja_env.globals["reading"] = settings.reading
    app.jinja_env.globals["oidc"] = settings.outside.oidc
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.register(app)
    access_log.register(app)  # first, so that whatever is logged has the request's id
    app.extensions[METRICS] = metrics.register(app)
    cors.register(app, settings.cors)
    access.register(app, settings.access, settings.rate_limit)
    canonical.register(app)
    tables.register(app)
    unchanged.register(app, settings.run, settings.outside.header)
    app.context_processor(lambda: {"display": preferences()})
    if settings.outside.oidc:
        oidc.register(app, settings.outside.oidc)
    headers.register(app)
    errors.register(app)
    # Flask looks at the host before any handler of errors is in force.
    app.wsgi_app = only_hosts(app.wsgi_app)  # type: ignore[assignment, method-assign]  # Flask's own way
    return app


def repeats(hit: Hit) -> bool:
    """Say whether the snippet only says the title again, as some feeds do."""
    return _words(hit.title) == _words(hit.snippet)


def _words(marked: Marked) -> str:
    return "".join(text for text, _ in marked).strip(" .…").casefold()


def _add_words(app: Flask, library: Library) -> None:
    """Let templates speak: dates, numbers, names of topics and languages."""

    def topic_name(slug: str) -> str:
        if slug in library.topics:
            return library.topics[slug].name
        return "Other" if slug == OTHER else slug

    @lru_cache(maxsize=16)
    def static(name: str) -> str:
        content = (Path(app.static_folder or "") / name).read_bytes()
        return url_for("static", filename=name, v=hashlib.sha256(content).hexdigest()[:12])

    app.jinja_env.filters |= {
        "moment": formatting.moment,
        "day": formatting.day,
        "long_day": formatting.long_day,
        "number": formatting.number,
        "listed": formatting.listed,
        "marks": formatting.marks,
        "language": formatting.language,
        "country": formatting.country,
        "urlencode_lists": partial(urlencode, doseq=True),
        "outside_link": outside_link,
        "host": host_of,
        "topic_name": topic_name,
    }
    app.jinja_env.globals |= {
        "url_for": addresses.url_for,
        "search_address": addresses.search_address,
        "entity_address": addresses.entity_address,
        "addresses_between": addresses.addresses_between,
        "repeats": repeats,
        "link_to": link_to,
        "form_token": access.token_field,
        **stars.GLOBALS,
        "source_address": source_address,
        "feed_title": lambda state: feed_title(state, localization.translate(EVERYTHING)),
        "local_time": lambda when: formatting.local(when, zone_of(preferences().zone)),
        "counted": counted,
        "percent": formatting.percent,
        "days": formatting.days,
        "static": static,
    }
