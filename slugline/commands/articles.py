"""`slugline articles` and `slugline retention`: removing articles permanently."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from models.wording import counted
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.removal import Removal, RetentionPreview, RetentionRule


@click.group()
def articles() -> None:
    """Remove single articles everywhere, and see which were removed."""


@articles.command()
@click.argument("article_id", metavar="ID")
@click.option("--reason", required=True, help="Why it goes; the record keeps it.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@command
def remove(context: Context, article_id: str, reason: str, dry_run: bool) -> None:
    """Remove the article ID from store, index, feeds and exports to come.

    It does not come back when a feed or archive has it again. This can't be undone.
    """
    from web.retention.plan import preview_takedown, take_down

    with context.store() as store:
        found = preview_takedown(store, article_id)
        facts = {
            "id": article_id,
            "title": found.article.title,
            "source": found.article.source,
            "versions": found.versions,
            "repeats": list(found.repeats),
            "removed": not dry_run,
        }
        if not dry_run:
            take_down(store, article_id, reason, whoami())
            context.update_index(store)
    what = f"{counted(found.versions, 'version')} of “{found.article.title}”"
    stay = f"; {len(found.repeats)} that repeat it stay" if found.repeats else ""
    context.report(facts, f"{'Would remove' if dry_run else 'Removed'} {what}{stay}.")


@articles.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many.  [50]")
@command
def removed(context: Context, limit: int) -> None:
    """List removed articles: when each went, by whom and why."""
    with context.store() as store:
        found, total = store.removals.all(limit=limit), store.removals.count()
    context.report(
        {"total": total, "removals": [dataclasses.asdict(each) for each in found]},
        "\n".join(_line(each) for each in found) or "No article was removed.",
    )


@articles.command()
@click.argument("article_id", metavar="ID")
@command
def allow(context: Context, article_id: str) -> None:
    """Let the removed article ID come back with the next ingest that has it."""
    with context.store() as store:
        removal = store.removals.allow(article_id, who=whoami())
    context.report(dataclasses.asdict(removal), f"{article_id} may come back.")


@click.group()
def retention() -> None:
    """Keep articles by age, number or size; what people starred, corrected or listed stays."""


def _limits(function: Callable[..., None]) -> Callable[..., None]:
    for name, words in (
        ("megabytes", "Megabytes of text to keep."),
        ("articles", "Articles to keep, the newest."),
        ("days", "Days to keep."),
    ):
        option = click.option(f"--{name}", type=click.IntRange(1), help=f"{words}  [settings]")
        function = option(function)
    return function


@retention.command()
@_limits
@command
def preview(
    context: Context, days: int | None, articles: int | None, megabytes: int | None
) -> None:
    """Say what would go and what is spared, without removing anything."""
    rule = _rule(context, days, articles, megabytes)
    with context.store() as store:
        found = store.removals.preview(rule, datetime.now(UTC))
    context.report(dataclasses.asdict(found), _format(found, rule))


@retention.command()
@_limits
@command
def apply(context: Context, days: int | None, articles: int | None, megabytes: int | None) -> None:
    """Remove what is no longer kept. It can be killed and run again."""
    from web.retention.plan import apply_rule

    rule = _rule(context, days, articles, megabytes)
    with context.store() as store:
        due = store.removals.preview(rule, datetime.now(UTC)).due
        with context.progress("remove", due) as bar:
            count = apply_rule(store, rule, whoami(), bar)
        context.update_index(store)
    context.report({"removed": count}, f"Removed {counted(count, 'article')}.")


def _rule(
    context: Context, days: int | None, articles: int | None, megabytes: int | None
) -> RetentionRule:
    """Return the rule that options give, or that of the settings where they give none."""
    from web.retention.plan import checked_rule

    own = context.settings.retention
    if days or articles or megabytes:
        return checked_rule(days or 0, articles or 0, megabytes or 0)
    return checked_rule(own.days, own.articles, own.megabytes)


def _format(found: RetentionPreview, rule: RetentionRule) -> str:
    lines = [f"Keeping {rule.words()}, {found.due:,} of {found.articles:,} articles would go."]
    if found.oldest and found.newest:
        lines.append(f"They are of {found.oldest:%Y-%m-%d} to {found.newest:%Y-%m-%d}.")
    lines += [f"{n:>9,}  {source}" for source, n in found.sources]
    spared = ", ".join(f"{n:,} {reason}" for reason, n in found.kept.items())
    return "\n".join([*lines, f"Spared: {spared}."])


def _line(each: Removal) -> str:
    return f"{each.removed:%Y-%m-%d %H:%M}  {each.article}  {each.source}: {each.why} ({each.who})"
