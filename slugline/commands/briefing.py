"""`slugline briefing`: the stories of a day on one page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from slugline.context import Context, command


@click.command()
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day, such as 2023-11-12; else the newest one with stories.",
)
@click.option("--topic", default="", help="Only stories with an article on this topic (slug).")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Stories at most."
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["html", "md", "atom"]),
    default="md",
    show_default=True,
    help="A printable page, Markdown, or a feed.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead."
)
@command
def briefing(
    context: Context, day: datetime | None, topic: str, limit: int, shape: str, out: Path | None
) -> None:
    """Tell the stories of a day, each in a sentence of its own.

    First come those that most sources tell in words of their own, then the quick and the new. No
    model writes anything, and nothing leaves this machine.
    """
    import dataclasses

    from slugline.writing import is_standard_output, write_text
    from web.briefing import FORMATS, brief

    with context.store() as store:
        content = brief(store, day.date() if day else None, limit, topic)
    text = FORMATS[shape](content)
    if out is not None and not is_standard_output(out):
        write_text(out, text)
        text = f"{out} tells {len(content.stories)} stories of {content.day}."
    context.report(dataclasses.asdict(content), text.rstrip("\n"))
