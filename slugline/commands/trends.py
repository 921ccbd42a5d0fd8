"""`slugline trends`: what is in the news more than before."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from slugline.context import Context, command

if TYPE_CHECKING:
    from nlp.trends import Trends


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    help="Days to look at.  [default: 7, or a fifth of a young archive's]",
)
@click.option(
    "--against",
    type=click.IntRange(1, 3660),
    help="Days before them to compare with.  [default: 28, or those that there are]",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day.  [default: the newest with articles]",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="Rises of each kind.",
)
@click.option(
    "--by",
    type=click.Choice(["articles", "stories"]),
    default="articles",
    show_default=True,
    help="What is counted. A story counts once a day, however many tell it.",
)
@command
def trends(
    context: Context,
    days: int | None,
    against: int | None,
    until: datetime | None,
    limit: int,
    by: str,
) -> None:
    """Show which topics, clusters and entities have a larger share of the news than before.

    By the log-likelihood ratio of articles with and without, now and before; see docs/trends.md.
    """
    from nlp.trends import find_trends

    with context.store() as store:
        last = until.date() if until else None
        found = find_trends(store.trends, days, against, last, limit, by)
    if found is None:
        context.report(
            {"until": None, "days": days, "against": against, "by": by, "rises": {}},
            "No dated articles.",
        )
        return
    context.report(_as_dict(found, by), _format(found, by))


def _as_dict(found: Trends, by: str) -> dict[str, Any]:
    return {
        "since": found.stretches.since,
        "until": found.stretches.until,
        "days": found.stretches.days,
        "against": found.stretches.against,
        "by": by,
        "articles": {"now": found.now, "before": found.before},
        "per_day": _by_day(found.stretches.all_days, found.per_day),
        "rises": {
            kind: [
                dataclasses.asdict(moved.rise)
                | {"sources": moved.sources, "per_day": list(moved.per_day)}
                for moved in moves
            ]
            for kind, moves in found.rises.items()
        },
    }


def _format(found: Trends, by: str) -> str:
    span = f"{found.stretches.since} to {found.stretches.until}"
    earlier = f"{found.before:,} in {found.stretches.against} days before"
    lines = [f"{span}: {found.now:,} {by}, against {earlier}"]
    if not found.before:
        lines.append("No articles to compare with. Try another --until or a longer --against.")
    for kind, moves in found.rises.items():
        lines.append(f"{kind}: {'' if moves else 'no clear rises'}".rstrip())
        lines += [
            f"{moved.rise.ratio:>7.1f}x  {moved.rise.now:>6,} now, {moved.rise.before:>6,} before"
            f"  G² {moved.rise.strength:>8,.0f}  {moved.rise.name}"
            for moved in moves
        ]
    return "\n".join(lines)


def _by_day(days: tuple[date, ...], counts: tuple[int, ...]) -> dict[str, int]:
    return {day.isoformat(): count for day, count in zip(days, counts, strict=True)}
