"""What an engine indexes of a text: its words, their stems, and how it writes some of them.

A text is taken apart at its spaces, which no word crosses. Most pieces are common, so what becomes
of one is kept: over news nine of ten are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from search.casing import Capitals, capitals, marks
from search.stems import stem
from search.words import spans

_LONGEST_KEPT = 40
"""Characters of a piece that is kept; longer ones seldom come again."""

Piece = tuple[tuple[str, ...], tuple[str, ...], Capitals]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The words of a text in order, their stems beside them, and its marks (`search.casing`)."""

    words: list[str]
    stems: list[str]
    marks: list[str]


def analyse(text: str, language: str) -> Analysis:
    """Return what is indexed of a text in a language (ISO 639-1, "" where unknown)."""
    words: list[str] = []
    stems: list[str] = []
    cased: list[Capitals] = []
    for chunk in text.split():
        known = _kept(chunk, language) if len(chunk) <= _LONGEST_KEPT else _piece(chunk, language)
        words += known[0]
        stems += known[1]
        cased.append(known[2])
    return Analysis(words, stems, marks(cased, language))


def _piece(chunk: str, language: str) -> Piece:
    tokens = list(spans(chunk, language))
    words = tuple(word for _, _, word in tokens)
    stems = tuple(stem(word, language) for word in words)
    return words, stems, capitals(chunk, tokens)


_kept = lru_cache(maxsize=300_000)(_piece)
