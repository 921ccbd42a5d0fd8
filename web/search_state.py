"""The state of the search page: parsed from the URL, and written back as a canonical URL.

Addresses are canonical: the same question always has the same address, whatever way led to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from flask import request
from werkzeug.datastructures import MultiDict

from search.engine import Sort
from search.query.dates import SWAPPED, read_between, read_date
from search.request import Filters, Request
from web.context import WebSettings, app_context
from web.words import FILTERS

FACETS = ("topic", "person", "org", "place", "source", "lang", "day")
"""What the search page counts hits by."""

LONGEST_VALUE = 200
"""Characters of a filter's value; names are shorter."""

_LISTS = {
    "topic": "topics",
    "entity": "entities",
    "source": "sources",
    "lang": "languages",
    "list": "lists",
}
"""Filters that may have several values, by their names in addresses."""
_JOINED = ("topic", "entity")
"""Filters that must all be met; of the others, any."""

EARLIEST, LATEST = date(1000, 1, 1), date(9998, 12, 31)


Arguments = MultiDict[str, str]
"""The arguments of an address, as the request has them."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """One search, as the search page shows it. `since` and `until` are days, both of them included.

    `sort` is None where the visitor left it open: by relevance if there are words to be relevant
    to, else newest first. `as_typed` finds a name only as it is typed, not in its other spellings.
    `by_story` lists each story once, as its best hit.
    `remarks` tell the visitor what of the address could not be used.
    """

    text: str = ""
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort | None = None
    page: int = 1
    as_typed: bool = False
    by_story: bool = False
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def order(self) -> Sort:
        """The order of the hits."""
        return self.sort or (Sort.RELEVANCE if self.text else Sort.NEWEST)

    @property
    def narrowed(self) -> bool:
        """Whether there is any filter."""
        return bool(self.active())

    def active(self) -> tuple[tuple[str, str], ...]:
        """Return the filters in force as (name in the address, value)."""
        lists = (
            ("topic", self.topics),
            ("entity", self.entities),
            ("source", self.sources),
            ("lang", self.languages),
            ("list", self.lists),
        )
        found = [(name, value) for name, values in lists for value in values]
        days = (("since", self.since), ("until", self.until))
        return (*found, *((name, day.isoformat()) for name, day in days if day))

    def feed_args(self) -> dict[str, str | list[str]]:
        """Return the arguments of the address of this question's feeds: without page and order."""
        return replace(self, page=1, sort=None, by_story=False).args()

    def args(self) -> dict[str, str | list[str]]:
        """Return the arguments of this question's address, in their one order."""
        found: dict[str, str | list[str]] = {}
        if self.text:
            found["q"] = self.text
        for name, value in self.active():
            values = found.setdefault(name, [])
            if isinstance(values, list):
                values.append(value)
        if self.sort and self.sort is not replace(self, sort=None).order:
            found["sort"] = self.sort.value
        if self.as_typed:
            found["spelling"] = "typed"
        if self.by_story:
            found["fold"] = "story"
        if self.page > 1:
            found["page"] = str(self.page)
        return found

    def has(self, name: str, value: str) -> bool:
        """Say whether a filter is active, alone or as one of several alternatives (`a|b`)."""
        return value in self.in_force(name)

    def in_force(self, name: str) -> frozenset[str]:
        """Return the values of a filter that are in force, as they are and as one of several."""
        given = [value for other, value in self.active() if other == name]
        return frozenset(part for value in given for part in _parts(value))

    def toggled(self, name: str, value: str) -> SearchState:
        """Return the question with a filter more, or less where it is in force."""
        if name not in _LISTS:
            return self.between(
                None if name == "since" else self.since, None if name == "until" else self.until
            )
        values = self._values(name)
        kept = tuple(filter(None, (_less(given, value) for given in values)))
        return self._with(name, (*values, value) if kept == values else kept)

    def either(self, name: str, value: str) -> SearchState | None:
        """Return the question for what the last filter of a name asks for, or a value: `a|b`.

        None where there is no such filter, or where filters of that name are alternatives anyway.
        """
        values = self._values(name) if name in _JOINED else ()
        at = max((n for n, given in enumerate(values) if not given.startswith("-")), default=None)
        if at is None or self.has(name, value):
            return None
        return self._with(name, (*values[:at], f"{values[at]}|{value}", *values[at + 1 :]))

    def only(self, name: str, value: str) -> SearchState:
        """Return the question with one filter in the place of all of that name."""
        return self._with(name, (value,))

    def without(self, name: str) -> SearchState:
        """Return the question without the filters of a name."""
        return self._with(name, ())

    def _values(self, name: str) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, _LISTS[name])
        return values

    def _with(self, name: str, values: tuple[str, ...]) -> SearchState:
        return replace(self, page=1, **{_LISTS[name]: values})  # type: ignore[arg-type]  # tuples

    def between(self, since: date | None, until: date | None) -> SearchState:
        """Return the question for other days."""
        return replace(self, since=since, until=until, page=1)

    def shifted(self, spans: int) -> SearchState | None:
        """Return the question for the days before (-1) or after (1), None where none are chosen."""
        if not (self.since and self.until):
            return None
        length = self.until - self.since + timedelta(days=1)
        try:
            return self.between(self.since + spans * length, self.until + spans * length)
        except OverflowError:
            return None

    def on_page(self, page: int) -> SearchState:
        """Return the question for another page of hits."""
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> SearchState:
        """Return the question in another order."""
        return replace(self, sort=sort, page=1)

    def saying(self, text: str) -> SearchState:
        """Return the question in other words."""
        return replace(self, text=text, page=1)

    def without_filters(self) -> SearchState:
        """Return the search without any filter."""
        return SearchState(
            text=self.text, sort=self.sort, as_typed=self.as_typed, by_story=self.by_story
        )

    def typed_only(self, as_typed: bool) -> SearchState:
        """Return the question for a name only as typed, or in its other spellings too."""
        return replace(self, as_typed=as_typed, page=1)

    def stories_once(self, by_story: bool) -> SearchState:
        """Return the question for each story once, or for all articles."""
        return replace(self, by_story=by_story, page=1)

    def request(self, size: int, facets: Iterable[str] = FACETS) -> Request:
        """Return the request to the searcher, with `size` hits per page."""
        filters = Filters(
            topics=self.topics,
            entities=self.entities,
            sources=self.sources,
            languages=self.languages,
            lists=self.lists,
            since=midnight(self.since) if self.since else None,
            until=midnight(self.until + timedelta(days=1)) if self.until else None,
        )
        return Request(
            text=self.text,
            filters=filters,
            sort=self.order,
            offset=(self.page - 1) * size,
            limit=size,
            facets=tuple(facets),
            fold_stories=self.by_story,
            spellings=not self.as_typed,
        )


def _parts(value: str) -> list[str]:
    """Return the filters of which `a|b` is either, with the value as a whole."""
    return [value] if value.startswith("-") else [value, *value.split("|")]


def _less(value: str, part: str) -> str:
    """Return a filter without one of its parts, "" where nothing is left."""
    if value == part or value.startswith("-"):
        return "" if value == part else value
    return "|".join(each for each in value.split("|") if each != part)


def midnight(day: date) -> datetime:
    """Return the first moment of a day in UTC."""
    return datetime.combine(day, time.min, UTC)


def requested_state(given: Arguments | None = None) -> SearchState:
    """Return the search of the current request, from its URL or from `given` arguments."""
    arguments = request.args if given is None else given
    return read_search_state(arguments, app_context().settings, datetime.now(UTC))


def read_search_state(arguments: Arguments, settings: WebSettings, now: datetime) -> SearchState:
    """Parse a search from a URL; what can't be used is left out, with a remark.

    The query is kept even if it is too long: the page refuses it with a message.
    """
    remarks: list[str] = []
    since, until = _days(arguments, now, remarks)
    sort = arguments.get("sort", "").strip().lower()
    if sort and sort not in set(Sort):
        remarks.append(f"{_shown(sort)} is not a sort order. Use newest, oldest or relevance.")
    return SearchState(
        text=" ".join(arguments.get("q", "").split()),
        topics=_values(arguments, "topic", settings, remarks),
        entities=_values(arguments, "entity", settings, remarks),
        sources=_values(arguments, "source", settings, remarks),
        languages=_values(arguments, "lang", settings, remarks),
        lists=_values(arguments, "list", settings, remarks),
        since=since,
        until=until,
        sort=Sort(sort) if sort in set(Sort) else None,
        page=read_page(arguments),
        as_typed=arguments.get("spelling", "") == "typed",
        by_story=arguments.get("fold", "") == "story",
        remarks=tuple(remarks),
    )


def read_page(arguments: Arguments) -> int:
    """Return the number of the page in the address, 1 where it is not a number."""
    text = arguments.get("page", "1").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, int(text[:9]))


def read_day(text: str) -> date | None:
    """Parse an ISO date; None if it is invalid or outside of the years 1900 to 9000."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _values(
    arguments: Arguments, name: str, settings: WebSettings, remarks: list[str]
) -> tuple[str, ...]:
    banned = [f"-{value.strip()}" for value in arguments.getlist(f"-{name}") if value.strip()]
    typed = [*arguments.getlist(name), *banned]
    given = dict.fromkeys(" ".join(value.split()) for value in typed)
    given.pop("", None)
    usable = [value for value in given if len(value) <= LONGEST_VALUE]
    if len(usable) < len(given):
        remarks.append(f"A filter by {FILTERS[name]} was too long and was ignored.")
    if len(usable) > settings.max_filters:
        remarks.append(
            f"Only the first {settings.max_filters} filters by {FILTERS[name]} were used."
        )
    return tuple(usable[: settings.max_filters])


def _days(
    arguments: Arguments, now: datetime, remarks: list[str]
) -> tuple[date | None, date | None]:
    """Return the first and the last day of the span in the address, both included."""
    texts = {name: arguments.get(name, "").strip() for name in ("since", "until")}
    for name, text in texts.items():
        if text and read_date(text, now) is None:
            texts[name] = ""
            remarks.append(
                f"{_shown(text)} is not a date and was ignored. Write dates like 2023-11-12."
            )
    between = read_between(texts["since"], texts["until"], now)
    if between.swapped:
        remarks.append(SWAPPED)
    last = between.end and between.end - timedelta(microseconds=1)
    return _day(between.start), _day(last)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else min(max(moment.date(), EARLIEST), LATEST)


def _shown(text: str) -> str:
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
