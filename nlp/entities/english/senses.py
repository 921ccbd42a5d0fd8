"""What a name means where it can mean two things: a person or a place, a company or a word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.entities.canonical import type_of
from nlp.entities.english.abbreviations import things_abbreviated
from nlp.entities.english.candidates import Candidate, known_type
from nlp.entities.english.country_names import is_named_after_country
from nlp.entities.english.evidence import kind_before
from nlp.entities.english.introductions import introduced
from nlp.entities.gazetteer import countries, landmarks
from nlp.entities.particles import is_with_particle
from nlp.entities.word_lists import (
    about_works,
    business_words,
    given_names,
    kinds,
    other_senses,
    products,
    small_words,
)
from nlp.ner.pipeline import Span

LIKELY = 0.5
"""The belief in a person's full name from which on a place's name may be that person's."""
SURE = 0.9
"""... where the given name is not known as one: Kenya Barris."""
CERTAIN = 1.0
"""The belief in a full name that no part of it may outweigh: Ireland of Ireland Baldwin."""

FLOORS = {"group": 0.5, "product": 0.5, "work": 0.75, "event": 0.8, "law": 0.95}
"""How sure the network must be of what is not weighed."""
NAMED_FLOOR = 0.5
"""... where the name itself says what it is: an act, a cup, a film in quotes."""

_PLACED_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|across|around|downtown|outside|visits?|visited|into|within|over|via"
    r"|towards?|throughout|between|north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?)\s+$",
    re.IGNORECASE,
)
_PLACED_AFTER = re.compile(
    r", [A-Z]|-based\b|['\u2019]s (?:government|president|prime minister|parliament|army|military"
    r"|king|capital|foreign|economy|embassy|airport|mayor|police|population|border)"
)
_STATES = re.compile(
    r"\b(?:ambassadors?|army|armed|attacks?|border|ceasefire|country|diplomats?|elections?|embassy|foreign"
    r"|governments?|minist(?:er|ry)|military|nations?|parliament|president|sanctions|soldiers?|strikes?"
    r"|talks|troops|truce|visa|wars?)\b",
    re.IGNORECASE,
)
_QUOTES = "\"'\u2018\u2019\u201c\u201d"


def people_by_word(
    found: Mapping[str, tuple[str, float]], believed: float
) -> dict[str, tuple[float, bool]]:
    """Return the first and last words of people's full names: belief, and whether it beats a place.

    `found` are the types and beliefs of an article's names.
    """
    words: dict[str, tuple[float, bool]] = {}
    for name, (kind, belief) in found.items():
        if kind != "person" or belief < believed or " " not in name:
            continue
        first, last = name.split()[0], name.split()[-1]
        is_plain = last not in small_words() or first in given_names()
        wins = is_plain and (first in given_names() or belief >= SURE) and belief >= LIKELY
        for word in (first, last):
            words[word] = belief, wins or words.get(word, (0.0, False))[1]
    return words


def stands_as_place(
    group: Sequence[Candidate], texts: Mapping[str, str], *, is_first_name: bool = False
) -> bool:
    """Say whether a name by itself stands as places do, anywhere: in Houston, Houston, Texas.

    A country's that is also somebody's first name does in any article of what states do.
    """
    if (
        is_first_name
        and countries().find(group[0].name)
        and any(map(_STATES.search, texts.values()))
    ):
        return True
    for each in group:
        text = texts[each.field]
        start, end = each.span.start, each.span.end
        if _PLACED_BEFORE.search(text, max(start - 14, 0), start) or _PLACED_AFTER.match(text, end):
            return True
    return False


def type_by_form(written: str, texts: Mapping[str, str]) -> tuple[str, float] | None:
    """Return the type and belief of a name that needs no evidence, None for nearly all."""
    sense = other_sense(written, texts)
    if sense is not None:
        return sense, SURE if sense else 0.0
    if written in landmarks():
        return "place", SURE
    if is_named_after_country(written, "\n".join(texts.values())):
        return "person", CERTAIN
    if any(written in introduced(text) for text in texts.values()):
        return "person", SURE
    return None if known_type(written)[1] else _unknown_by_form(written, texts)


def _unknown_by_form(written: str, texts: Mapping[str, str]) -> tuple[str, float] | None:
    """Return what `told_by_form` says of a name that no gazetteer knows."""
    if any(written in things_abbreviated(text) for text in texts.values()):
        return "", 0.0
    return ("person", SURE) if is_with_particle(written, given_names()) else None


def other_sense(written: str, texts: Mapping[str, str]) -> str | None:
    """Return what a company's name is where the company is not meant: place, or "" for nothing.

    None where it is the company, or no name of that kind.
    """
    sense = other_senses().get(written)
    if sense is None:
        return None
    whole = " ".join(texts.values())
    if business_words().search(whole):
        return None
    is_word = not sense.type and re.search(rf"\b{re.escape(written.lower())}\b", whole)
    return sense.type if is_word or sense.cues.search(whole) else None


def shown_label(span: Span, text: str) -> str:
    """Return the label under which a group, event, product, work or law is shown, "" for none.

    A name that says what it is, such as an act, needs less than one that the network alone sees.
    """
    written = text[span.start : span.end]
    if written.lower() in products():
        return "PRODUCT"
    kind = type_of(span.label)
    words = written.lower().split()
    if kind in {"work", "event"} and len(words) > 1 and kinds().get(words[-1]) == "LAW":
        return "LAW" if span.share >= NAMED_FLOOR else ""
    if kind == "work" and words[-1] in about_works():
        return ""
    if kind == "law" and (words[-1].isdigit() or words[0] == "new"):
        return ""
    around = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    says = " " in written and span.label in {
        kinds().get(written.split()[-1].lower(), ""),
        kind_before(written.lower()),
    }
    quoted = kind == "work" and all(mark and mark in _QUOTES for mark in around)
    floor = NAMED_FLOOR if says or quoted else FLOORS.get(kind, NAMED_FLOOR)
    return span.label if span.share >= floor else ""
