"""Whose a term is by now: "Budget" may be common, yet all who say it today tell of one event.

How rare a term is in the archive says how telling it is in general. What an event is called becomes
common as fifty articles tell it, but nearly all of them tell the same. So a term speaks for a story
by the share that the story has of the recent articles with the term: a likelihood against what is
told now, in place of the archive (after Lavrenko et al. 2002, "Relevance models for topic detection
and tracking").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from nlp.stories.window import Integers, Views
from nlp.stories.words import BUCKETS

TOP = 4
"""Terms that speak for a story: those that say most."""
TELLING = 2.5
"""Terms of a lower idf are no one's."""


class Shares:
    """Counts, over recent articles, how many of each story have each term.

    Articles are rows of `views`. A story counts from two articles on; its terms are counted when
    they are first asked for, as most stories are not met any more.
    """

    def __init__(self, views: Views, recent: Integers, stories: Mapping[int, str]) -> None:
        """Count the `recent` rows; `stories` has the story of each that is not alone."""
        self._views = views
        said = views.words[recent].indices
        self._told = np.bincount(said, minlength=BUCKETS).astype(np.int32)
        self._said: dict[str, Counter[int]] = {}
        self._members: dict[str, set[int]] = {}
        self._counted: set[int] = set(recent.tolist())
        self._telling: dict[int, set[int]] = {}
        for row, story in stories.items():
            self._members.setdefault(story, set()).add(row)

    def add(self, row: int) -> None:
        """Count a new article, of no story yet."""
        self._counted.add(row)
        self._told[self._words(row)] += 1

    def join(self, rows: Iterable[int], story: str, out_of: str = "") -> None:
        """Count articles for a story, and no more for the one that they were in."""
        for row in rows:
            if row not in self._counted:
                continue
            if row in self._members.get(out_of, ()):
                self._leave(row, out_of)
            self._members.setdefault(story, set()).add(row)
            if story in self._said:
                self._said[story].update(self._told_by(row))

    def _leave(self, row: int, story: str) -> None:
        self._members[story].remove(row)
        if not self._members[story]:
            del self._members[story]
            self._said.pop(story, None)
        elif story in self._said:
            self._said[story] -= Counter(self._told_by(row))

    def owned(self, row: int, stories: Collection[str], own: str = "") -> dict[str, float]:
        """Return how much the terms of an article speak for each of some stories.

        A term says its idf, times the share that the story has of all articles with it, times the
        root of the share of the story's articles that say it. `own` is a story to leave out.
        """
        known = [story for story in stories if story in self._members]
        if not known:
            return {}
        telling = self._told_by(row)
        ours = self._said_by(own) if own in self._members else Counter()
        counted = int(row in self._counted)
        idf, told = self._views.idf, self._told
        found = {}
        for story in known:
            said, size = self._said_by(story), len(self._members[story])
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

    def _said_by(self, story: str) -> Counter[int]:
        """Return how many articles of a story have each telling term."""
        said = self._said.get(story)
        if said is None:
            terms = np.concatenate([self._words(row) for row in self._members[story]])
            telling = terms[self._views.idf[terms] >= TELLING]
            said = self._said[story] = Counter(telling.tolist())
        return said
