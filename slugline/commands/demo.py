"""`slugline demo`: ingests, tags, indexes and serves the bundled sample."""

from __future__ import annotations

import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slugline.context import Context, command

if TYPE_CHECKING:
    from store.store import Store

SAMPLE = Path(__file__).parents[1] / "sample"
PORTS_TRIED = 20
USER = "demo"
RETYPED = ("org/hraunborg", "place")
"""A volcano, which the tagger takes for an organisation."""
MERGED = ("place/odra", "org/oder")
"""One river under its Polish and its English name."""


@click.command()
@click.option("--serve/--no-serve", "serves", default=True, help="Serve the result.")
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="The port.  [default: 8000]")
@command
def demo(context: Context, serves: bool, host: str | None, port: int | None) -> None:
    """Ingest, tag and index the bundled sample of invented news, then serve it.

    Without --home the demo keeps to .demo in the current directory, away from your own archive.
    Some entries of the sample are faulty on purpose; the home's ingest.log says which and why.
    Served, the demo has a user who may correct, and takes the next free port where 8000 is taken.
    """
    import os

    if context.home is None and "SLUGLINE_HOME" not in os.environ:
        context.home = Path(".demo")
    context.say("The sample is read, tagged and indexed: about half a minute.")
    if serves and port is None:
        port = _free_port(context, host or context.settings.web.host, context.settings.web.port)
    access = "public" if serves else None
    context.override({"web.host": host, "web.port": port, "web.access": access})
    settings = context.settings

    from slugline.commands.stages import run_stages

    with context.store() as store:
        run_stages(context, store, [str(SAMPLE)], listed=False)
        if serves and _add_user(context, store):
            _correct(store)
        _fit_clusters(context, store)
        if not serves:
            return
        with context.engine() as engine:
            from slugline.serving import serve_library

            serve_library(context, settings, store, engine)


def _fit_clusters(context: Context, store: Store) -> None:
    """Find the clusters of the sample, which takes two seconds."""
    from slugline.jobs import pipeline
    from slugline.jobs.clusters import cluster
    from slugline.progress import no_bar

    place = context.settings.cluster_model
    cluster(store, place, None, afresh=False, bar=no_bar, placed=no_bar)
    with context.engine() as engine:
        pipeline.catch_up(store, engine)


def _free_port(context: Context, host: str, wanted: int) -> int:
    """Return the port, or the next one that no other program listens on, and say so."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError:
                continue
        if port != wanted:
            context.say(f"Port {wanted} is taken by another program; the demo takes {port}.")
        return port
    return wanted  # serving says what is wrong with it


def _add_user(context: Context, store: Store) -> bool:
    """Make the user who may correct, with a password of its own each time, and say it.

    Returns whether the user is new.
    """
    from models.accounts import Role
    from slugline.commands.people.users import whoami
    from web.accounts.passwords import hash_password

    password = secrets.token_urlsafe(9)
    hashed, who, now = hash_password(password), whoami(), datetime.now(UTC)
    known = any(user.name == USER for user in store.users.all())
    if known:
        store.users.set_password(USER, hashed, who=who, now=now)
    else:
        store.users.add(USER, Role.ADMIN, hashed, who=who, now=now)
    context.say(f"To correct and to save, sign in as {USER} with the password {password}")
    return not known


def _correct(store: Store) -> None:
    """Put two names right as an editor would, so that `/changes` has something to undo."""
    from models.errors import NotFoundError

    key, kind = RETYPED
    river, name = MERGED
    try:
        store.corrections.retype(key, kind, who=USER)
        store.corrections.retype(name, "place", who=USER)
        store.corrections.merge(river, name, who=USER)
    except NotFoundError:  # another model of names finds others
        return
