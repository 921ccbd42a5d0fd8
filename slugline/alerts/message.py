"""The message of an alert, as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from models.alerts import Alert, Match, Watched
from models.tags import TaggedArticle

LONGEST_TITLE, LONGEST_SUMMARY = 300, 500
TEST = "This is a test. Alerts of Slugline arrive here."


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One match with its article, None for an event or an article that is gone since."""

    match: Match
    article: TaggedArticle | None


@dataclass(frozen=True, slots=True)
class Section:
    """What one alert tells; of `total` matches `items` holds the newest."""

    alert: Alert
    items: tuple[MessageItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message. `key` names it at every attempt, `pages` is the address of our pages."""

    key: str
    made: datetime
    sections: tuple[Section, ...] = ()
    pages: str = ""

    @property
    def test(self) -> bool:
        """Whether it only says that it is a test."""
        return not self.sections


def subject_of(message: Message) -> str:
    """Return one line that says what a message is about."""
    if message.test:
        return "Slugline: test of an alert"
    names = ", ".join(section.alert.name for section in message.sections[:3])
    names += ", …" if len(message.sections) > 3 else ""
    total = sum(section.total for section in message.sections)
    (first, *_) = message.sections
    if total == 1 and first.items:
        return _line(f"{first.alert.name}: {_headline(first.items[0])}")
    return _line(f"{names}: {total:,} new")


def as_text(message: Message) -> str:
    """Return a message as plain text."""
    return TEST + "\n" if message.test else "\n".join(_lines(message)) + "\n"


def _lines(message: Message) -> Iterator[str]:
    for section in message.sections:
        if len(message.sections) > 1:
            yield f"== {_line(section.alert.name)} =="
            yield ""
        for item in section.items:
            yield _headline(item)
            if item.article:
                article = item.article.article
                when = f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else ""
                yield "  " + ", ".join(filter(None, (_line(article.source), when)))
                if item.match.words:
                    yield f"  Names: {_line(item.match.words)}"
                yield f"  {article.url}"
                if page := _page(message, article.id):
                    yield f"  {page}"
            yield ""
        if section.total > len(section.items):
            yield f"… and {section.total - len(section.items):,} more."
            yield ""
    if message.pages:
        yield f"Change or end your alerts: {message.pages.rstrip('/')}/alerts"


def as_json(message: Message) -> dict[str, Any]:
    """Return a message as the body of a webhook."""
    return {
        "type": "alert.test" if message.test else "alert",
        "id": message.key,
        "timestamp": message.made.isoformat(),
        "alerts": [
            {
                "number": section.alert.number,
                "name": section.alert.name,
                "watches": section.alert.watches.value,
                "total": section.total,
                "articles": [
                    _article(message, item) for item in section.items if item.article is not None
                ],
                "events": [
                    {"id": item.match.subject, "text": item.match.words}
                    for item in section.items
                    if section.alert.watches is Watched.SOURCE
                ],
            }
            for section in message.sections
        ],
    }


def _article(message: Message, item: MessageItem) -> Mapping[str, Any]:
    assert item.article  # noqa: S101 - the caller left the others out
    article = item.article.article
    return {
        "id": article.id,
        "title": article.title[:LONGEST_TITLE],
        "summary": article.summary[:LONGEST_SUMMARY],
        "url": article.url,
        "page": _page(message, article.id) or None,
        "source": article.source,
        "language": article.language or None,
        "published": article.published.isoformat() if article.published else None,
        "topics": [topic.slug for topic in item.article.topics],
        "story": item.article.story.id if item.article.story else None,
        "names": item.match.words.split(", ") if item.match.words else [],
    }


def _page(message: Message, article_id: str) -> str:
    if not message.pages:
        return ""
    return f"{message.pages.rstrip('/')}/articles/{quote(article_id)}"


def _headline(item: MessageItem) -> str:
    return _line(item.article.article.title if item.article else item.match.words)


def _line(text: str) -> str:
    """Return text as one line without anything that could begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_TITLE]
