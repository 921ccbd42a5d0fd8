"""`slugline trends`: what is in more of the news now than before."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import click

from slugline.context import Context, command


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=7,
    show_default=True,
    help="Days to look at.",
)
@click.option(
    "--against",
    type=click.IntRange(1, 3660),
    default=28,
    show_default=True,
    help="Days before them to compare with.",
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
@command
def trends(context: Context, days: int, against: int, until: datetime | None, limit: int) -> None:
    """Show which topics, clusters and entities rise: more of the news than in the days before.

    By the log-likelihood ratio of articles with and without, now and before; see docs/trends.md.
    """
    from nlp.trends import find_trends

    with context.store() as store:
        found = find_trends(store.trends, days, against, until.date() if until else None, limit)
    if found is None:
        context.report(
            {"until": None, "days": days, "against": against, "rises": {}},
            "There are no articles with a date.",
        )
        return
    facts = {
        "since": found.stretches.since,
        "until": found.stretches.until,
        "days": days,
        "against": against,
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
    span = f"{found.stretches.since} to {found.stretches.until}"
    lines = [f"{span}: {found.now:,} articles, against {found.before:,} in {against} days before"]
    if not found.before:
        lines.append("There is nothing to compare with; try another --until or a longer --against.")
    for kind, moves in found.rises.items():
        lines.append(f"{kind}: {'' if moves else 'nothing rises clearly'}".rstrip())
        lines += [
            f"{moved.rise.ratio:>7.1f}x  {moved.rise.now:>6,} now, {moved.rise.before:>6,} before"
            f"  G² {moved.rise.strength:>8,.0f}  {moved.rise.name}"
            for moved in moves
        ]
    context.report(facts, "\n".join(lines))


def _by_day(days: tuple[date, ...], counts: tuple[int, ...]) -> dict[str, int]:
    return {day.isoformat(): count for day, count in zip(days, counts, strict=True)}
