"""`slugline entities`: list, inspect and correct entities."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from models.errors import NotFoundError
from models.tags import ENTITY_TYPES
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.tags import Entity
    from nlp.entities.doubtful import Doubt
    from store.store import Store

MOST_LOOKED_AT = 50_000
"""So many of the most named entities are looked at for doubts."""
MOST_NEIGHBOURS = 10
"""So many of the entities that go best with one are shown."""


@click.group()
def entities() -> None:
    """List entities, and merge, rename or hide them. Your decisions outlast re-tagging."""


@entities.command("list")
@click.option("--type", "kind", type=click.Choice(ENTITY_TYPES), help="Only entities of this type.")
@click.option("--begins", default="", help="Only entities whose name begins with this text.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@command
def list_entities(context: Context, kind: str | None, begins: str, limit: int) -> None:
    """List the entities named in most articles."""
    with context.store() as store:
        found = store.entities.top(kind or "", limit, begins=begins)
        total = store.entities.count(kind or "", begins)
    lines = [f"{e.articles:>8,}  {e.type:<8} {e.name}  ({e.key})" for e in found]
    if total > len(found):
        lines.append(f"{len(found):,} of {total:,}; --limit shows more.")
    context.report(
        {"total": total, "entities": [dataclasses.asdict(e) for e in found]}, _joined(lines)
    )


@entities.command()
@click.argument("name")
@command
def show(context: Context, name: str) -> None:
    """Show one entity, by its key, its name or an alias."""
    from models.wikidata import wikidata
    from nlp.association import companions
    from nlp.entities.related import related_keys

    with context.store() as store:
        entity = store.entities.get(find_key(context, store, name))
        related = store.entities.known(related_keys(entity.key))
        neighbours = store.entities.neighbours(entity.key)
        articles = store.articles.count()
    ranked = companions(neighbours, entity.articles, articles, MOST_NEIGHBOURS)
    facts: dict[str, Any] = dataclasses.asdict(entity)
    facts["wikidata"] = wikidata(entity.key) or None
    facts["related"] = [
        {"key": other.key, "name": other.name, "type": other.type, "articles": other.articles}
        for other in related
    ]
    facts["neighbours"] = [
        {
            "key": other.key,
            "name": other.name,
            "type": other.type,
            "articles": other.articles,
            "together": other.together,
            "weight": round(other.strength, 1),
        }
        for other in ranked
    ]
    lines = [
        f"{entity.name} ({entity.type}), key {entity.key}" + (" - hidden" if entity.hidden else ""),
        f"mentioned in {entity.articles:,} articles",
        *([f"also: {', '.join(entity.aliases)}"] if entity.aliases else []),
        *([f"country: {entity.country}"] if entity.country else []),
        *([f"Wikidata: {facts['wikidata']}"] if facts["wikidata"] else []),
        *([f"related: {', '.join(f'{e.name} ({e.key})' for e in related)}"] if related else []),
        *(["named together with, the strongest association first:"] if ranked else []),
        *(f"{other.together:>8,}  {other.name} ({other.key})" for other in ranked),
    ]
    context.report(facts, _joined(lines))


@entities.command()
@click.argument("name")
@click.argument("into")
@command
def merge(context: Context, name: str, into: str) -> None:
    """Merge the entity NAME into INTO, now and in all later tagging."""
    with context.store() as store:
        other = find_key(context, store, into)
        store.corrections.merge(find_key(context, store, name), other, who=whoami())
        kept = store.entities.get(other)
        context.update_index(store)
    _report(context, kept, f"{name} is now {kept.name}, mentioned in {kept.articles:,} articles.")


@entities.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--refuse", nargs=2, metavar="KEY OTHER", help="Say that these two are not one.")
@click.option("--ask", is_flag=True, help="Decide one after the other, each with one key.")
@command
def doubtful(context: Context, limit: int, refuse: tuple[str, str] | None, ask: bool) -> None:
    """List entities that are likely one, or of a wrong type, the most telling first.

    `slugline entities merge KEY INTO` accepts a proposal; what was refused is not proposed again.
    """
    from web.corrections.doubtful import doubtful as find_doubtful

    with context.store() as store:
        if refuse:
            key, other = refuse
            store.corrections.refuse_merge(
                find_key(context, store, key), find_key(context, store, other), who=whoami()
            )
        found = find_doubtful(store, most=MOST_LOOKED_AT)
        if ask:
            _decide(context, store, found[:limit])
            return
    facts = [
        {"key": d.entity.key, "into": d.into.key, "reason": d.reason, "articles": d.entity.articles}
        for d in found[:limit]
    ]
    lines = [_doubt_line(doubt) for doubt in found[:limit]]
    if len(found) > limit:
        lines.append(f"{limit:,} of {len(found):,}; --limit shows more.")
    context.report(
        {"total": len(found), "doubtful": facts}, "\n".join(lines) or "No doubtful entities."
    )


def _doubt_line(doubt: Doubt) -> str:
    entity, into = doubt.entity, doubt.into
    return (
        f"{entity.articles:>8,}  {entity.name} ({entity.key}) is perhaps "
        f"{into.name} ({into.key}): {doubt.reason}"
    )


def _decide(context: Context, store: Store, found: Sequence[Doubt]) -> None:
    """Ask about one proposal after the other: y merges, n refuses, s skips, q ends."""
    merged: dict[str, str] = {}
    refused = 0
    for doubt in found:
        if doubt.entity.key in merged or doubt.into.key in merged:
            continue
        click.echo(_doubt_line(doubt), err=True)
        click.echo("Merge? [y]es, [n]o and never ask again, [s]kip, [q]uit ", nl=False, err=True)
        answer = click.getchar().lower()
        click.echo(answer if answer.isprintable() else "", err=True)
        if answer == "y":
            store.corrections.merge(doubt.entity.key, doubt.into.key, who=whoami())
            merged[doubt.entity.key] = doubt.into.key
        elif answer == "n":
            store.corrections.refuse_merge(doubt.entity.key, doubt.into.key, who=whoami())
            refused += 1
        elif answer in {"q", "\x03", "\x04", ""}:
            break
    if merged:
        context.update_index(store)
    context.report(
        {"merged": merged, "refused": refused}, f"{len(merged)} merged, {refused} refused."
    )


@entities.command()
@click.argument("key")
@command
def split(context: Context, key: str) -> None:
    """Undo a merge: separate the entity KEY again, and re-tag the articles of both."""
    from slugline.commands.stages import tag_due

    with context.store() as store:
        store.corrections.split(key, who=whoami())
        tag_due(context, store)
        entity = store.entities.get(key)
        context.update_index(store)
    _report(
        context,
        entity,
        f"{entity.name} is separate again, mentioned in {entity.articles:,} articles.",
    )


@entities.command()
@click.argument("name")
@click.argument("new_name")
@command
def rename(context: Context, name: str, new_name: str) -> None:
    """Give the entity NAME the name NEW_NAME; its key stays, the old name becomes an alias."""
    with context.store() as store:
        key = find_key(context, store, name)
        store.corrections.rename(key, new_name, who=whoami())
        renamed = store.entities.get(key)
        context.update_index(store)
    _report(context, renamed, f"{renamed.key} is now called {renamed.name}.")


@entities.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Show it again.")
@command
def hide(context: Context, name: str, undo: bool) -> None:
    """Hide the entity NAME from all lists, filters and exports."""
    with context.store() as store:
        key = find_key(context, store, name)
        store.corrections.hide(key, hidden=not undo, who=whoami())
        entity = store.entities.get(key)
        context.update_index(store)
    _report(context, entity, f"{entity.name} is {'shown again' if undo else 'hidden'}.")


@entities.command()
@click.argument("name")
@click.argument("kind", metavar="TYPE", type=click.Choice(ENTITY_TYPES))
@command
def retype(context: Context, name: str, kind: str) -> None:
    """Say that the entity NAME is of another TYPE; its key stays."""
    with context.store() as store:
        key = find_key(context, store, name)
        store.corrections.retype(key, kind, who=whoami())
        entity = store.entities.get(key)
        context.update_index(store)
    _report(context, entity, f"{entity.name} is of the type {entity.type}.")


def find_key(context: Context, store: Store, name: str) -> str:
    """Return the key of an entity by key, name or alias; raises NotFoundError."""
    keys = store.entities.find(name)
    if not keys:
        raise NotFoundError(
            f"There is no entity {name!r}. To find names: slugline entities list --begins TEXT"
        )
    if len(keys) > 1:
        context.say(f"{name!r} is ambiguous ({', '.join(keys)}); using {keys[0]}.")
    return keys[0]


def _report(context: Context, entity: Entity, text: str) -> None:
    context.report(dataclasses.asdict(entity), text)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) if lines else "No entities."
