"""The columns of a dataset row: their order, their types, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from export.nearest import nearest
from models.errors import UsageError


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `kind` is text, texts, time, integer or nested.

    `rights` says that what is in it belongs to the publisher and leaves only where asked for.
    """

    name: str
    kind: str
    meaning: str
    rights: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("id", "text", "stable id of the article, 20 hexadecimal digits"),
    Column("url", "text", "the article's address"),
    Column("title", "text", "the headline"),
    Column("summary", "text", "the summary that the publisher's feed gives", rights=True),
    Column("body", "text", "the full text, where it was fetched", rights=True),
    Column("source", "text", "the publisher's name"),
    Column("feed", "text", "address of the feed that brought the article"),
    Column("section", "text", "the part of the publication"),
    Column("categories", "texts", "categories that the publisher gives"),
    Column("language", "text", "detected language, ISO 639-1"),
    Column("published", "time", "when the article was published, UTC"),
    Column("fetched", "time", "when this version was fetched, UTC"),
    Column("topics", "nested", "topics, the best first: slug, score from 0 to 1, origin"),
    Column("cluster", "text", "id of the cluster that the article falls into"),
    Column("story", "nested", "the story that the article belongs to: id, name"),
    Column("entities", "nested", "entities, the most often named first"),
    Column("mentions", "nested", "spans that name something; offsets in characters of their field"),
    Column("duplicate_of", "text", "id of the article that this one repeats"),
    Column("version", "integer", "number of this version, counted from 1"),
    Column("versions", "nested", "earlier versions"),
    Column("corrections", "nested", "what people said of the article's topics and mentions"),
    Column("guid", "text", "the feed's own id of the article"),
    Column("models", "text", "versions of the models that tagged the article"),
)
NAMES = tuple(column.name for column in COLUMNS)
LISTS = Column("lists", "nested", "what the exported list says of the article, with its notes")
"""The column that is there as well where a list is exported."""
MEANINGS = {column.name: column.meaning for column in (*COLUMNS, LISTS)}
TEXTS = tuple(column.name for column in COLUMNS if column.rights)
"""Columns that leave only where they are asked for."""
CSV_COLUMNS = (
    *("id", "url", "title", "summary", "source", "feed", "section", "language", "published"),
    *("fetched", "topics", "topic_scores", "cluster", "persons", "orgs", "places"),
    *("other_entities", "duplicate_of", "version"),
)
"""The columns of a spreadsheet, whose cells hold one value or a list joined by semicolons."""
CSV_NOTES = ("notes", "note_tags")
"""Its columns that are there as well where a list is exported."""
CSV_MEANINGS = {
    "notes": "notes of the exported list, a line each, passages in quotation marks before theirs",
    "note_tags": "tags that the list gives",
    "topics": "slugs of the topics, the best first",
    "topic_scores": "their scores, from 0 to 1",
    "persons": "people that are named, the most often named first",
    "orgs": "organisations that are named",
    "places": "places that are named",
    "other_entities": "groups, events, products, works and laws that are named",
}


def chosen_columns(
    asked: Sequence[str], there: Sequence[str], *, kept_back: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the columns to write, in the order asked for, all there are where none is named.

    `kept_back` are those that only `--text` lets out. Raises UsageError naming the nearest column.
    """
    if not asked:
        return tuple(name for name in there if name not in kept_back)
    for name in asked:
        if name in kept_back:
            raise UsageError(
                f"The column {name} holds texts of publishers; it is only exported with texts."
            )
        if name not in there:
            raise UsageError(
                f"There is no column {name!r}; there are {', '.join(there)}.{nearest(name, there)}"
            )
    return tuple(dict.fromkeys(asked))
