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
    """What one alert tells; of `total` matches `told` has the newest."""

    alert: Alert
    told: tuple[MessageItem, ...]
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
    if total == 1 and first.told:
        return _line(f"{first.alert.name}: {_headline(first.told[0])}")
    return _line(f"{names}: {total:,} new")


def as_text(message: Message) -> str:
    """Return a message as plain text."""
    return TEST + "\n" if message.test else "\n".join(_lines(message)) + "\n"


def _lines(message: Message) -> Iterator[str]:
    for section in message.sections:
        if len(message.sections) > 1:
            yield f"== {_line(section.alert.name)} =="
            yield ""
        for told in section.told:
            yield _headline(told)
            if told.article:
                article = told.article.article
                when = f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else ""
                yield "  " + ", ".join(filter(None, (_line(article.source), when)))
                if told.match.words:
                    yield f"  Names: {_line(told.match.words)}"
                yield f"  {article.url}"
                if page := _page(message, article.id):
                    yield f"  {page}"
            yield ""
        if section.total > len(section.told):
            yield f"… and {section.total - len(section.told):,} more."
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
                    _article(message, told) for told in section.told if told.article is not None
                ],
                "events": [
                    {"id": told.match.subject, "text": told.match.words}
                    for told in section.told
                    if section.alert.watches is Watched.SOURCE
                ],
            }
            for section in message.sections
        ],
    }


def _article(message: Message, told: MessageItem) -> Mapping[str, Any]:
    assert told.article  # noqa: S101 - the caller left the others out
    article = told.article.article
    return {
        "id": article.id,
        "title": article.title[:LONGEST_TITLE],
        "summary": article.summary[:LONGEST_SUMMARY],
        "url": article.url,
        "page": _page(message, article.id) or None,
        "source": article.source,
        "language": article.language or None,
        "published": article.published.isoformat() if article.published else None,
        "topics": [topic.slug for topic in told.article.topics],
        "story": told.article.story.id if told.article.story else None,
        "names": told.match.words.split(", ") if told.match.words else [],
    }


def _page(message: Message, article_id: str) -> str:
    if not message.pages:
        return ""
    return f"{message.pages.rstrip('/')}/articles/{quote(article_id)}"


def _headline(told: MessageItem) -> str:
    return _line(told.article.article.title if told.article else told.match.words)


def _line(text: str) -> str:
    """Return text as one line without anything that could begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_TITLE]
