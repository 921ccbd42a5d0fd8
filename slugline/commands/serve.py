"""`slugline serve`: the pages, in a browser."""

from __future__ import annotations

import click

from models.accounts import Access
from slugline.context import Context, command


@click.command()
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="The port.  [default: 8000]")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Threads that answer, in each process.  [default: 4]",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Processes that answer; one for each core is most that helps.  [default: 1]",
)
@click.option(
    "--access",
    type=click.Choice([access.value for access in Access]),
    help="Who reads without signing in.  [default: auto: everybody, until there are users]",
)
@command
def serve(
    context: Context,
    host: str | None,
    port: int | None,
    workers: int | None,
    processes: int | None,
    access: str | None,
) -> None:
    """Serve search, topic, entity and article pages until stopped (Ctrl-C).

    Where there are users (slugline users add), one has to sign in; --access public lets everybody
    read. Without users it listens on this machine only, unless --access public is given.

    Several --processes share store and index, and answer on several cores (extra: server).
    """
    context.start_logging(service=True)
    flags = {
        "web.host": host,
        "web.port": port,
        "web.workers": workers,
        "web.processes": processes,
        "web.access": access,
    }
    context.override(flags)
    settings = context.settings
    with context.store() as store, context.engine() as engine:
        from slugline.serving import check_access, serve_by_processes, serve_library

        if settings.web.processes == 1:
            serve_library(context, settings, store, engine)
            return
        check_access(settings, store)
    # Closed by now: no two processes may share a connection or an open file.
    serve_by_processes(context, settings)
