"""`slugline feeds import` and `export`: subscriptions come from and go to other feed readers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from models.errors import SourceError
from slugline.context import Context, command


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--label", "labels", multiple=True, help="A label for each of them.")
@command
def import_feeds(context: Context, file: Path, labels: tuple[str, ...]) -> None:
    """Subscribe to the feeds of an OPML file, as other feed readers export it.

    Its outlines become labels. Nothing is fetched yet: `feeds check` and `watch` do that.
    """
    from ingest.files import read_file
    from ingest.opml import read_opml
    from ingest.parsed_source import UnreadableError
    from ingest.urls import is_web_address
    from models.feed import parted, shown_address
    from slugline.feeds.discovery import without_feed_scheme

    try:
        listed = read_opml(read_file(file))
    except (OSError, UnreadableError) as error:
        raise SourceError(f"{file} {error}.") from None
    wanted, rejected = [], [dropped.where for dropped in listed.rejections]
    for dropped in listed.rejections:
        context.warn(f"Rejected: {file}, {dropped.where}: {dropped.reason}.")
    for feed in listed.feeds:
        url, login = parted(without_feed_scheme(feed.url))
        if is_web_address(url) and shown_address(url) == url:
            own = tuple(dict.fromkeys((*feed.labels, *labels)))
            wanted.append(dataclasses.replace(feed, url=url, login=login, labels=own))
        else:
            rejected.append(shown_address(url))
            context.warn(f"Rejected: {file}: {shown_address(url)!r} is not a web address.")
    with context.store() as store:
        added = store.feeds.subscribe(wanted)
    known = len(wanted) - added
    context.report(
        {"feeds": len(listed.feeds), "added": added, "known": known, "rejected": rejected},
        f"{added:,} feeds added, {known:,} known already. "
        "`slugline feeds check` fetches them now, `slugline watch` keeps them fresh.",
    )


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command
def export_feeds(context: Context, file: Path) -> None:
    """Write the feeds that are subscribed to into an OPML file, labels as outlines.

    User names and passwords are left out.
    """
    from ingest.opml import write_opml

    with context.store() as store:
        subscribed = store.feeds.subscribed()
    try:
        file.write_text(write_opml(subscribed), encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{file} can't be written: {error.strerror}.") from None
    for feed in subscribed:
        if feed.login:
            context.warn(f"{feed.url}: its user name and password are not exported.")
    context.report(
        {"feeds": len(subscribed), "file": str(file)}, f"{len(subscribed):,} feeds in {file}."
    )
