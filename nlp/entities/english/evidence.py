"""What speaks for a name being a person, an organisation, a place, or nothing: weighed, not ruled.

The weights were learnt from annotated articles (bench/entities/fit.py) and are data; a name's
evidence is all that an article says of it, in the title and in the summary.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from nlp.dateline import dateline
from nlp.entities.data import read
from nlp.entities.english.candidates import (
    FORM,
    HEADLINE,
    JUDGED,
    KNOWN,
    PLAIN,
    QUIET,
    RUNNING,
    UNSAID,
    Candidate,
    known_type,
)
from nlp.entities.gazetteer import (
    clubs,
    countries,
    famous,
    names,
    organisations,
    people,
    places,
    subdivisions,
    unions,
)
from nlp.entities.keys import folded
from nlp.entities.word_lists import (
    contexts,
    currencies,
    demonyms,
    given_names,
    kinds,
    not_names,
    often_small_words,
    opening_kinds,
    products,
    small_words,
    titles,
)
from nlp.entities.word_lists import surnames as known_surnames

NOBODY = "none"
"""The answer that a name is no person, organisation or place."""

SURELY = 0.9
"""How sure the network is of what it will hardly be talked out of."""

_SPORT = re.compile(
    r"\b(?:goalkeeper|strikers?|midfielder|defender|winger|quarterback|Premier League|Serie A"
    r"|La Liga|Champions League|Europa League|Bundesliga|NBA|NFL|MLB|NHL|FA Cup|playoffs?|VAR"
    r"|hat-trick|scrum|half-time|touchdowns?|stoppage time|relegation|kick-off|first leg|second leg"
    r"|quarter-finals?)\b|\b[A-Z][a-z]+ \d{1,2}-\d{1,2} [A-Z][a-z]"
)
_PERHAPS_SPORT = re.compile(
    r"\b(?:goals?|coach|manager|season|innings|penalty|draw|fixtures?|transfer|match|defeat|derby"
    r"|points|scored|scores|club|clubs|fans|team|victory|beat|win|wins|title|cup)\b"
)
_PLACING = re.compile(r"\b(?:in|at|near|from|to|across|around|downtown|outside)\s+$", re.IGNORECASE)
_NUMERAL = re.compile(r"[IVX]{1,5}")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,2}[A-Z]?\.?")
_WORD_BEFORE = re.compile(r"([A-Za-z]+\.?|[,:(\"])\s*$")
_WORD_AFTER = re.compile(r"(?:['\u2019]s)?\s*([A-Za-z]+|[,:(\"])")
_AGE = re.compile(r"\s?[,(]\s?\d\d\b(?!,?\d)")
_OPENING_QUOTES = tuple("\"“\u2018'")
_CLOSING_QUOTES = tuple("\"”\u2019',.")

_OFFICES = frozenset({"embassy", "house", "office", "organisation", "organization", "panel"})

Evidence = dict[str, float]


def by_name(found: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Return an article's candidates by the name they write."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in found:
        groups.setdefault(candidate.name, []).append(candidate)
    return groups


def evidence(
    name: str, group: Sequence[Candidate], texts: Mapping[str, str], surnames: Mapping[str, float]
) -> Evidence:
    """Return what speaks for and against a name, as numbers mostly between 0 and 1.

    `texts` are the article's fields, `surnames` the last words of people's full names in it.
    """
    first = group[0]
    written = texts[first.field][first.span.start : first.span.end]
    words = name.split()
    facts: Evidence = {"always": 1.0}
    for view in (PLAIN, HEADLINE, RUNNING, QUIET):
        for kind in (*JUDGED, "other"):
            shares = [
                each.span.share
                for each in group
                if each.view == view and (each.type if each.type in JUDGED else "other") == kind
            ]
            if shares:
                facts[f"{view} {kind}"] = max(shares)
                facts[f"{view} {kind} sure"] = max(0.0, max(shares) - 0.9) * 10
    for kind in JUDGED:
        facts[f"agreed {kind}"] = min(
            facts.get(f"{HEADLINE} {kind}", 0.0), facts.get(f"{RUNNING} {kind}", 0.0)
        )
    read = sum(each.view in (PLAIN, RUNNING) for each in group)
    facts["again"] = min(read, 3) / 3
    facts["only known"] = float(all(each.view == KNOWN for each in group))
    facts["only unsaid"] = float(all(each.view in UNSAID for each in group))
    facts["form"] = float(any(each.view == FORM for each in group))
    facts["only headline"] = float(not any(each.view == PLAIN for each in group))
    facts |= _looks(written, words, group, texts)
    facts |= _around(group, texts)
    facts |= _known(written, words)
    facts["surname"] = surnames.get(name, 0.0) if len(words) == 1 else 0.0
    return {fact: value for fact, value in facts.items() if value}


def _looks(
    written: str, words: Sequence[str], group: Sequence[Candidate], texts: Mapping[str, str]
) -> Evidence:
    """Return the evidence of how a name is written, and what stands around its first mention."""
    small = [word in small_words() for word in words]
    often = [word in small_words() or word in often_small_words() for word in words]
    first = group[0]
    text = texts[first.field]
    start, end = first.span.start, first.span.end
    around = text[max(start - 1, 0) : start], text[end : end + 1]
    return {
        "one word": float(len(words) == 1),
        "many words": float(len(words) > 3),
        "small words": sum(small) / len(small),
        "all small": float(all(small)),
        "often small words": sum(often) / len(often),
        "all often small": float(all(often)),
        "acronym": float(written.isupper() and 1 < len(written) < 7 and len(words) == 1),
        "no capital": float(written.islower()),
        "digits": float(any(letter.isdigit() for letter in written)),
        "opens": float(first.span.start == 0),
        "quoted": float(around[0] in _OPENING_QUOTES and around[1] in _CLOSING_QUOTES),
        "tag": float(around[0] in tuple("#@/") and bool(around[0])),
    }


def _around(group: Sequence[Candidate], texts: Mapping[str, str]) -> Evidence:
    """Return what the words before and after a name say, on average over where it stands."""
    spans = {(each.field, each.span.start, each.span.end) for each in group}
    facts: Evidence = dict.fromkeys(("title before", "age after"), 0.0)
    for field, start, end in spans:
        text = texts[field]
        before = _WORD_BEFORE.search(text, max(start - 30, 0), start)
        after = _WORD_AFTER.match(text, end, min(end + 30, len(text)))
        for side, word in (("before", before), ("after", after)):
            odds = contexts()[side].get(word.group(1).lower()) if word else None
            for kind, value in zip(JUDGED, odds or (), strict=False):
                name = f"{side} {kind}"
                facts[name] = facts.get(name, 0.0) + value / len(spans)
        if before and before.group(1).lower().rstrip(".") in titles():
            facts["title before"] = 1.0
        if _AGE.match(text, end):
            facts["age after"] = 1.0
    return facts


def _known(written: str, words: Sequence[str]) -> Evidence:
    """Return the evidence of gazetteers and lists: in which of them a name or its words stand."""
    lower = written.lower()
    facts = {
        "product first": float(len(words) > 1 and words[0] in products()),
        "given name": float(words[0] in given_names() and len(words) > 1),
        "known surname": float(words[-1] in known_surnames()),
        "full name": float(
            len(words) > 1 and words[0] in given_names() and words[-1] in known_surnames()
        ),
        "famous": float(folded(written) in people() or folded(written) in famous()),
        "country": float(bool(countries().find(written))),
        "place": float(bool(places().find(written))),
        "subdivision": float(lower in subdivisions()),
        "union": float(written in unions()),
        "organisation": float(bool(organisations().find(written))),
    }
    kind = names().get(written, "") or ("org" if is_dotted(written) else "")
    if kind:
        facts[f"known {kind}"] = 1.0
    if len(words) > 1 and not kind and (label := kinds().get(lower.split()[-1])):
        facts[f"kind {label}"] = 1.0
    if "of" in words[1:] and (words[0] in _OFFICES or _is_body(words[words.index("of", 1) - 1])):
        facts["kind ORG"] = 1.0
    return facts


def _is_body(word: str) -> bool:
    """Say whether a word, or several of it, says what an organisation is: the board of ..."""
    return "ORG" in {kinds().get(word), kinds().get(word.removesuffix("s"))}


def is_ruled_out(written: str) -> bool:
    """Say whether a name is a thing, a product or a people, or no name at all for its letters."""
    lower = written.lower()
    known = known_type(written)[1]
    if written.islower() or (_INITIALS.fullmatch(written) and not (known or is_dotted(written))):
        return True
    if _NUMERAL.fullmatch(written) and known != "org":
        return True  # chromosome XI
    if lower in currencies() and not places().find(written):
        return not (written.isupper() and known)  # AMD makes processors
    if written.isupper() and not known and _is_common(lower):
        return True  # BUY, a shout
    if lower in demonyms() or is_product(lower) or kind_before(lower):
        return True
    is_thing = lower in not_names() or all(word in not_names() for word in lower.split())
    return is_thing and not (known and written.isupper())  # MLS is not several ML


def _is_common(lower: str) -> bool:
    return lower in small_words() or lower in often_small_words()


def is_dotted(written: str) -> bool:
    """Say whether initials are a known organisation's: F.C.C. as FCC."""
    letters = written.replace(".", "")
    return len(letters) > 2 and known_type(letters)[1] == "org"


def is_product(lower: str) -> bool:
    """Say whether a name in small letters is a known product's, or several of it: MacBooks."""
    return lower in products() or (lower.endswith("s") and lower[:-1] in products())


def kind_before(lower: str) -> str:
    """Return the label that a name's first words tell of it, "" for most: cyclone freddy."""
    first, _, rest = lower.partition(" ")
    second, _, further = rest.partition(" ")
    label = opening_kinds().get(first, "") if rest else ""
    return label or (opening_kinds().get(f"{first} {second}", "") if further else "")


def is_famous(written: str, group: Sequence[Candidate]) -> bool:
    """Say whether a name alone means a person of the day, whom the network takes for no other."""
    lower = written.lower()
    others = [each.span.share for each in group if each.type in JUDGED and each.type != "person"]
    return (
        " " not in written
        and folded(written) in people()
        and not _NUMERAL.fullmatch(written)
        and lower not in small_words()
        and lower not in often_small_words()
        and max(others, default=0.0) < SURELY
    )


def dateline_place(text: str) -> str:
    """Return the place that an agency's text opens with, "" if none: OSLO (AP) \u2014, OSLO:."""
    found = dateline(text)
    if not found:
        return ""
    return found.place if found.agency or places().find(found.place) else ""


def is_club(written: str, group: Sequence[Candidate], texts: Mapping[str, str]) -> bool:
    """Say whether a city's name means its club: the article is about sport, nobody is in there."""
    if written not in clubs():
        return False
    whole = " ".join(texts.values())
    if not (_SPORT.search(whole) and _PERHAPS_SPORT.search(whole)):
        return False
    return not any(
        _PLACING.search(texts[each.field], max(each.span.start - 12, 0), each.span.start)
        or texts[each.field][each.span.end :].startswith(", ")
        for each in group
    )


def surnames_of(groups: Mapping[str, Sequence[Candidate]]) -> dict[str, float]:
    """Return the last words of an article's full names of people, and how sure the fullest is."""
    found: dict[str, float] = {}
    for name, group in groups.items():
        words = name.split()
        shares = [each.span.share for each in group if each.type == "person"]
        shares += [0.5 for each in group if each.view == FORM]
        share = max(shares, default=0.0)
        if len(words) > 1 and share > 0.3:
            for word in (words[0], words[-1]):
                found[word] = max(found.get(word, 0.0), share)
    return found


@cache
def weights() -> tuple[tuple[str, ...], Mapping[str, tuple[float, ...]]]:
    """Return the answers, and for each fact its weight for each of them."""
    data: Mapping[str, Mapping[str, float]] = tomllib.loads(read("evidence.toml"))
    answers = tuple(data)
    facts = {fact for table in data.values() for fact in table}
    return answers, {fact: tuple(data[each].get(fact, 0.0) for each in answers) for fact in facts}


def judge(facts: Evidence) -> tuple[str, float]:
    """Return the likeliest of person, org and place, and its probability."""
    answers, table = weights()
    scores = [0.0] * len(answers)
    for fact, value in facts.items():
        for at, weight in enumerate(table.get(fact, ())):
            scores[at] += weight * value
    odds = {answer: math.exp(score) for answer, score in zip(answers, scores, strict=True)}
    best = max(JUDGED, key=lambda answer: odds[answer])
    return best, odds[best] / sum(odds.values())
