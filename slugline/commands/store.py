"""`slugline store`: copy the store to another database."""

from __future__ import annotations

import time
from pathlib import Path

import click

from slugline.context import Context, command


@click.group()
def store() -> None:
    """Move the store: between SQLite and PostgreSQL, either way."""


@store.command()
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
@command
def copy(context: Context, from_: str, to: str) -> None:
    """Copy all of the store FROM into the empty store TO, counted and compared.

    Each is a path of an SQLite file, or a URL such as postgresql+psycopg://USER@HOST/DATABASE. Stop
    what writes to FROM first. Then name TO in the setting store.url, and run `slugline index`.
    """
    from models.errors import UsageError
    from store.copying import copy_store
    from store.database import Database, shown_url

    source, target = _url(from_), _url(to)
    if source == target:
        raise UsageError("FROM and TO are the same store.")
    if source.startswith("sqlite:///"):
        _check_source(Path(source.removeprefix("sqlite:///")))
    began = time.perf_counter()
    reading = Database(source)
    try:
        writing = Database(target)
        try:
            counts = copy_store(reading, writing)
        finally:
            writing.close()
    finally:
        reading.close()
    rows, seconds = sum(counts.values()), time.perf_counter() - began
    context.report(
        {
            "from": shown_url(source),
            "to": shown_url(target),
            "tables": counts,
            "rows": rows,
            "seconds": round(seconds, 3),
        },
        f"Copied {rows:,} rows of {len(counts)} tables, the same in both, in {seconds:.1f} s: "
        f"{counts['articles']:,} articles are in {shown_url(target)}.",
    )


def _check_source(path: Path) -> None:
    """Raise an error where no store is at a path, which opening it would make."""
    from models.errors import StoreError, UsageError
    from slugline.factory import is_emptied

    if not path.is_file():
        raise UsageError(f"There is no store at {path}.")
    if is_emptied(path):
        raise StoreError(f"{path} is empty. `slugline restore` brings back a backup.")


def _url(place: str) -> str:
    return place if "://" in place else f"sqlite:///{Path(place).expanduser().absolute()}"
