"""What each name of an article is taken for: the evidence, and what outweighs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlp.entities.english.abbreviations import abbreviations
from nlp.entities.english.candidates import Candidate, name_of
from nlp.entities.english.evidence import (
    Evidence,
    dateline_place,
    evidence,
    is_club,
    is_famous,
    is_ruled_out,
    judge,
    surnames_of,
)
from nlp.entities.english.senses import people_by_word, stands_as_place, type_by_form
from nlp.entities.english.short_names import is_rank, kind_by_last_word, short_names
from nlp.entities.gazetteer import unions
from nlp.entities.name_forms import compounds

BELIEVED = 0.35
"""The probability from which on a name is believed; where F1 is best on the annotated articles."""

FIRM = 0.9
"""The probability from which on a place is not taken for a person of that name: Washington."""


def verdicts(
    groups: Mapping[str, Sequence[Candidate]], texts: Mapping[str, str]
) -> dict[str, tuple[str, float]]:
    """Return what each name of an article is taken for, and how firmly.

    A name of one word that is part of a believed person's full name is that person's.
    """
    surnames = surnames_of(groups)
    found = {}
    for name, group in groups.items():
        written = texts[group[0].field][group[0].span.start : group[0].span.end]
        facts = evidence(name, group, texts, surnames)
        found[name] = ("", 0.0) if is_ruled_out(written) else _weighed(name, facts)
        if form := type_by_form(written, texts):
            found[name] = form
        elif written in unions() or is_club(written, group, texts):
            found[name] = "org", max(FIRM, found[name][1])
        elif is_famous(written, group):
            found[name] = "person", max(BELIEVED, found[name][1])
        elif found[name][0] == "person" and (kind := kind_by_last_word(name)):
            found[name] = kind, found[name][1]
    found |= dict.fromkeys(_abbreviated(found, texts), ("org", BELIEVED))
    people = people_by_word(found, BELIEVED)
    acronyms = {
        "".join(word[0] for word in name.split() if word not in {"of", "and", "for", "the", "on"})
        for name, (kind, belief) in found.items()
        if kind == "org" and belief >= BELIEVED and " " in name
    }
    short = short_names(found, BELIEVED)
    opening = name_of(dateline_place(texts["summary"]))
    if opening in found:
        found[opening] = "place", FIRM
    joined = {
        name_of(text[part.start : part.end]): part.kind
        for text in texts.values()
        for parts in compounds(text)
        for part in parts
    }
    for name, (kind, belief) in found.items():
        if name in joined and (kind != joined[name] or belief < FIRM):
            found[name] = joined[name], FIRM
        if name in acronyms or (name in short and kind != "place"):
            found[name] = "org", max(belief, BELIEVED)
        if name in people:
            full, wins = people[name]
            opens = any(each.startswith(f"{name} ") for each in found)
            wins = wins and not stands_as_place(groups[name], texts, is_first_name=opens)
            if kind != "place" or belief < FIRM or wins:
                found[name] = "person", max(full, belief)
    return found


def _abbreviated(
    found: Mapping[str, tuple[str, float]], texts: Mapping[str, str]
) -> frozenset[str]:
    """Return doubted organisations whose abbreviation in brackets behind them is believed to be."""
    doubted = set()
    for text in texts.values():
        for short, words in abbreviations(text):
            name = name_of(words)
            kind, belief = found.get(name_of(short), ("", 0.0))
            if kind == "org" and belief >= BELIEVED and found.get(name, ("", 1.0))[0] == "org":
                doubted.add(name)
    return frozenset(name for name in doubted if found[name][1] < BELIEVED)


def _weighed(name: str, facts: Evidence) -> tuple[str, float]:
    """Return what the evidence says of a name; a rank and its land are not an organisation."""
    kind, belief = judge(facts)
    return ("", 0.0) if kind == "org" and is_rank(name) else (kind, belief)
