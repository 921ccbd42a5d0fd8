"""What an engine is told of an article: its fields, and how an article becomes a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from models.rules import MUTED
from models.tags import TaggedArticle
from search.query.fields import TEXT_FIELDS

__all__ = ["EPOCH", "TEXT_FIELDS", "UNDATED", "Document", "host_of", "to_document", "to_micros"]

UNDATED = -(2**62)
"""Stands for a missing date where times are microseconds: before all that has one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine is told of one article.

    `entities` are (key, name, type) triples: keys are filtered by, names are searched.
    `leader` is the id of the article that this one repeats, or "".
    """

    id: str
    title: str
    summary: str
    body: str
    source: str
    host: str
    feed: str
    section: str
    language: str
    published: datetime | None
    topics: tuple[str, ...]
    entities: tuple[tuple[str, str, str], ...]
    cluster: str = ""
    story: str = ""
    leader: str = ""


def to_document(tagged: TaggedArticle) -> Document:
    """Return what an engine is told of an article."""
    article = tagged.article
    return Document(
        id=article.id,
        title=article.title,
        summary=article.summary,
        body=article.body,
        source=article.source,
        host=host_of(article.url),
        feed=article.feed,
        section=article.section,
        language=article.language,
        published=article.published,
        topics=(*(topic.slug for topic in tagged.topics), *((MUTED,) if tagged.muted else ())),
        entities=tuple((entity.key, entity.name, entity.type) for entity in tagged.entities),
        cluster=tagged.cluster,
        story=tagged.story.id if tagged.story else "",
        leader=article.duplicate_of or "",
    )


def host_of(url: str) -> str:
    """Return the host of a link, "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # not every link is an address
        return ""


def to_micros(moment: datetime | None) -> int:
    """Return a moment as microseconds since 1970, `UNDATED` for None."""
    return UNDATED if moment is None else (moment - EPOCH) // timedelta(microseconds=1)
