"""The value that each column has of a record, for formats with types of their own.

Times are times, and what is nested is a tuple in the order of its fields (`FIELDS`), None where it
is absent. The rows of JSON (`export.record.as_row`) say the same in keys and texts; a test holds
the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from export.record import Record
from models.wikidata import wikidata

Value = Callable[[Record], Any]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "topics": ("slug", "score", "origin"),
    "story": ("id", "name"),
    "entities": ("name", "type", "key", "count", "origin", "wikidata"),
    "mentions": ("field", "start", "end", "text", "label", "key", "origin"),
    "versions": ("number", "title", "summary", "seen"),
    "corrections": ("topics", "mentions"),
    "lists": ("list", "kind", "note", "tags", "quote"),
}
"""The fields of nested columns."""


def _topics(record: Record) -> list[tuple[Any, ...]]:
    return [(each.slug, round(each.score, 4), each.origin.value) for each in record.tagged.topics]


def _story(record: Record) -> tuple[str, str] | None:
    story = record.tagged.story
    return (story.id, story.name) if story else None


def _entities(record: Record) -> list[tuple[Any, ...]]:
    return [
        (
            *(each.name, each.type, each.key, each.count, each.origin.value),
            wikidata(each.key) or None,
        )
        for each in record.tagged.entities
    ]


def _mentions(record: Record) -> list[tuple[Any, ...]]:
    return [
        (
            *(each.field, each.start, each.end, each.text, each.label),
            each.entity.key if each.entity else None,
            each.origin.value,
        )
        for each in record.mentions
    ]


def _versions(record: Record) -> list[tuple[Any, ...]]:
    return [(each.number, each.title, each.summary, each.seen) for each in record.versions]


def _corrections(record: Record) -> tuple[Any, ...]:
    return list(record.provenance.topics), record.provenance.reviewed


def _lists(record: Record) -> list[tuple[Any, ...]]:
    return [
        (each.list, each.kind.value, each.note, list(each.tags), each.quote)
        for each in record.provenance.lists
    ]


def _or_none(path: str) -> Value:
    value = attrgetter(path)
    return lambda record: value(record) or None


VALUES: Mapping[str, Value] = {
    **{
        name: attrgetter(f"tagged.article.{name}")
        for name in (
            *("id", "url", "title", "summary", "body", "source", "feed", "section", "categories"),
            *("published", "fetched", "duplicate_of", "version"),
        )
    },
    "language": _or_none("tagged.article.language"),
    "cluster": _or_none("tagged.cluster"),
    "guid": _or_none("provenance.guid"),
    "models": _or_none("provenance.models"),
    "topics": _topics,
    "story": _story,
    "entities": _entities,
    "mentions": _mentions,
    "versions": _versions,
    "corrections": _corrections,
    "lists": _lists,
}
"""By column of `export.columns`, `lists` among them."""
