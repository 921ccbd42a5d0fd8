"""Opens everything that the pages need, and serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.engine import Engine
    from slugline.context import Context
    from slugline.settings import Settings
    from store.store import Store


def serve_library(context: Context, settings: Settings, store: Store, engine: Engine) -> None:
    """Serve pages until the process is told to stop."""
    from slugline.factory import load_topic_models, open_searcher
    from web.app import create_app
    from web.context import Library
    from web.coverage import read_groups
    from web.serve import serve

    models = load_topic_models(settings)
    app = create_app(
        Library(
            store=store,
            searcher=open_searcher(store, engine),
            engine=engine,
            topics={topic.slug: topic for topic in models.topics},
            explainer=models,
            coverage=read_groups(settings.home / "coverage.toml"),
        )
    )
    serve(
        app,
        settings.web.host,
        settings.web.port,
        settings.web.workers,
        ready=lambda url: context.say(f"Slugline is at {url} - Ctrl-C stops it."),
    )
