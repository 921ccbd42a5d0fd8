"""`slugline feeds`: the feeds that articles came from."""

from __future__ import annotations

import dataclasses

import click

from slugline.desk import Desk, at_the_desk


@click.group()
def feeds() -> None:
    """Look at the feeds that articles came from."""


@feeds.command("list")
@at_the_desk
def list_feeds(desk: Desk) -> None:
    """List all feeds by address."""
    with desk.store() as store:
        found = list(store.feeds.all())
    lines = [f"{feed.title or '-':<40} {feed.url}" for feed in found]
    desk.report(
        {"total": len(found), "feeds": [dataclasses.asdict(feed) for feed in found]},
        "\n".join(lines) if lines else "There are none.",
    )
