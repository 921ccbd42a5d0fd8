"""`slugline entities`: look at entities, and put them right."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from models.errors import NotFoundError
from slugline.desk import Desk, at_the_desk

if TYPE_CHECKING:
    from models.store import Store
    from models.tags import Entity

MOST_NEIGHBOURS = 10
"""So many of the entities that go best with one are shown."""

TYPES = ("person", "org", "place", "group", "event", "product", "work", "law")


@click.group()
def entities() -> None:
    """Look at entities, and merge, rename or hide them; what a person decides here stays."""


@entities.command("list")
@click.option("--type", "kind", type=click.Choice(TYPES), help="Only entities of this type.")
@click.option("--begins", default="", help="Only entities with a name that begins so.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@at_the_desk
def list_entities(desk: Desk, kind: str | None, begins: str, limit: int) -> None:
    """List the entities named in most articles."""
    with desk.store() as store:
        found = store.entities.top(kind or "", limit, begins=begins)
        total = store.entities.count(kind or "", begins)
    lines = [f"{e.articles:>8,}  {e.type:<8} {e.name}  ({e.key})" for e in found]
    if total > len(found):
        lines.append(f"{len(found):,} of {total:,}; --limit shows more.")
    desk.report(
        {"total": total, "entities": [dataclasses.asdict(e) for e in found]}, _joined(lines)
    )


@entities.command()
@click.argument("name")
@at_the_desk
def show(desk: Desk, name: str) -> None:
    """Show one entity, by its key, its name or an alias."""
    from nlp.cooccurrence import companions

    with desk.store() as store:
        entity = store.entities.get(find_key(desk, store, name))
        neighbours = {each.key: each for each in store.entities.neighbours(entity.key)}
        articles = store.articles.count()
    ranked = companions(
        {key: each.together for key, each in neighbours.items()},
        {key: each.articles for key, each in neighbours.items()},
        entity.articles,
        articles,
        MOST_NEIGHBOURS,
    )
    facts: dict[str, Any] = dataclasses.asdict(entity)
    facts["neighbours"] = [
        dataclasses.asdict(neighbours[key]) | {"weight": round(pair.weight, 1)}
        for key, pair in ranked
    ]
    lines = [
        f"{entity.name} ({entity.type}), key {entity.key}" + (" - hidden" if entity.hidden else ""),
        f"named in {entity.articles:,} articles",
        *([f"also: {', '.join(entity.aliases)}"] if entity.aliases else []),
        *([f"country: {entity.country}"] if entity.country else []),
        *(["with, the least by chance first:"] if ranked else []),
        *(f"{pair.together:>8,}  {neighbours[key].name} ({key})" for key, pair in ranked),
    ]
    desk.report(facts, _joined(lines))


@entities.command()
@click.argument("name")
@click.argument("into")
@at_the_desk
def merge(desk: Desk, name: str, into: str) -> None:
    """Make NAME another name of the entity INTO, now and in all tagging to come."""
    with desk.store() as store:
        kept = store.entities.merge(find_key(desk, store, name), find_key(desk, store, into))
        _index(desk, store)
    _report(desk, kept, f"{name} is {kept.name} now, named in {kept.articles:,} articles.")


@entities.command()
@click.argument("key")
@at_the_desk
def split(desk: Desk, key: str) -> None:
    """Take the entity KEY out again of the one it was merged into, and tag their articles again."""
    from slugline.commands.stages import tag_due

    with desk.store() as store:
        store.entities.split(key)
        tag_due(desk, store)
        entity = store.entities.get(key)
        _index(desk, store)
    _report(desk, entity, f"{entity.name} is its own again, named in {entity.articles:,} articles.")


@entities.command()
@click.argument("name")
@click.argument("new_name")
@at_the_desk
def rename(desk: Desk, name: str, new_name: str) -> None:
    """Give the entity NAME the name NEW_NAME; its key stays, the old name becomes an alias."""
    with desk.store() as store:
        renamed = store.entities.rename(find_key(desk, store, name), new_name)
        _index(desk, store)
    _report(desk, renamed, f"{renamed.key} is called {renamed.name} now.")


@entities.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Show it again.")
@at_the_desk
def hide(desk: Desk, name: str, undo: bool) -> None:
    """Keep the entity NAME out of all lists, filters and exports."""
    with desk.store() as store:
        entity = store.entities.hide(find_key(desk, store, name), hidden=not undo)
        _index(desk, store)
    _report(desk, entity, f"{entity.name} is {'shown again' if undo else 'hidden'}.")


def find_key(desk: Desk, store: Store, name: str) -> str:
    """Return the key of an entity by key, name or alias; raises NotFoundError."""
    keys = store.entities.find(name)
    if not keys:
        raise NotFoundError(
            f"There is no entity {name!r}; `slugline entities list --begins` looks for names."
        )
    if len(keys) > 1:
        desk.say(f"{name!r} can be {', '.join(keys)}; taken: {keys[0]}.")
    return keys[0]


def _index(desk: Desk, store: Store) -> None:
    from slugline import pipeline

    with desk.engine() as engine:
        pipeline.catch_up(store, engine)


def _report(desk: Desk, entity: Entity, text: str) -> None:
    desk.report(dataclasses.asdict(entity), text)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) if lines else "There are none."
