"""From all that was read of an article to its mentions: what is believed, and called what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from models.tags import EntityName, Mention, Origin
from nlp.dateline import dateline
from nlp.entities.canonical import LABELS, canonical, resolve, type_of
from nlp.entities.english.candidates import (
    BY_RULE,
    JUDGED,
    UNSAID,
    Candidate,
    ReadArticle,
    candidates,
    known_type,
)
from nlp.entities.english.evidence import (
    by_name,
    kind_before,
)
from nlp.entities.english.senses import shown_label
from nlp.entities.english.short_names import is_team
from nlp.entities.english.verdicts import BELIEVED, verdicts
from nlp.entities.gazetteer import local_names
from nlp.entities.spans import tidied
from nlp.entities.word_lists import (
    demonyms,
    given_names,
    kinds,
    not_names,
    often_small_words,
    products,
    small_words,
)
from nlp.ner.pipeline import Span

KNOWN_FOR_SURE = 1.0
AFTER_ALL = 0.2
"""The belief of what is only there where nothing else is."""

_AGENCY = (
    r"AP|AFP|PA|EPA|AAP|ANI|PTI|Reuters|Getty|Shutterstock|Press|Photos?|Images?|Times|Bloomberg"
)
_CREDIT = re.compile(
    rf"\([^()]{{0,80}}(?:/|via |by |- |: )[^()]{{0,40}}\b(?:{_AGENCY})\b[^()]{{0,40}}\)"
    r"|\((?:The )?[A-Z]?[a-z]+ Press/[^()]{2,40}\)"
    r"|\b(?:AP|AFP|Reuters|EPA|PA) (?:Photo|Image)s?/[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}"
    r"|\b(?:Photo|Photograph|Image|Illustration)(?:: | by )[^.|]{3,70}? via Getty Images"
    r"|\b(?:Photo|Photograph|Image|Illustration)(?:: | by )[^.|/()]{3,50}/"
    r"\s?[A-Z][\w.]*(?: [A-Z][\w.]*)*"
)
_TAIL = re.compile(r"\s[-|\u2013\u2014]\s+([^-|\u2013\u2014]{2,40})$")


class ScoredSpan(NamedTuple):
    """A span of a field that is believed, how firmly, and by whom."""

    field: str
    span: Span
    belief: float
    origin: Origin


def weighed_mentions(reading: ReadArticle) -> tuple[Mention, ...]:
    """Return the mentions of an English article, by all the evidence that it holds."""
    texts = {"title": reading.title, "summary": reading.summary}
    groups = by_name(candidates(reading))
    found: list[ScoredSpan] = []
    for name, (kind, belief) in verdicts(groups, texts).items():
        if belief >= BELIEVED:
            found += _believed(groups[name], kind, belief)
            found += _again(groups[name], kind, texts)
        else:
            found += _doubted(groups[name], texts)
    found += _others(reading)
    return mentions(texts, found)


def plain_mentions(
    title: str, summary: str, spans: Sequence[Sequence[Span]], language: str
) -> tuple[Mention, ...]:
    """Return the mentions of an article as its pipeline found them, `spans` by field.

    What has no capital (the "n" of a French "n'ont") is no name; countries are known by how the
    language writes them.
    """
    texts = {"title": title, "summary": summary}
    found = [
        ScoredSpan(field, part, part.share, _origin(part, span))
        for field, each in zip(texts, spans, strict=True)
        for span in each
        for part in tidied(texts[field], span)
        if type_of(span.label) not in JUDGED or _is_written_as_name(texts[field], part)
    ]
    return mentions(texts, found, local_names(language))


def _is_written_as_name(text: str, span: Span) -> bool:
    written = text[span.start : span.end]
    return len(written) > 1 and not written.islower()


def mentions(
    texts: Mapping[str, str],
    found: Iterable[ScoredSpan],
    local: Mapping[str, EntityName] = MappingProxyType({}),
) -> tuple[Mention, ...]:
    """Return mentions with their entities, in the order of the text; none overlaps another.

    `local` are entities by how the article's language writes them.
    """
    kept = _apart(texts, found)
    written = [texts[each.field][each.span.start : each.span.end] for each in kept]
    names: list[EntityName | None] = [
        local.get(text) or canonical(text, each.span.label)
        for text, each in zip(written, kept, strict=True)
    ]
    return tuple(
        Mention(
            field, span.start, span.end, text, span.label, name, origin, max(0.0, min(belief, 1.0))
        )
        for (field, span, belief, origin), text, name in zip(
            kept, written, resolve(names), strict=True
        )
    )


def _credits(field: str, text: str) -> list[range]:
    """Return where a text names a photographer or its own publisher: not what it is about."""
    found = [range(*match.span()) for match in _CREDIT.finditer(text)]
    opening = dateline(text)
    if opening and opening.agency:
        found.append(opening.agency)
    tail = _TAIL.search(text) if field == "title" else None
    if tail and known_type(tail.group(1))[1] == "org":
        found.append(range(tail.start(), len(text)))
    return found


def _believed(group: Sequence[Candidate], kind: str, belief: float) -> Iterator[ScoredSpan]:
    for each in group:
        label = each.span.label if each.type == kind else _label(group, kind)
        origin = Origin.MODEL if each.type == kind and each.view not in BY_RULE else Origin.RULE
        firm = AFTER_ALL * belief if each.inside else belief
        yield ScoredSpan(each.field, each.span._replace(label=label), firm, origin)


def _again(group: Sequence[Candidate], kind: str, texts: Mapping[str, str]) -> Iterator[ScoredSpan]:
    """Yield the places where a believed name is written again and was not seen."""
    forms = {texts[each.field][each.span.start : each.span.end] for each in group}
    forms |= {short for form in forms if kind == "org" and (short := _without_kind(form))}
    teams = {form.split()[-1] for form in forms if kind == "org" and is_team(form)}
    if kind == "person":
        forms |= {form.split()[-1] for form in forms}
    label = _label(group, kind)
    for form in forms | teams:
        if len(form) < 3 or form.islower():
            continue
        if form.lower() in small_words() and form not in teams:
            continue
        for field, text in texts.items():
            for start in _occurrences(form, text):
                span = Span(start, start + len(form), label)
                yield ScoredSpan(field, span, AFTER_ALL, Origin.RULE)


def _without_kind(form: str) -> str:
    """Return an organisation's name without the last word that says what it is, "" for most.

    First Republic of First Republic Bank; never what by itself is a place or a person: Silicon
    Valley, Martin Luther.
    """
    rest, _, last = form.rpartition(" ")
    first, _, more = rest.partition(" ")
    if not more or kinds().get(last.lower()) != "ORG" or not more[:1].isupper():
        return ""
    return "" if known_type(rest)[1] or first.lower() in given_names() else rest


def _occurrences(form: str, text: str) -> Iterator[int]:
    """Yield where a form stands in a text as a word or words of its own."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        around = text[max(start - 1, 0) : start] + text[end : end + 1]
        if not any(letter.isalnum() or letter in "-_" for letter in around):
            yield start
        start = text.find(form, end)


def _label(group: Sequence[Candidate], kind: str) -> str:
    """Return the label of the type that the network gives a name elsewhere, or the usual one."""
    said = [each.span.label for each in group if each.type == kind and each.view not in BY_RULE]
    return said[0] if said else LABELS[kind]


def _doubted(group: Sequence[Candidate], texts: Mapping[str, str]) -> Iterator[ScoredSpan]:
    """Yield what is no person, organisation or place as what data knows it to be, if it does."""
    for each in group:
        if each.type not in JUDGED or each.view in UNSAID:
            continue
        name = texts[each.field][each.span.start : each.span.end].lower()
        label = "PRODUCT" if name in products() else "NORP" if name in demonyms() else ""
        label = label or kind_before(name)
        label = label or (kinds().get(name.split()[-1], "") if " " in name else "")
        if label and label not in LABELS.values() and (label != "NORP" or " " not in name):
            yield ScoredSpan(each.field, each.span._replace(label=label), BELIEVED, Origin.RULE)


def _others(reading: ReadArticle) -> Iterator[ScoredSpan]:
    """Yield what is not weighed: dates and numbers, and groups, events and works that are sure."""
    fields = (
        ("title", reading.title, reading.title_spans),
        ("summary", reading.summary, reading.summary_spans),
    )
    for field, text, spans in fields:
        for span in spans:
            kind = type_of(span.label)
            if kind in JUDGED:
                continue
            for tidy in tidied(text, span):
                label = shown_label(tidy, text) if kind else tidy.label
                if not label:
                    continue
                part = tidy._replace(label=label)
                if kind and text[part.start : part.end].lower() in _common_words():
                    continue
                yield ScoredSpan(field, part, 0.3 + part.share / 10, _origin(part, span))


@cache
def _common_words() -> frozenset[str]:
    return small_words() | often_small_words() | not_names()


def _origin(part: Span, span: Span) -> Origin:
    return Origin.MODEL if part[:3] == span[:3] else Origin.RULE


def _apart(texts: Mapping[str, str], found: Iterable[ScoredSpan]) -> list[ScoredSpan]:
    """Return spans that do not overlap: the most firmly believed first, then the longest."""
    kept: list[ScoredSpan] = []
    taken = {
        field: {at for zone in _credits(field, text) for at in zone}
        for field, text in texts.items()
    }
    order = sorted(found, key=lambda each: (-each.belief, each.span.start - each.span.end))
    for each in order:
        here = taken[each.field]
        characters = range(each.span.start, each.span.end)
        if here.isdisjoint(characters):
            here.update(characters)
            kept.append(each)
    return sorted(kept, key=lambda each: (each.field != "title", each.span.start))
