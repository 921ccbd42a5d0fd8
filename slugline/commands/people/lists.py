"""`slugline lists`: lists of articles, passages, entities and stories, with notes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from models.lists import ItemKind, NewItem
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.lists import Item, KeptList


@click.group()
def lists() -> None:
    """Keep articles, passages, entities and stories on lists, with notes and tags."""


@lists.command(name="list")
@command
def list_(context: Context) -> None:
    """List the lists of all users."""
    with context.store() as store:
        found = store.lists.all()
    lines = [f"{one.number:>5}  {one.owner}: {one.name} ({one.items:,})" for one in found]
    context.report({"lists": [_facts(one) for one in found]}, "\n".join(lines) or "No lists.")


@lists.command()
@click.argument("name")
@command
def show(context: Context, name: str) -> None:
    """Show what is on the list NAME (or of that number)."""
    with context.store() as store:
        found = store.lists.named(name)
        items = store.lists.items(found.number)
    lines = [
        f"{item.number:>5}  {item.kind}  {item.subject}"
        + (f"  “{item.quote}”" if item.quote else "")
        + (f"  [{', '.join(item.tags)}]" if item.tags else "")
        + (f"\n       {' '.join(item.note.split())}" if item.note else "")
        for item in items
    ]
    facts = _facts(found) | {"items": [_item(item) for item in items]}
    context.report(facts, "\n".join(lines) or "Nothing on it yet.")


@lists.command()
@click.argument("user")
@click.argument("name")
@click.option("--shared", is_flag=True, help="For all users to see and fill.")
@command
def add(context: Context, user: str, name: str, shared: bool) -> None:
    """Make the list NAME for USER."""
    with context.store() as store:
        made = store.lists.add(user, name, shared=shared, who=whoami(), now=datetime.now(UTC))
    context.report(_facts(made), f"{made.name} is list {made.number}.")


@lists.command()
@click.argument("name")
@click.argument("subject")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in ItemKind]),
    default="article",
    help="What it is.  [article]",
)
@click.option("--note", default="", help="A note, as plain text.")
@click.option("--tag", multiple=True, help="A tag of one's own.")
@click.option("--field", default="", help="The field of a passage: title, summary, body.")
@click.option("--start", type=int, default=0, help="Where the passage begins, in characters.")
@click.option("--end", type=int, default=0, help="Where it ends.")
@command
def put(
    context: Context,
    name: str,
    subject: str,
    kind: str,
    note: str,
    tag: tuple[str, ...],
    field: str,
    start: int,
    end: int,
) -> None:
    """Put SUBJECT (an id, or an entity's key) on the list NAME, or change its note."""
    with context.store() as store:
        here = store.lists.named(name)
        new_item = NewItem(ItemKind(kind), subject, note, tag, field, start, end)
        item = store.lists.put(
            here.number, here.owner, new_item, who=whoami(), now=datetime.now(UTC)
        )
    context.report(_item(item), f"Item {item.number} is on {here.name}.")


@lists.command()
@click.argument("item", type=int)
@command
def take(context: Context, item: int) -> None:
    """Take the item of this number off its list."""
    with context.store() as store:
        owners = {one.number: one.owner for one in store.lists.all()}
        number = next(
            (one for one in owners if item in {each.number for each in store.lists.items(one)}),
            0,
        )
        gone = store.lists.take(item, owners.get(number, ""), who=whoami())
    context.report(_item(gone), f"Took {gone.subject} off.")


@lists.command()
@click.argument("name")
@command
def remove(context: Context, name: str) -> None:
    """Remove the list NAME with all that is on it."""
    with context.store() as store:
        here = store.lists.named(name)
        store.lists.remove(here.number, here.owner, who=whoami())
    context.report(_facts(here), f"Removed {here.name}.")


def _facts(found: KeptList) -> dict[str, Any]:
    return {
        "number": found.number,
        "owner": found.owner,
        "name": found.name,
        "shared": found.shared,
        "made": found.made,
        "total": found.items,
        "feed": f"/lists/{found.secret}/feed.atom",
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "kind": item.kind,
        "subject": item.subject,
        "note": item.note,
        "tags": list(item.tags),
        "field": item.field,
        "start": item.start,
        "end": item.end,
        "quote": item.quote,
        "who": item.who,
        "made": item.made,
    }
