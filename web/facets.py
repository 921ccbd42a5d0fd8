"""Facets and active filters, prepared for display."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from search.request import FacetValue, Results
from web import words
from web.addresses import addresses_either, addresses_with, search_address
from web.charts.histogram import Histogram, histogram
from web.formatting import day
from web.lists.stars import lists_of_visitor
from web.search_state import SearchState

if TYPE_CHECKING:
    from web.context import Library

SHOWN = 8
"""Values of a facet that are shown at once; the others are unfolded."""

_FILTERS = {"person": "entity", "org": "entity", "place": "entity"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that hits can be narrowed to, with addresses: `then` is the one of the question with
    or without it, `without` of that for all other articles, `either` of that for it or what was
    chosen before it, "" where there is none.

    `share` is its part of the largest value's count, in percent; `count` is None where a filter is
    in force that this facet did not count.
    """

    value: str
    name: str
    count: int | None
    share: int
    active: bool
    then: str
    without: str
    either: str


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one facet: those shown at once, and the rest."""

    facet: str
    title: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, in words, and the question without it."""

    kind: str
    name: str
    then: SearchState


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A list that hits can be narrowed to, and the question with or without it."""

    name: str
    active: bool
    then: SearchState


def list_choices(state: SearchState) -> tuple[ListChoice, ...]:
    """Return the lists that the visitor sees; one of a name that others have goes by its number."""
    seen = lists_of_visitor()
    called = Counter(one.name for one in seen)
    values = [(one, one.name if called[one.name] == 1 else str(one.number)) for one in seen]
    return tuple(
        ListChoice(
            one.name if called[one.name] == 1 else f"{one.name} ({one.owner})",
            state.has("list", value) or state.has("list", str(one.number)),
            state.toggled("list", str(one.number) if state.has("list", str(one.number)) else value),
        )
        for one, value in values
    )


def counts_of(found: Results, facet: str) -> list[tuple[str, int]]:
    """Return (value, count) of a facet."""
    return [(value.value, value.count) for value in found.facets.get(facet, ())]


def picture_of(found: Results, library: Library, state: SearchState) -> Histogram | None:
    """Return the articles found over time: over all days of the archive, or those asked for."""
    first, last = state.since or date.min, state.until or date.max
    archive = library.store.trends.days(first, last)
    return histogram(counts_of(found, "day"), archive)


def groups(state: SearchState, found: Results) -> tuple[Group, ...]:
    """Return the facets of a search as groups of choices."""
    made = (_group(facet, state, found.facets.get(facet, ())) for facet in words.FACETS)
    return tuple(group for group in made if group.first)


def choices(facet: str, state: SearchState, values: Sequence[FacetValue]) -> list[Choice]:
    """Return the values of a facet as what a question can be narrowed to, chosen ones first."""
    name = filter_of(facet)
    largest = max((value.count for value in values), default=0)
    chosen = state.in_force(name)
    narrowed, either = addresses_with(state, name), addresses_either(state, name)

    def choice(one: FacetValue) -> Choice:
        value, active, banned = one.value, one.value in chosen, f"-{one.value}"
        return Choice(
            value=value,
            name=one.name or value,
            count=one.count,
            share=round(100 * one.count / largest) if largest else 0,
            active=active,
            then=search_address(state.toggled(name, value)) if active else narrowed(value),
            without=search_address(state.toggled(name, banned))
            if banned in chosen
            else narrowed(banned),
            either=either(value) if either and not active else "",
        )

    found = [choice(one) for one in values if one.value]
    return sorted(found, key=lambda choice: not choice.active)


def filter_of(facet: str) -> str:
    """Return the filter that narrows by the values of a facet."""
    return _FILTERS.get(facet, facet)


def _group(facet: str, state: SearchState, values: Sequence[FacetValue]) -> Group:
    """Return a facet as the page shows it: the first values, the rest behind "more"."""
    found = choices(facet, state, values)
    shown = max(SHOWN, sum(choice.active for choice in found))
    return Group(facet, words.FACETS[facet], tuple(found[:shown]), tuple(found[shown:]))


def presets(state: SearchState, found: Results) -> tuple[tuple[str, SearchState], ...]:
    """Return spans of days to narrow to, which end with the newest article that was found."""
    counted = counts_of(found, "day")
    if not counted:
        return ()
    last = date.fromisoformat(counted[-1][0])
    spans = (("last day", 1), ("last 7 days", 7), ("last 30 days", 30))
    return tuple(
        (name, state.between(last - timedelta(days=days - 1), last)) for name, days in spans
    )


def chips(state: SearchState, library: Library) -> tuple[Chip, ...]:
    """Return the filters in force, named for people."""
    keys = [key.removeprefix("-") for value in state.entities for key in value.split("|")]
    names = dict(library.store.entities.names(keys)) if keys else {}
    if state.lists:
        names |= {str(one.number): one.name for one in lists_of_visitor()}
    return tuple(
        Chip(words.FILTERS[kind], _name(kind, value, names), state.toggled(kind, value))
        for kind, value in state.active()
    )


def _name(kind: str, value: str, names: Mapping[str, str]) -> str:
    if kind in {"since", "until"}:
        return day(date.fromisoformat(value))
    shown = " or ".join(names.get(part, part) for part in value.removeprefix("-").split("|"))
    return f"not {shown}" if value.startswith("-") else shown
