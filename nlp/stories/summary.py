"""Says what a story is about in one of its own sentences, and which figures its articles differ in.

Extractive: the sentence whose words are those that most of the articles say, by the centroid method
(Radev et al. 2004, "Centroid-based summarization of multiple documents").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.dateline import dateline
from nlp.stories.words import STEM, folded, stem, tokens

SHORTEST, LONGEST = 50, 320
"""Characters of a sentence that can stand for a story."""
MOST_READ = 60
"""Articles that are read; the first sentences of each."""
SENTENCES = 3

_CLOSING, _OPENING = "\"'\u201d\u2019)\\]", "\"'\u201c\u2018\u201e(\\["
_ENDS = re.compile(rf"(?<=[.!?…])[{_CLOSING}]*\s+(?=[{_OPENING}]?[^\W\d_a-z])")
_CLOSED = re.compile(rf"[.!?][{_CLOSING}]*$").search
_FIGURE = re.compile(r"(?<![\w.,])(\d[\d., ]*\d|\d+)\s+([^\W\d_]{4,})")
_INVITES = re.compile(
    r"(?:watch|follow|listen|read|see|click|tune in|join|sign up|subscribe|live updates"
    r"|here(?:['\u2019]s| is| are)|zobacz|czytaj|przeczytaj|ogl\u0105daj|obejrzyj|\u015bled\u017a"
    r"|pos\u0142uchaj|sprawd\u017a)\b",
    re.IGNORECASE,
).match
INVITING = 0.5
"""What a sentence is worth that invites to read on: it says little of what happened."""

Texts = Sequence[tuple[str, str, str]]
"""Titles, summaries and languages."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a story says: its telling sentence ("" without any), and the article that says it."""

    sentence: str
    article: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Figures for one thing that articles do not agree on, each with the articles that say it."""

    thing: str
    figures: tuple[tuple[str, tuple[int, ...]], ...]


def summarise(texts: Texts) -> Summary:
    """Return the sentence that says most of what the articles say, in their main language."""
    texts = texts[-MOST_READ:]
    if not texts:
        return Summary("", -1)
    main = Counter(language for _, _, language in texts).most_common(1)[0][0]
    said: Counter[str] = Counter()
    for title, summary, _ in texts:
        said.update(_stems(f"{title} {summary[:600]}"))
    weights = {stem: math.log1p(n) * _length(stem) for stem, n in said.items() if n > 1}
    best, found = 0.0, Summary("", -1)
    for at, (title, summary, language) in enumerate(texts):
        if language != main:
            continue
        for sentence in _sentences(summary)[:SENTENCES]:
            stems = _stems(sentence)
            score = sum(weights.get(stem, 0.0) for stem in stems) / math.sqrt(len(stems) + 8.0)
            told = _without_dateline(sentence)  # whose place counts among the words
            score *= INVITING if _INVITES(told) else 1.0
            if score > best and folded(told) != folded(title):
                best, found = score, Summary(told, at)
    return found


def differences(texts: Texts, most: int = 5) -> tuple[Difference, ...]:
    """Return what articles give different figures for: `12 dead` here, `15 dead` there.

    A thing is the word behind a figure. Only things that three articles or more count are told.
    """
    told: dict[str, dict[str, list[int]]] = {}
    words: dict[str, Counter[str]] = {}
    for at, (title, summary, _) in enumerate(texts):
        for figure, word in _FIGURE.findall(f"{title}. {summary[:600]}"):
            plain = re.sub(r"[., ](?=\d{3}\b)", "", figure)
            thing = stem(word)
            if len(plain) == 4 and plain[:2] in ("19", "20"):
                continue
            here = told.setdefault(thing, {}).setdefault(plain, [])
            if at not in here:
                here.append(at)
            words.setdefault(thing, Counter())[word.lower()] += 1
    found = []
    for thing, figures in told.items():
        articles = {at for places in figures.values() for at in places}
        if len(figures) > 1 and len(articles) > 2:
            ordered = sorted(figures.items(), key=lambda item: (-len(item[1]), item[0]))
            named = words[thing].most_common(1)[0][0]
            found.append(Difference(named, tuple((value, tuple(at)) for value, at in ordered[:4])))
    found.sort(key=lambda each: -sum(len(at) for _, at in each.figures))
    return tuple(found[:most])


def _sentences(text: str) -> list[str]:
    """Return the whole sentences of a text that are long enough to say something."""
    found = [" ".join(piece.split()) for piece in _ENDS.split(text[:1200])]
    return [each for each in found if SHORTEST <= len(each) <= LONGEST and _CLOSED(each)]


def _without_dateline(sentence: str) -> str:
    opening = dateline(sentence)
    return sentence[opening.end :] if opening and opening.agency else sentence


def _stems(text: str) -> set[str]:
    return {stem(token) for token in tokens(text) if len(token) > 3}


def _length(word: str) -> float:
    """Return what a word's length says of its weight: short ones are seldom the subject."""
    return min(1.0, len(word) / STEM)
