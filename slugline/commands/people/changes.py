"""`slugline changes`: list the changes by people, and undo them."""

from __future__ import annotations

import click

from slugline.commands.people.users import whoami
from slugline.context import Context, command


@click.group()
def changes() -> None:
    """See what people changed, who and when, and take it back."""


@changes.command(name="list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="How many.  [50]")
@command
def list_(context: Context, limit: int) -> None:
    """List changes, newest first."""
    with context.store() as store:
        found = store.journal.entries(limit)
    facts = [
        {
            "number": each.number,
            "made": each.made,
            "who": each.who,
            "kind": each.kind,
            "subject": each.subject,
            "words": each.words,
            "undone": each.undone,
            "undone_by": each.undone_by,
        }
        for each in found
    ]
    lines = [
        f"{each.number:>6}  {each.made:%Y-%m-%d %H:%M}  {each.who}: {each.words}"
        + (f" (undone by {each.undone_by})" if each.undone else "")
        for each in found
    ]
    context.report({"changes": facts}, "\n".join(lines) or "No changes by people.")


@changes.command()
@click.argument("number", type=int)
@command
def undo(context: Context, number: int) -> None:
    """Take the change NUMBER back."""
    from slugline.jobs import pipeline

    with context.store() as store, context.engine() as engine:
        entry = store.corrections.undo(number, who=whoami())
        pipeline.catch_up(store, engine)
    context.report({"number": entry.number, "words": entry.words}, f"Undone: {entry.words}")
