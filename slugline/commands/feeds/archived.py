"""`slugline feeds subscribe --from-archive`: follow the feeds that archived articles came from."""

from __future__ import annotations

import click

from models.errors import UsageError
from slugline.commands.people.users import whoami
from slugline.context import Context, command


@click.command("subscribe")
@click.option("--from-archive", is_flag=True, help="All feeds that are known from archives.")
@click.option("--source", "sources", multiple=True, help="Only feeds of this name or address.")
@click.option("--least", type=click.IntRange(1), default=1, help="Articles a feed has brought.")
@click.option("--label", "labels", multiple=True, help="A label for each of them.")
@click.option("--dry-run", is_flag=True, help="Only name them.")
@command
def subscribe_feeds(
    context: Context,
    from_archive: bool,
    sources: tuple[str, ...],
    least: int,
    labels: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Subscribe to the feeds that the articles of archives came from.

    Nothing is fetched yet: `feeds check` and `watch` do that. For feeds by their addresses use
    `feeds add`.
    """
    from web.feeds.archived import feeds_of_archives

    if not from_archive:
        raise UsageError("Say --from-archive; a feed by its address goes to `slugline feeds add`.")
    with context.store() as store:
        found = feeds_of_archives(store, sources=sources, least=least, labels=labels)
        added = 0 if dry_run else store.feeds.subscribe(found.wanted, who=whoami())
    for url in found.unfit:
        context.warn(f"Left out: {url!r} is not a web address.")
    for url in found.unsubscribed:
        context.warn(f"Left out: you have unsubscribed from {url}; `slugline feeds add` takes it.")
    what = "would be added" if dry_run else "added"
    count = len(found.wanted) if dry_run else added
    lines = [f"  {feed.title or feed.url} ({feed.url})" for feed in found.wanted]
    summary = f"{count:,} feeds {what}, {found.known:,} known already."
    hint = " `slugline feeds check` fetches them now, `slugline watch` keeps them fresh."
    context.report(
        {
            "added": added,
            "known": found.known,
            "feeds": [feed.url for feed in found.wanted],
            "rejected": list(found.unfit),
            "unsubscribed": list(found.unsubscribed),
        },
        "\n".join([*(lines if dry_run else []), summary + ("" if dry_run else hint)]),
    )
