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
    senses = senses_of(name)
    is_short = len(folded(name).replace(" ", "")) < SHORTEST
    if len(evidence) < 2 or (is_short and not senses):
        return {}
    weights = {
        kind: weight + KNOWN * (kind in senses) + FORM * (kind in _hints(name))
        for kind, weight in evidence.items()
    }
    likely = [kind for kind in weights if kind in senses] if " " in name else []
    best = min(likely or weights, key=lambda kind: (-weights[kind], _OF_EQUALS.index(kind)))
    return {kind: best for kind in evidence if kind != best and kind not in senses}


def senses_of(name: str) -> frozenset[str]:
    """Return the types that data knows a name to have: several, one, or none where unknown."""
    lower, is_word = folded(name), " " not in name
    is_persons = is_word and (lower in given_names() or lower in surnames())
    is_persons = is_persons and names().get(name, "person") == "person"
    known = {
        "place": places().find(name) or lower in subdivisions(),
        "org": organisations().find(name) or name in clubs() or name in other_senses(),
        "product": lower in products(),
        "person": is_persons or lower in people() or lower in famous(),
    }
    return frozenset(kind for kind, is_known in known.items() if is_known)


def _hints(name: str) -> frozenset[str]:
    """Return the types that a name's first or last word and what was counted before speak for."""
    words = folded(name).split()
    hints = {names().get(name, "")}
    if len(words) > 1 and (label := kinds().get(words[-1])):
        hints.add(type_of(label))
    elif len(words) > 1 and words[0] in given_names():
        hints.add("person")
    return frozenset(hints - {""})
