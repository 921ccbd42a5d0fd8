"""`slugline feeds import` and `export`: subscriptions come from and go to other feed readers."""

from __future__ import annotations

from pathlib import Path

import click

from models.errors import SourceError, UsageError
from models.feed import is_mailbox
from models.wording import counted
from slugline.commands.people.users import whoami
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
    from ingest.parsed_source import UnreadableError
    from web.feeds.opml import read_subscriptions

    try:
        listed = read_subscriptions(read_file(file), labels)
    except (OSError, UnreadableError) as error:
        raise SourceError(f"{file} {error}.") from None
    for dropped in listed.rejections:
        context.warn(f"Rejected: {file}, {dropped.where}: {dropped.reason}.")
    with context.store() as store:
        added = store.feeds.subscribe(listed.feeds, who=whoami())
    known = len(listed.feeds) - added
    context.report(
        {
            "feeds": listed.found,
            "added": added,
            "known": known,
            "rejected": [dropped.where for dropped in listed.rejections],
        },
        f"{counted(added, 'feed')} added, {known:,} known already. "
        "`slugline feeds check` fetches them now, `slugline watch` keeps them fresh.",
    )


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command
def export_feeds(context: Context, file: Path) -> None:
    """Write the feeds that are subscribed to into an OPML file, labels as outlines.

    User names and passwords are left out. `-` is the standard output.
    """
    from ingest.opml import write_opml
    from slugline.writing import is_standard_output, write_text

    if context.json and is_standard_output(file):
        raise UsageError("--json reports to stdout, where the feeds go as well; name a file.")
    with context.store() as store:
        subscribed = store.feeds.subscribed()
    try:
        write_text(file, write_opml(subscribed))
    except UsageError as error:  # the command is right, the place is not
        raise SourceError(str(error)) from None
    for feed in subscribed:
        if is_mailbox(feed.url):
            context.warn(f"{feed.url}: is a mailbox, which other readers can't open; left out.")
            continue
        if feed.selectors:
            context.warn(f"{feed.url}: is a page; the selectors that read it are not exported.")
        if feed.login:
            context.warn(f"{feed.url}: its user name and password are not exported.")
    written = [feed for feed in subscribed if not is_mailbox(feed.url)]
    summary = f"{len(written):,} feeds in {file}."
    if is_standard_output(file):
        context.say(summary)
    else:
        context.report({"feeds": len(written), "file": str(file)}, summary)
