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
from nlp.stories.window import Integers, Views

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
        words = views.words
        rows = [words.indices[words.indptr[at] : words.indptr[at + 1]] for at in recent.tolist()]
        said = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
        self._told = np.bincount(said, minlength=BUCKETS).astype(np.int32)
        self._said: dict[str, dict[int, int]] = {}
        self._sizes: dict[str, int] = {}
        self._counted: set[int] = set(recent.tolist())
        self._telling: dict[int, set[int]] = {}
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
                said = self._said[out_of]
                for term in self._telling[row]:
                    left = said.get(term, 0) - 1
                    if left > 0:
                        said[term] = left
                    else:
                        said.pop(term, None)
            self._count(row, story)

    def owned(self, row: int, stories: Collection[str], own: str = "") -> dict[str, float]:
        """Return how much the terms of an article speak for each of some stories.

        A term says its idf, times the share that the story has of all articles with it, times the
        root of the share of the story's articles that say it. `own` is a story to leave out.
        """
        known = [story for story in stories if story in self._sizes]
        if not known:
            return {}
        telling = self._told_by(row)
        ours, counted = self._said.get(own, {}), int(row in self._counted)
        idf, told = self._views.idf, self._told
        found = {}
        for story in known:
            said, size = self._said[story], self._sizes[story]
            values = []
            for term in telling & said.keys():
                n = said[term]
                others = told.item(term) - ours.get(term, counted) + 1.0
                values.append(idf.item(term) * n / others * (n / size) ** 0.5)
            values.sort()
            found[story] = sum(values[-TOP:])
        return found

    def most(self, row: int) -> float:
        """Return what `owned` would be if all terms of an article were one story's."""
        weights = self._views.idf[self._words(row)]
        if len(weights) > TOP:
            weights = np.partition(weights, len(weights) - TOP)[-TOP:]
        return float(weights.sum())

    def _words(self, row: int) -> npt.NDArray[np.int32]:
        words = self._views.words
        terms: npt.NDArray[np.int32] = words.indices[words.indptr[row] : words.indptr[row + 1]]
        return terms

    def _told_by(self, row: int) -> set[int]:
        """Return the telling terms of an article."""
        telling = self._telling.get(row)
        if telling is None:
            terms = self._words(row)
            telling = self._telling[row] = set(terms[self._views.idf[terms] >= TELLING].tolist())
        return telling

    def _count(self, row: int, story: str) -> None:
        self._sizes[story] = self._sizes.get(story, 0) + 1
        said = self._said.setdefault(story, {})
        for term in self._told_by(row):
            said[term] = said.get(term, 0) + 1
