"""`slugline backup` and `slugline restore`: a home in one file, and back."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from slugline.commands.stage_report import format_indexed, stage_as_dict
from slugline.commands.stages import index_changes
from slugline.context import Context, command


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="FILE is a directory: put a backup with its time there, and keep so many.",
)
@command
def backup(context: Context, file: Path, keep: int | None) -> None:
    """Write the store, your models and settings to FILE, a ZIP; everything may go on meanwhile.

    The index is left out: it is made from the store again. With --keep, for a timer, FILE is a
    directory of backups, and the oldest ones are removed once the new one is there.
    """
    from export.place import is_stream
    from models.errors import UsageError
    from slugline.jobs.backup import keep_newest, new_name, write_backup

    began = time.perf_counter()
    folder = file
    if keep is not None:
        if not folder.is_dir():
            raise UsageError(f"{folder} is not a directory; --keep takes one. Create it first.")
        file = folder / new_name(datetime.now(UTC))
    elif file.is_dir():
        raise UsageError(f"{file} is a directory; name a file in it, or say --keep 7.")
    elif is_stream(file):
        raise UsageError(f"{file} is not a file, which a backup has to be; name one.")
    with context.store() as store:
        label = write_backup(store, context.settings.home, file)
    removed = [str(path) for path in keep_newest(folder, keep)] if keep is not None else []
    size, seconds = file.stat().st_size, time.perf_counter() - began
    gone = f" Removed: {', '.join(removed)}." if removed else ""
    context.report(
        {
            "file": str(file),
            "articles": label.articles,
            "bytes": size,
            "removed": removed,
            "seconds": seconds,
        },
        f"{label.articles:,} articles are in {file} ({size / 1e6:,.1f} MB).{gone}",
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--take-settings",
    is_flag=True,
    help="Take settings that lead out of the home too: another store, cluster, model, or access.",
)
@command
def restore(context: Context, file: Path, take_settings: bool) -> None:
    """Make a home of a backup and index it. The home must have no store yet.

    The backup is checked first, and nothing is left behind where it is damaged. Settings that lead
    out of the home are put beside the others, to be read by you, unless --take-settings is given.
    """
    from models.errors import UsageError
    from slugline.jobs.backup import SET_ASIDE, read_backup
    from slugline.settings import SETTINGS_FILE

    if context.settings.store.url:
        raise UsageError("A backup becomes a store in the home; take the setting store.url away.")
    home = context.settings.home
    restored = read_backup(file, home, take_settings=take_settings)
    label = restored.label
    if restored.set_aside:
        context.warn(
            f"The settings of the backup are not in force, since {restored.set_aside}; they are in "
            f"{home / SET_ASIDE}. Read them; to take them, name that file {SETTINGS_FILE}."
        )
    context.forget_settings()  # the backup brought its own
    with context.store() as store:
        indexed = index_changes(context, store, rebuild=True)
    context.report(
        {
            "home": str(home),
            **asdict(label),
            "settings_set_aside": restored.set_aside,
            "index": stage_as_dict(indexed),
        },
        f"{label.articles:,} articles of {label.made} are in {home}.\n{format_indexed(indexed)}",
    )
