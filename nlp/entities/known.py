"""Mentions in languages without a reader of their own: names known beforehand, or by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from models.tags import EntityName, Mention, Origin
from nlp.entities.by_capitals import is_placed, names_by_capitals, provinces
from nlp.entities.canonical import LABELS
from nlp.entities.english.candidates import known_names
from nlp.entities.gazetteer import local_names, people
from nlp.entities.keys import folded
from nlp.entities.mentions import KNOWN_FOR_SURE, ScoredSpan, mentions
from nlp.entities.word_lists import given_names
from nlp.ner.pipeline import Span

MOST_LOCAL_WORDS = 3
"""Words of the longest name in `local_names.toml`."""
_WORD = re.compile(r"[^\W\d_]+")


def known_mentions(title: str, summary: str, language: str) -> tuple[Mention, ...]:
    """Return the mentions of an article that no pipeline reads: names known anyway, or by form."""
    texts = {"title": title, "summary": summary}
    local = local_names(language)
    spans = [
        (field, span)
        for field, text in texts.items()
        for span in (*_in_own_language(text, local), *known_names(text))
        if text[span.start : span.end] in local
        or _is_unmistakable(text[span.start : span.end])
        or (span.label == LABELS["place"] and is_placed(text, span.start, language))
    ]
    regions = provinces(language)
    for field, text in texts.items():
        spans += [(field, span) for span in names_by_capitals(text, language)]
        spans += [
            (field, span)
            for span in _in_own_language(text, regions)
            if is_placed(text, span.start, language, is_province=True)
        ]
    found = [ScoredSpan(field, span, KNOWN_FOR_SURE, Origin.RULE) for field, span in spans]
    return mentions(texts, found, {**regions, **local})


def _in_own_language(text: str, local: Mapping[str, EntityName]) -> Iterator[Span]:
    """Yield the names of a text that its language is known to write so, the longest first."""
    words = [(word.start(), word.end()) for word in _WORD.finditer(text)] if local else []
    at = 0
    while at < len(words):
        start = words[at][0]
        for count in range(min(MOST_LOCAL_WORDS, len(words) - at), 0, -1):
            end = words[at + count - 1][1]
            if entity := local.get(text[start:end]):
                yield Span(start, end, LABELS[entity.type])
                at += count - 1
                break
        at += 1


def _is_unmistakable(name: str) -> bool:
    """Say whether a name is so long, or so much an acronym, that other languages mean no other."""
    if name.lower() in given_names():
        return False
    is_long = " " in name or len(name) > 5 or folded(name) in people()
    return is_long or (name.isupper() and len(name) > 2)
