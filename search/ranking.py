"""How well an article fits plain words: one weighting and one relaxation for all engines.

Scores are BM25F: the counts of a word in title, summary and body are first added, weighted and by
the length of the field, then saturate once (Robertson, Zaragoza & Taylor, "Simple BM25 extension to
multiple weighted fields", 2004).
"""

from __future__ import annotations

import math

WEIGHTS = {"title": 2.5, "summary": 1.0, "body": 0.6}
"""How much a word counts in each field."""
LENGTH_WEIGHT = {"title": 0.3, "summary": 0.5, "body": 0.6}
"""How much a long field dilutes its words (BM25's b)."""
SATURATION = 1.2
"""How soon a word said again adds nothing (BM25's k1)."""

AS_TYPED = 0.2
"""How much more a word counts where an article has it as typed, not only another form of it."""
AS_CASED = 0.5
"""How much more a word typed with capitals counts where an article writes it with them."""

FEW = 20
"""Where fewer articles than this have all plain words, those with most of them follow."""
MOST = 0.5
"""One or two of the plain words stand for most where they weigh this share of all, a word weighing
more the rarer it is."""


def idf(articles: int, total: int) -> float:
    """Return how telling a word is that so many of all articles have (BM25's, never negative)."""
    return math.log1p((total - articles + 0.5) / (articles + 0.5))


def steps(known: int) -> list[int]:
    """Return how many of so many plain words an article must have, until enough articles do.

    First all that any article has, then all but one; at last two of five of them, and never only
    one of several.
    """
    least = max(min(known, 2), math.ceil(known * 0.4))
    wanted = {known, known - 1, math.ceil(known * 0.8), math.ceil(known * 0.6), least}
    return sorted((step for step in wanted if least <= step <= known), reverse=True)
