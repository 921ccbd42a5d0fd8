"""`slugline backup` and `slugline restore`: a home in one file, and back."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from slugline.commands.stages import format_indexed, index_changes, stage_as_dict
from slugline.context import Context, command


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command
def backup(context: Context, file: Path) -> None:
    """Write the store, your models and settings to FILE, a ZIP; everything may go on meanwhile.

    The index is left out: it is made from the store again.
    """
    from slugline.jobs.backup import write_backup

    began = time.perf_counter()
    with context.store() as store:
        label = write_backup(store, context.settings.home, file)
    size, seconds = file.stat().st_size, time.perf_counter() - began
    context.report(
        {"file": str(file), "articles": label.articles, "bytes": size, "seconds": seconds},
        f"{label.articles:,} articles are in {file} ({size / 1e6:,.1f} MB).",
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command
def restore(context: Context, file: Path) -> None:
    """Make a home of a backup and index it. The home must have no store yet."""
    from models.errors import UsageError
    from slugline.jobs.backup import read_backup

    if context.settings.store.url:
        raise UsageError("A backup becomes a store in the home; take the setting store.url away.")
    home = context.settings.home
    label = read_backup(file, home)
    context.forget_settings()  # the backup brought its own
    with context.store() as store:
        indexed = index_changes(context, store, rebuild=True)
    context.report(
        {"home": str(home), **asdict(label), "index": stage_as_dict(indexed)},
        f"{label.articles:,} articles of {label.made} are in {home}.\n{format_indexed(indexed)}",
    )
