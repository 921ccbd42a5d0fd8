"""One type for a name over the whole archive, by the evidence of all articles that have it.

An article by itself may take Tornesk for a person; a hundred others that take it for a place know
better. Names that mean several things by nature keep their types: a city is a club where the talk
is of sport, a given name or a surname is also a firm's.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlp.entities.canonical import type_of
from nlp.entities.gazetteer import (
    clubs,
    famous,
    names,
    organisations,
    people,
    places,
    subdivisions,
)
from nlp.entities.keys import folded
from nlp.entities.word_lists import given_names, kinds, other_senses, products, surnames

KNOWN = 300
"""What a gazetteer's word counts: as much as three articles that are sure."""
FORM = 100
"""What the form of a name counts: a given name before it, a last word that says what it is."""
SHORTEST = 4
"""Names of fewer letters that no gazetteer knows stand for too many things: SC, KP."""

_OF_EQUALS = ("place", "org", "event", "work", "product", "person")
"""Which type wins where the evidence is even: false people are the commonest error."""


def decided_types(name: str, evidence: Mapping[str, int]) -> dict[str, str]:
    """Return which types of a name give way, and to which: `models.names.TypeDecision`."""
    senses, hints = senses_of(name), _hints(name)
    is_short = len(folded(name).replace(" ", "")) < SHORTEST
    if len(evidence) < 2 or (is_short and not senses and not hints):
        return {}
    # That Ferrari is a surname lets it be a person, and does not make it one.
    known = senses - {"person"} if _is_part_of_names(name) else senses
    weights = {
        kind: weight + KNOWN * (kind in known) + FORM * (kind in hints)
        for kind, weight in evidence.items()
    }
    likely = [kind for kind in weights if kind in senses] if " " in name else []
    best = min(likely or weights, key=lambda kind: (-weights[kind], _OF_EQUALS.index(kind)))
    stay = {best, *senses, *(set(evidence) - {"person"} if is_short else ())}
    return {kind: best for kind in evidence if kind not in stay}


def senses_of(name: str) -> frozenset[str]:
    """Return the types that data knows a name to have: several, one, or none where unknown."""
    lower = folded(name)
    known = {
        "place": places().find(name) or lower in subdivisions() or _other_sense(name) == "place",
        "org": organisations().find(name) or name in clubs() or name in other_senses(),
        "product": lower in products(),
        "person": _is_part_of_names(name) or lower in people() or lower in famous(),
    }
    return frozenset(kind for kind, is_known in known.items() if is_known)


def _is_part_of_names(name: str) -> bool:
    """Say whether a word is a given name or a surname, and was not counted as something else."""
    is_part = name.lower() in given_names() or name.lower() in surnames()
    return " " not in name and is_part and names().get(name, "person") == "person"


def _other_sense(name: str) -> str:
    """Return the type of what a company's name is besides: Amazon the river."""
    sense = other_senses().get(name)
    return sense.type if sense else ""


def _hints(name: str) -> frozenset[str]:
    """Return the types that a name's first or last word and what was counted before speak for."""
    words = folded(name).split()
    hints = {names().get(name, "")}
    if len(words) > 1 and (label := kinds().get(words[-1])):
        hints.add(type_of(label))
    elif len(words) > 1 and words[0] in given_names():
        hints.add("person")
    return frozenset(hints - {""})
