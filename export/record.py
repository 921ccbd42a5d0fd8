"""The record that is exported for one article, under the names of the export contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from models.addresses import outside_link
from models.article import Version
from models.batches import batches
from models.local_names import local_name
from models.stories import StoryName
from models.tags import EntityCount, Mention, Provenance, TaggedArticle
from models.wikidata import wikidata

BATCH = 500
_UNKNOWN = Provenance()


@dataclass(frozen=True, slots=True)
class Record:
    """An article with its tags, mentions and earlier versions, and where its tags come from."""

    tagged: TaggedArticle
    mentions: tuple[Mention, ...]
    versions: tuple[Version, ...]
    provenance: Provenance = _UNKNOWN


class Articles(Protocol):
    """Where articles are read from; the store's article repository."""

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        """Return articles with their tags, in the order of the ids."""

    def versions_of(self, ids: Sequence[str]) -> dict[str, tuple[Version, ...]]:
        """Return the earlier versions of those articles that have any."""


class Mentions(Protocol):
    """Where mentions are read from; the store's tag repository."""

    def mentions(self, ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        """Return the mentions of articles."""

    def provenance(self, ids: Sequence[str]) -> dict[str, Provenance]:
        """Return where the tags of articles come from."""


def records(ids: Iterable[str], articles: Articles, mentions: Mentions) -> Iterator[Record]:
    """Yield the records of articles in the order of their ids, a batch in memory at a time."""
    for batch in batches(ids, BATCH):
        said = mentions.mentions(batch)
        earlier = articles.versions_of(batch)
        origins = mentions.provenance(batch)
        for tagged in articles.tagged(batch):
            article_id = tagged.article.id
            yield Record(
                _in_its_language(_linked(tagged)),
                said.get(article_id, ()),
                earlier.get(article_id, ()),
                origins.get(article_id, _UNKNOWN),
            )


def tagged(ids: Iterable[str], articles: Articles) -> Iterator[TaggedArticle]:
    """Yield articles with their tags alone, a batch in memory at a time."""
    for batch in batches(ids, BATCH):
        yield from map(_in_its_language, articles.tagged(batch))


def _in_its_language(tagged: TaggedArticle) -> TaggedArticle:
    """Return an article whose entities are called as its language calls them: Rosja in Polish."""
    language = tagged.article.language
    named = tuple(
        replace(entity, name=local_name(entity.key, entity.name, language))
        for entity in tagged.entities
    )
    return replace(tagged, entities=named) if named != tagged.entities else tagged


def _linked(tagged: TaggedArticle) -> TaggedArticle:
    """Return an article without addresses that are not web pages, as strangers may send them."""
    article = tagged.article
    url, feed = outside_link(article.url), outside_link(article.feed)
    if url == article.url and feed == article.feed:
        return tagged
    return replace(tagged, article=replace(article, url=url, feed=feed))


def as_row(record: Record) -> dict[str, Any]:
    """Return a record under the keys of the export contract; absent values are null or empty.

    Offsets of mentions count characters (code points) of the field as it stands in the row. `lists`
    is there only where a list is exported.
    """
    article = record.tagged.article
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "source": article.source,
        "feed": article.feed,
        "section": article.section,
        "categories": list(article.categories),
        "language": article.language or None,
        "published": iso(article.published),
        "fetched": iso(article.fetched),
        "topics": [
            {"slug": topic.slug, "score": round(topic.score, 4), "origin": topic.origin}
            for topic in record.tagged.topics
        ],
        "cluster": record.tagged.cluster or None,
        "story": story(record.tagged.story),
        "entities": [_entity(entity) for entity in record.tagged.entities],
        "mentions": [
            {
                "field": mention.field,
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "label": mention.label,
                "key": mention.entity.key if mention.entity else None,
                "origin": mention.origin,
            }
            for mention in record.mentions
        ],
        "duplicate_of": article.duplicate_of,
        "version": article.version,
        "versions": versions(record),
        "corrections": corrections(record),
        "guid": record.provenance.guid or None,
        "models": record.provenance.models or None,
        **list_notes(record),
    }


def _entity(entity: EntityCount) -> dict[str, Any]:
    """Return an entity of a row; its item in Wikidata is there only where it is known."""
    item = wikidata(entity.key)
    return {
        "name": entity.name,
        "type": entity.type,
        "key": entity.key,
        "count": entity.count,
        "origin": entity.origin,
        **({"wikidata": item} if item else {}),
    }


def list_notes(record: Record) -> dict[str, Any]:
    """Return what the list that is exported says of an article, under `lists`; else nothing."""
    said = [
        {
            "list": note.list,
            "kind": note.kind,
            "note": note.note,
            "tags": list(note.tags),
            "quote": note.quote,
        }
        for note in record.provenance.lists
    ]
    return {"lists": said} if said else {}


def note_lines(record: Record) -> list[str]:
    """Return the notes of a record as plain lines: “passage”: note [tag, tag]."""
    lines = []
    for each in record.provenance.lists:
        quote = f"\N{LEFT DOUBLE QUOTATION MARK}{each.quote}\N{RIGHT DOUBLE QUOTATION MARK}"
        said = ": ".join(filter(None, (quote if each.quote else "", each.note)))
        tags = f"[{', '.join(each.tags)}]" if each.tags else ""
        lines.append(" ".join(f"{said} {tags}".split()))
    return [line for line in lines if line]


def story(name: StoryName | None) -> dict[str, str] | None:
    """Return the story of a row."""
    return {"id": name.id, "name": name.name} if name else None


def versions(record: Record, *, text: bool = True) -> list[dict[str, Any]]:
    """Return the earlier versions of a row, with or without their summaries."""
    return [
        {
            "number": version.number,
            "title": version.title,
            **({"summary": version.summary} if text else {}),
            "seen": iso(version.seen),
        }
        for version in record.versions
    ]


def corrections(record: Record) -> dict[str, Any]:
    """Return what people said of the tags of a row."""
    said = record.provenance
    return {
        "topics": [{"slug": slug, "fits": fits} for slug, fits in said.topics],
        "mentions": said.reviewed,
    }


def iso(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, or None."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
