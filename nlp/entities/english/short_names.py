"""What an organisation's last word says, and what it is called without it or by it alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from nlp.entities.gazetteer import people, places
from nlp.entities.keys import folded
from nlp.entities.word_lists import given_names, kinds, surnames

_TYPES = {"ORG": "org", "GPE": "place", "LOC": "place", "FAC": "place"}
_RANKS = frozenset(
    {"duke", "duchess", "prince", "princess", "earl", "countess", "marquess", "archbishop"}
    | {"bishop", "emir", "sultan"}
)


@lru_cache(maxsize=10_000)
def is_team(name: str) -> bool:
    """Say whether a name is a place's and one more word in the plural: New York Jets."""
    place, _, last = name.rpartition(" ")
    is_plural = last[:1].isupper() and last.endswith("s") and last.lower() not in kinds()
    return is_plural and bool(places().find(place))


def short_names(found: Mapping[str, tuple[str, float]], believed: float) -> frozenset[str]:
    """Return what believed organisations are called without the word that says what they are.

    Acme of Acme Labs; not where it is a person's name, as in Trump Organization. `found` are the
    types and beliefs of an article's names.
    """
    short = set()
    for name, (kind, belief) in found.items():
        rest, _, last = name.rpartition(" ")
        if kind != "org" or belief < believed or " " in rest or kinds().get(last) != "ORG":
            continue
        if rest in found and not _is_of_person(rest):
            short.add(rest)
    return frozenset(short)


def kind_by_last_word(name: str) -> str:
    """Return org or place where the last word says so and the first is no given name, else "".

    Juul Labs is not a person, whatever the network says.
    """
    first, _, last = name.rpartition(" ")
    is_person = not first or first.partition(" ")[0] in given_names()
    return "" if is_person else _TYPES.get(kinds().get(last, ""), "")


def is_rank(name: str) -> bool:
    """Say whether a name in small letters is a rank and its land: duchess of sussex."""
    rank, of, _ = name.partition(" of ")
    return bool(of) and rank in _RANKS


def _is_of_person(word: str) -> bool:
    return word in given_names() or word in surnames() or folded(word) in people()
