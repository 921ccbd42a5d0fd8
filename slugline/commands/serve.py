"""`slugline serve`: the pages, in a browser."""

from __future__ import annotations

import click

from slugline.context import Context, command


@click.command()
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="The port.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1, 64), help="Threads that answer.  [default: 4]")
@command
def serve(context: Context, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve search, topic, entity and article pages until stopped (Ctrl-C)."""
    context.start_logging(service=True)
    context.override({"web.host": host, "web.port": port, "web.workers": workers})
    with context.store() as store, context.engine() as engine:
        from slugline.serving import serve_library

        serve_library(context, context.settings, store, engine)
