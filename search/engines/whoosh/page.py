"""From what matches to an answer: the rows of one page in their order, copies folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from search.document import UNDATED
from search.engine import Question, Sort
from search.engines.whoosh.evaluation import Outcome
from search.engines.whoosh.snapshot import Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Rows = NDArray[np.int64]


def without_copies(snapshot: Snapshot, outcome: Outcome) -> Mask:
    """Return the mask of what matches, less what repeats an article that matches as well.

    What has all the words stays where its leader has only most of them.
    """
    copies, leaders = snapshot.copies
    repeated = outcome.mask[leaders] & (outcome.strict[leaders] | ~outcome.strict[copies])
    shown = outcome.mask.copy()
    shown[copies[repeated]] = False
    return shown


def page_of(snapshot: Snapshot, outcome: Outcome, shown: Mask, question: Question) -> Rows:
    """Return the rows of one page: those with all the words first, then by the sort, then ties."""
    rows = np.flatnonzero(shown)
    last = question.offset + question.limit
    if question.limit <= 0 or question.offset >= len(rows):
        return np.zeros(0, dtype=np.int64)
    columns = snapshot.columns
    keys: list[NDArray[Any]] = [~outcome.strict[rows]]
    oldest = question.sort is Sort.OLDEST
    if question.sort is Sort.RELEVANCE:
        keys.append(-np.round(outcome.scores[rows], 5))
    published = columns.published[rows]
    undated = published == UNDATED
    keys.append(np.where(undated, np.int64(2**62), published) if oldest else -published)
    first = _first(keys, last)
    rows, keys = rows[first], [key[first] for key in keys]
    order = np.lexsort((columns.ids[rows], *reversed(keys)))
    page: Rows = rows[order][question.offset : last]
    return page


def _first(keys: list[NDArray[Any]], count: int) -> Rows:
    """Return the places of the `count` smallest by some keys in turn, and of what ties with them.

    They come in no order; a sort of all that matches would cost more than the search.
    """
    surely: list[Rows] = []
    tied = np.arange(len(keys[0]))
    for key in keys:
        if len(tied) <= count:
            break
        values = key[tied]
        last = np.partition(values, count - 1)[count - 1]
        before = tied[values < last]
        surely.append(before)
        tied = tied[values == last]
        count -= len(before)
    return np.concatenate([*surely, tied])
