"""`slugline duplicates`: list groups of near-duplicates, and separate articles."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.duplicates import DuplicateGroup
    from store.store import Store


@click.group()
def duplicates() -> None:
    """List near-duplicate articles, and separate those that are not."""


@duplicates.command("list")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@command
def list_groups(context: Context, limit: int) -> None:
    """List the largest groups of articles with the same text."""
    with context.store() as store:
        groups = store.duplicates.groups(limit)
        total = store.duplicates.count()
        lines = [line for group in groups for line in _format_group(store, group)]
    context.report(
        {"articles": total, "groups": [dataclasses.asdict(group) for group in groups]},
        "\n".join([*lines, f"{total:,} near-duplicates in all."]),
    )


@duplicates.command()
@click.argument("article_id")
@command
def show(context: Context, article_id: str) -> None:
    """Show the group of an article: its leader, and why each member is in it."""
    with context.store() as store:
        group = store.duplicates.group(article_id)
        lines = _format_group(store, group) if group else ["No near-duplicates of this article."]
    context.report({"group": dataclasses.asdict(group) if group else None}, "\n".join(lines))


@duplicates.command()
@click.argument("article_id")
@command
def part(context: Context, article_id: str) -> None:
    """Separate an article from its group, for good."""
    from slugline.jobs import pipeline

    with context.store() as store, context.engine() as engine:
        store.corrections.separate_duplicate(article_id, who=whoami())
        pipeline.catch_up(store, engine)
    context.report({"id": article_id}, f"{article_id} is no longer grouped as a near-duplicate.")


def _format_group(store: Store, group: DuplicateGroup) -> list[str]:
    leader = store.articles.get(group.leader_id)
    lines = [f"{leader.id}  {leader.title} ({leader.source})"]
    for member in group.members:
        article = store.articles.get(member.article_id)
        lines += [f"  {article.id}  {article.title} ({article.source})", f"    {member.reason}"]
    return lines
