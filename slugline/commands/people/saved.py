"""`slugline saved`: saved searches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.saved import SavedSearch


@click.group()
def saved() -> None:
    """Keep searches for users, with feeds that need no sign-in."""


@saved.command(name="list")
@command
def list_(context: Context) -> None:
    """List the saved searches of all users."""
    with context.store() as store:
        found = store.saved.all()
    lines = [
        f"{each.number:>5}  {each.owner}: {each.name}  (/search?{each.question})" for each in found
    ]
    facts = {"saved": [_facts(each) for each in found]}
    context.report(facts, "\n".join(lines) or "No saved searches.")


@saved.command()
@click.argument("user")
@click.argument("name")
@click.argument("query", default="")
@click.option("--topic", multiple=True, help="Only articles on this topic.")
@click.option("--entity", multiple=True, help="Only articles that name this entity.")
@click.option("--source", multiple=True, help="Only articles of this publisher.")
@click.option("--lang", multiple=True, help="Only articles in this language.")
@click.option("--shared", is_flag=True, help="For all users to see.")
@command
def add(context: Context, user: str, name: str, query: str, shared: bool, **filters: Any) -> None:
    """Save the search QUERY for USER under NAME."""
    from web.context import WebSettings
    from web.saved.question import question_of

    asked: dict[str, Any] = {"q": query} if query else {}
    asked |= {key: list(values) for key, values in filters.items() if values}
    question = question_of(asked, WebSettings())
    with context.store() as store:
        made = store.saved.add(
            user, name, question, shared=shared, who=whoami(), now=datetime.now(UTC)
        )
    context.report(_facts(made), f"Saved {made.number}: its feed is {_facts(made)['feed']}")


@saved.command()
@click.argument("number", type=int)
@command
def remove(context: Context, number: int) -> None:
    """Remove the saved search NUMBER, with its feeds."""
    with context.store() as store:
        gone = store.saved.remove(number, store.saved.get(number).owner, who=whoami())
    context.report({"number": gone.number, "name": gone.name}, f"Removed {gone.name}.")


def _facts(search: SavedSearch) -> dict[str, Any]:
    return {
        "number": search.number,
        "owner": search.owner,
        "name": search.name,
        "question": search.question,
        "shared": search.shared,
        "made": search.made,
        "feed": f"/saved/{search.secret}/feed.atom",
    }
