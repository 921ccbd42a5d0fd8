"""`slugline backup` and `slugline restore`: a home in one file, and back."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from slugline.commands.stages import facts_of, index_changes, told_indexed
from slugline.desk import Desk, at_the_desk


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@at_the_desk
def backup(desk: Desk, file: Path) -> None:
    """Write the store, your models and settings to FILE, a ZIP; everything may go on meanwhile.

    The index is left out: it is made from the store again.
    """
    from slugline.backup import write_backup

    began = time.perf_counter()
    with desk.store() as store:
        label = write_backup(store, desk.settings.home, file)
    size, seconds = file.stat().st_size, time.perf_counter() - began
    desk.report(
        {"file": str(file), "articles": label.articles, "bytes": size, "seconds": seconds},
        f"{label.articles:,} articles are in {file} ({size / 1e6:,.1f} MB).",
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@at_the_desk
def restore(desk: Desk, file: Path) -> None:
    """Make a home of a backup and index it. The home must have no store yet."""
    from models.errors import UsageError
    from slugline.backup import read_backup

    if desk.settings["store.url"]:
        raise UsageError("A backup becomes a store in the home; take the setting store.url away.")
    home = desk.settings.home
    label = read_backup(file, home)
    desk.forget_settings()  # the backup brought its own
    with desk.store() as store:
        indexed = index_changes(desk, store, rebuild=True)
    desk.report(
        {"home": str(home), **asdict(label), "index": facts_of(indexed)},
        f"{label.articles:,} articles of {label.made} are in {home}.\n{told_indexed(indexed)}",
    )
