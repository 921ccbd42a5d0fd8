"""Turns raw entries into articles: every entry becomes an `Entry`, or a `Rejection` with a reason.

Every rule about what is fit to be an article stands here, so that a feed, a JSON file and a
Markdown file can't differ in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from sys import getsizeof

from ingest.boilerplate import without_boilerplate
from ingest.clean import MAX_NAME, MAX_TEXT, MAX_TITLE, capped, plain, plain_title
from ingest.dates.parse import AmbiguousDateError, doubt, read_date
from ingest.parsed_source import ParsedSource
from ingest.parsing.limits import CHUNK, MAX_REMARKS, Budget, why_failed
from ingest.same_page import separate_entries
from ingest.section import section_of
from ingest.urls import MAX_URL, canonical_url, is_web_address, tidy
from models.article import Entry, Rejection
from models.feed import Feed

MAX_CATEGORIES = 30
"""Categories of one entry that are kept, each up to `MAX_CATEGORY` characters."""
MAX_CATEGORY = 100
MAX_GUID = 4_096
MAX_LANGUAGE = 35
STAND_IN_TITLE = 80
"""Characters of a text that stand in for a missing title."""
STAND_IN = 1_000
"""Characters of a text that stand in for a summary where a feed gives only the whole text."""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as its source gives it, neither cleaned nor checked.

    `guid` alone may stand in for `link`. `where` names the place for a person. `later_dates` are
    the entry's other dates, used where `date` can't be believed; `day_first` says how its feed
    means 04/05/2023, None where nothing tells.
    """

    where: str
    link: str = ""
    title: str = ""
    description: str = ""
    date: str | datetime | None = None
    guid: str = ""
    body: str = ""
    language: str = ""
    source: str = ""
    feed: str = ""
    categories: tuple[str, ...] = ()
    later_dates: tuple[str, ...] = ()
    day_first: bool | None = None


@dataclass(slots=True)
class Intake:
    """Collects the entries of one source, the rejections, and the notes on altered entries.

    With `dates_are_sure` an entry with an unreadable date is rejected: in an archive, which a
    program wrote, it means damage. In a feed it is a common mistake, and the entry is kept.
    """

    dates_are_sure: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    entries: list[Entry] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[Rejection] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    seen: int = 0
    cut: bool = False
    _rejected: int = 0
    _noted: int = 0
    _unlisted: int = 0
    _size: int = 0

    def reject(self, where: str, reason: str) -> None:
        """Keep a rejection with its reason; beyond `MAX_REMARKS` only count it."""
        self._rejected += 1
        if self._rejected <= MAX_REMARKS:
            self.rejections.append(Rejection(where, reason))
        else:
            self._unlisted += 1

    def note(self, where: str, remark: str) -> None:
        """Keep a note on an entry that was accepted with alterations."""
        self._noted += 1
        if self._noted <= MAX_REMARKS:
            self.notes.append(Rejection(where, remark))

    def parsed(self, name: str, feed: Feed) -> ParsedSource:
        """Return what was collected since the last call, as a parsed source, and start anew."""
        if self._unlisted:
            more = f"has {self._unlisted:,} more that can't be taken; these are not listed"
            self.notes.append(Rejection(name, more))
        part = ParsedSource(
            *(name, feed, tuple(separate_entries(self.entries))),
            *(tuple(self.rejections), tuple(self.notes)),
            unlisted=self._unlisted,
            cut=self.cut,
        )
        self.entries, self.rejections, self.notes = [], [], []
        self._unlisted = self._size = 0
        return part

    @property
    def is_full(self) -> bool:
        """Whether enough was collected to be handed on with `parsed`."""
        return self._size > CHUNK

    def stops(self, name: str) -> bool:
        """Say whether the budget is used up, and keep a rejection that says so."""
        why = self.budget.exceeded(self.seen)
        if why:
            self.rejections.append(Rejection(name, f"is not read to its end: {why}"))
        self.seen += 1
        return bool(why)

    def objects(
        self, items: Iterable[object], name: str
    ) -> Iterator[tuple[Mapping[str, object], str]]:
        """Yield the objects of a JSON list and where each stands, while more are to be read.

        What is not an object is rejected.
        """
        for n, item in enumerate(items, 1):
            if self.stops(name):
                return
            where = f"{name}, item {n}"
            if isinstance(item, dict):
                yield item, where
            else:
                self.reject(where, "is not an item")

    def take(self, raw: RawEntry, source: str = "", language: str = "") -> None:
        """Clean `raw` and keep it as an entry, or reject it with the reason.

        `source` is the publisher's name where that is known better than by the entry, `language`
        what is claimed where the entry claims nothing. Whatever an entry does to its reader is
        told with its place, and costs no other entry.
        """
        try:
            self._take(raw, source, language)
        except Exception as error:
            self.reject(raw.where, why_failed(error))

    def _take(self, raw: RawEntry, source: str, language: str) -> None:
        """Convert a raw entry, or reject it: for lack of text or link, or for its date."""
        title = plain_title(raw.title) or self._first_words(raw)
        if not title:
            self.reject(raw.where, "has neither title nor text")
            return
        link = tidy(raw.link)
        if not link and is_web_address(raw.guid):
            link = tidy(raw.guid)
        if not link and not raw.guid:
            self.reject(raw.where, f"has no link: {capped(title, 80)!r}")
            return
        canonical = canonical_url(link)
        if link and not canonical:
            shown = capped(link, 80)
            self.reject(raw.where, f"has a link that is not a web address: {shown!r}")
            return
        published, doubted = self._date(raw)
        if published is None and doubted and self.dates_are_sure:
            self.reject(raw.where, f"{doubted} ({capped(title, 80)!r})")
            return
        if doubted:
            self.note(raw.where, f"{doubted}, which is not believed: {capped(title, 80)!r}")
        summary, original, body = _summary_and_text(plain(raw.description), raw)
        summary = without_boilerplate(summary, title)
        categories = _categories(raw.categories)
        entry = Entry(
            url=link,
            canonical_url=canonical,
            title=self._cap(title, MAX_TITLE, raw.where, "title"),
            summary=self._cap(summary, MAX_TEXT, raw.where, "summary"),
            published=None if doubted else published,
            feed=feed_address(raw.feed),
            source=source or plain_title(raw.source)[:MAX_NAME],
            guid=_storable(raw.guid)[:MAX_GUID],
            section=section_of(link),
            language=claimed_language(raw.language or language),
            categories=categories,
            body=self._cap(body, MAX_TEXT, raw.where, "text"),
            original=""
            if original == summary
            else self._cap(_storable(original), MAX_TEXT, raw.where, "raw summary"),
            published_doubt=doubted,
        )
        self._size += _size(entry)
        self.entries.append(entry)

    def _first_words(self, raw: RawEntry) -> str:
        """Return what stands in for a missing title: posts of Mastodon and the like have none."""
        words = capped(plain(raw.description or raw.body), STAND_IN_TITLE)
        if words:
            self.note(raw.where, f"has no title; its first words stand in for it: {words!r}")
        return words

    def _date(self, raw: RawEntry) -> tuple[datetime | None, str]:
        """Return the first plausible date of an entry, or why its first date is not plausible."""
        first: tuple[datetime | None, str] | None = None
        for date in (raw.date, *raw.later_dates):
            found = self._read_date(date, raw)
            if found[0] is not None and not found[1]:
                return found
            first = first or (found if date else None)
        return first or (None, "")

    def _read_date(self, date: str | datetime | None, raw: RawEntry) -> tuple[datetime | None, str]:
        if date is None or isinstance(date, datetime):
            return date, doubt(date, self.now) if date else ""
        try:
            published = read_date(date, language=raw.language)
        except AmbiguousDateError:
            shown = capped(plain(date), 80)
            if raw.day_first is None:
                return None, f"has a date that can be read two ways: {shown!r}"
            published = read_date(date, day_first=raw.day_first, language=raw.language)
            order = "day" if raw.day_first else "month"
            self.note(raw.where, f"has a date that was read with the {order} first: {shown!r}")
        except ValueError:
            return None, f"has an unreadable date: {capped(plain(date), 80)!r}"
        return published, doubt(published, self.now) if published else ""

    def _cap(self, text: str, limit: int, where: str, name: str) -> str:
        if len(text) <= limit:
            return text
        self.note(where, f"has a {name} of {len(text):,} characters, cut at {limit:,}")
        return capped(text, limit)


def _summary_and_text(summary: str, raw: RawEntry) -> tuple[str, str, str]:
    """Return summary, what it was before cleaning, and text, where feeds give one for both.

    A short text is the summary; the beginning of a long one stands in for a missing summary.
    """
    body = plain(raw.body) if raw.body else ""
    if not body or (summary and body != summary):
        return summary, raw.description, body
    if len(body) <= STAND_IN:
        return body, raw.body, ""
    stand_in = capped(body, STAND_IN)
    return stand_in, stand_in, body


def text_of(holder: Mapping[str, object], key: str) -> str:
    """Return a value that is a text, "" for any other and where there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def texts_in(value: object) -> tuple[str, ...]:
    """Return the texts of a list, none where it is not a list."""
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def feed_address(url: str) -> str:
    """Return the URL of a feed without characters that a database refuses, and cut to a length."""
    return _storable(url.strip())[:MAX_URL]


def claimed_language(code: str) -> str:
    """Return the language that a source claims, cleaned and cut to a length."""
    return plain(code)[:MAX_LANGUAGE]


def _categories(names: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (capped(plain(name), MAX_CATEGORY) for name in names[: 4 * MAX_CATEGORIES])
    return tuple(dict.fromkeys(name for name in cleaned if name))[:MAX_CATEGORIES]


def _size(entry: Entry) -> int:
    """Return about how many bytes an entry takes."""
    texts = (entry.title, entry.summary, entry.body, entry.original, entry.url, entry.guid)
    return 1_000 + sum(getsizeof(text) for text in texts)


def _storable(text: str) -> str:
    """Return `text` without what no database takes: NUL and half surrogate pairs."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-8", "ignore").decode().replace("\0", "")
