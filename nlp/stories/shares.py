"""Whose a term is by now: "Budget" may be common, yet all who say it today tell of one event.

How rare a term is in the archive says how telling it is in general. What an event is called becomes
common as fifty articles tell it, but nearly all of them tell the same. So a term speaks for a story
by the share that the story has of the recent articles with the term: a likelihood against what is
told now, in place of the archive (after Lavrenko et al. 2002, "Relevance models for topic detection
and tracking").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from nlp.stories.terms import BUCKETS
from nlp.stories.window import Floats, Integers, Views

TOP = 4
"""Terms that speak for a story: those that say most."""
TELLING = 2.5
"""Terms of a lower idf are no one's."""


class Shares:
    """Counts, over recent articles, how many of each story have each term.

    Articles are rows of `views`. A story counts from two articles on.
    """

    def __init__(self, views: Views, recent: Integers, stories: Mapping[int, str]) -> None:
        """Count the `recent` rows; `stories` has the story of each that is not alone."""
        self._views = views
        words = views.plain
        rows = [words.indices[words.indptr[at] : words.indptr[at + 1]] for at in recent.tolist()]
        said = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
        self._told = np.bincount(said, minlength=BUCKETS).astype(np.int32)
        self._tellers: dict[int, dict[str, int]] = {}
        self._sizes: dict[str, int] = {}
        self._counted: set[int] = set(recent.tolist())
        self._telling: dict[int, list[int]] = {}
        for row, story in stories.items():
            self._count(row, story)

    def add(self, row: int) -> None:
        """Count a new article, of no story yet."""
        self._counted.add(row)
        self._told[self._words(row)] += 1

    def join(self, rows: Iterable[int], story: str, out_of: str = "") -> None:
        """Count articles for a story, and no more for the one that they were in."""
        for row in rows:
            if row not in self._counted:
                continue
            if out_of in self._sizes and row in self._telling:
                self._sizes[out_of] -= 1
                for term in self._telling[row]:
                    held = self._tellers[term]
                    held[out_of] = held.get(out_of, 0) - 1
                    if held[out_of] <= 0:
                        del held[out_of]
            self._count(row, story)

    def owned(self, row: int, stories: Collection[str], own: str = "") -> dict[str, float]:
        """Return how much the terms of an article speak for each of some stories.

        A term says its idf, times the share that the story has of all articles with it, times the
        root of the share of the story's articles that say it. `own` is a story to leave out.
        """
        known = {story for story in stories if story in self._sizes}
        if not known:
            return {}
        terms = self._words(row)
        terms = terms[self._views.idf[terms] >= TELLING]
        counted = int(row in self._counted)
        said: dict[str, list[float]] = {story: [] for story in known}
        weights: Floats = self._views.idf[terms]
        for term, weight, told in zip(
            terms.tolist(), weights.tolist(), self._told[terms].tolist(), strict=True
        ):
            held = self._tellers.get(term)
            if held is None:
                continue
            here = held.keys() & known
            if here:
                others = told - held.get(own, counted) + 1.0
                for story in here:
                    n = held[story]
                    said[story].append(weight * n / others * (n / self._sizes[story]) ** 0.5)
        return {story: sum(sorted(found)[-TOP:]) for story, found in said.items()}

    def _words(self, row: int) -> npt.NDArray[np.int32]:
        words = self._views.plain
        terms: npt.NDArray[np.int32] = words.indices[words.indptr[row] : words.indptr[row + 1]]
        return terms

    def _count(self, row: int, story: str) -> None:
        terms = self._words(row)
        telling: list[int] = terms[self._views.idf[terms] >= TELLING].tolist()
        self._telling[row] = telling
        self._sizes[story] = self._sizes.get(story, 0) + 1
        for term in telling:
            held = self._tellers.get(term)
            if held is None:
                self._tellers[term] = {story: 1}
            else:
                held[story] = held.get(story, 0) + 1
