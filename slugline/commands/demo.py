"""`slugline demo`: the main job on the bundled sample, then a look at it in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from slugline.context import Context, command

SAMPLE = Path(__file__).parents[1] / "sample"


@click.command()
@click.option("--serve/--no-serve", "serves", default=True, help="Serve the result.")
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="The port.  [default: 8000]")
@command
def demo(context: Context, serves: bool, host: str | None, port: int | None) -> None:
    """Ingest, tag and index the bundled sample of invented news, then serve it.

    Without --home the demo keeps to .demo in the current directory, away from your own archive.
    Some entries of the sample are faulty on purpose, to show how faults are told.
    """
    import os

    from slugline.commands.stages import run_stages

    if context.home is None and "SLUGLINE_HOME" not in os.environ:
        context.home = Path(".demo")
    context.override({"web.host": host, "web.port": port})
    settings = context.settings
    with context.store() as store:
        run_stages(context, store, [str(SAMPLE)])
        if not serves:
            return
        with context.engine() as engine:
            from slugline.serving import serve_library

            serve_library(context, settings, store, engine)
