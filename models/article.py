"""An article: as a source brings it (`Entry`) and as the store keeps it (`Article`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

ID_DIGITS = 20
"""Length of an article id: 80 bits, so that a billion articles collide with a chance below 1e-6."""


def article_id(key: str) -> str:
    """Return the id of the article with this canonical URL, or whatever else it is known by."""
    return hashlib.sha256(key.encode()).hexdigest()[:ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed or archive tells it: cleaned, but not yet known to the store.

    `url` is the link as given, `canonical_url` the one that stands for the article (equal for
    every way to the same page). `title`, `summary` and `body` are plain text. `original` is the
    summary as it came where cleaning changed it, else "". `published` is aware and in UTC, None
    where the source gives no date that can be believed; `published_doubt` then says why. `source`
    is the publisher's name, `feed` the feed's URL, `language` what the feed claims (not what is
    detected), `section` the part of the publication that the link or a category names.
    """

    url: str
    canonical_url: str
    title: str
    summary: str = ""
    published: datetime | None = None
    feed: str = ""
    source: str = ""
    guid: str = ""
    section: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    body: str = ""
    original: str = ""
    published_doubt: str = ""

    @property
    def id(self) -> str:
        """The article's id: a stable hash of its canonical URL, or of guid and feed without one."""
        return article_id(self.canonical_url or f"{self.feed}\n{self.guid}")

    @property
    def content_hash(self) -> str:
        """A hash of what a reader would see; a different one makes a new version."""
        text = "\x1f".join((self.title, self.summary, self.body))
        return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that could not be taken: where it stood (file and entry) and why, for a person."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the store keeps it; texts as in `Entry`, times aware and in UTC.

    `version` counts from 1. `language` is the detected one (ISO 639-1), "" until tagged.
    `duplicate_of` is the id of the leader of its group of duplicates, or None.
    """

    id: str
    url: str
    title: str
    summary: str
    body: str
    source: str
    feed: str
    section: str
    language: str
    published: datetime | None
    fetched: datetime
    version: int
    duplicate_of: str | None = None
    categories: tuple[str, ...] = ()
    published_doubt: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that repeats another, as it is named under that one."""

    id: str
    url: str
    source: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier state of an article; `number` counts from 1, `seen` is when it was stored."""

    number: int
    title: str
    summary: str
    body: str
    seen: datetime
