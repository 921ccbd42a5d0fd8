"""Finds near-duplicates: one text under two URLs, or agency copy in several outlets.

Texts are compared by their word trigrams. What an outlet repeats (its boilerplate, the frame of its
series) is left out first, so that what is left tells one piece from another; then what counts is
how much of the shorter text stands in the longer (containment), since agency copy is cut to
different lengths. Which of the pairs found so are one story is decided in `duplicate_verdict`: a
false join hides an article, so it asks for more where a little text, a series or a common frame
could deceive (bench/ingest/duplicates.py measures it).

Comparing by containment without what repeats: Broder, "On the resemblance and containment of
documents" (1997), as near-duplicate detection in news archives uses it. Trigrams are hashed and
counted as sparse matrices (scikit-learn, scipy): exact counts, no sampling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ingest.duplicate_rules import LEAST_SHARE, SOON, Overlap, Text, copied_headline, verdict, words

if TYPE_CHECKING:
    import numpy as np

WINDOW = timedelta(days=7)
"""How far apart two pieces may be published to be the same story."""

HEADLINE_WORDS = 8
"""Words of a headline that two outlets don't find on their own."""
HEADLINE_WINDOW = timedelta(days=1)
OWN_WORDS = frozenset({"review", "reviewed", "preview", "trailer", "recap", "test", "guide"})
"""Words that end headlines under which each outlet has a piece of its own."""

_COLUMNS = 2**27  # of the hashed trigrams: a month has three million
_REPEATED = 4  # articles of one outlet that share a trigram; in more it is the outlet's frame
_COMMON = 60  # articles of all outlets that share it; in more it tells nothing
_FEWEST_WORDS = 5  # that are a piece if they are told twice
_BLOCK = 2_000  # articles compared with their window at once


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that tell the same text; `share` is how much of the shorter is in the longer."""

    first: str
    second: str
    share: float
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """A story and its repetitions: the earliest piece leads; each member says why it is here."""

    leader: str
    members: tuple[Pair, ...]


def find_pairs(texts: Iterable[Text]) -> Iterator[Pair]:
    """Yield the pairs of duplicates among texts, the earlier piece first.

    What an outlet repeats is counted among what is given, so two weeks tell more than a day. Memory
    grows with the texts given (about 7 kB each), time with the pairs that share something.
    """
    import numpy as np

    ordered = sorted(texts, key=lambda text: (text.published, text.id))
    if len(ordered) < 2:
        return
    matrix, framed = _trigrams(ordered)
    sizes = np.diff(matrix.indptr)
    distinct = _without_common(matrix)
    begin = 0
    again = _word_for_word(ordered)
    for row, column in again.items():
        yield Pair(ordered[column].id, ordered[row].id, 1.0, "word for word the same")
    headlines = _same_headline(ordered)
    for start in range(0, len(ordered), _BLOCK):
        end = min(start + _BLOCK, len(ordered))
        while ordered[begin].published < ordered[start].published - WINDOW:
            begin += 1
        shared = (distinct[start:end] @ distinct[begin:end].T).tocoo()
        for row, column, count in zip(
            shared.row + start, shared.col + begin, shared.data, strict=True
        ):
            if column >= row or ordered[row].published - ordered[column].published > WINDOW:
                continue
            if count < LEAST_SHARE * min(sizes[row], sizes[column]) or again.get(row) == column:
                continue
            first, second = ordered[column], ordered[row]
            shared = _shared(matrix, framed, (int(column), int(row)))
            if reason := verdict(first, second, shared):
                if headlines.get(row) == column:
                    del headlines[row]
                yield Pair(first.id, second.id, round(shared.share, 3), reason)
    for row, column in headlines.items():
        yield Pair(ordered[column].id, ordered[row].id, LEAST_SHARE, "the same long headline")


def group(pairs: Iterable[Pair], texts: Sequence[Text]) -> list[Group]:
    """Return the groups that the pairs make, in the order of their leaders.

    Each piece joins the group of the earlier piece that it shares most with.
    """
    best: dict[str, Pair] = {}
    for pair in pairs:
        known = best.get(pair.second)
        if known is None or pair.share > known.share:
            best[pair.second] = pair
    leader: dict[str, str] = {}
    members: dict[str, list[Pair]] = {}
    for text in sorted(texts, key=lambda text: (text.published, text.id)):
        found = best.get(text.id)
        if found is None:
            continue
        lead = leader.get(found.first, found.first)
        leader[text.id] = lead
        members.setdefault(lead, []).append(found)
    return [Group(lead, tuple(found)) for lead, found in members.items()]


def _word_for_word(texts: Sequence[Text]) -> dict[int, int]:
    """Return the pieces that say what another said shortly before, by row, and that one's row."""
    latest: dict[tuple[str, ...], int] = {}
    again = {}
    for row, text in enumerate(texts):
        wording = (*words(text.title), "", *words(text.summary))
        before = latest.get(wording)
        if before is not None and text.published - texts[before].published <= SOON:
            again[row] = before
        if len(wording) > _FEWEST_WORDS:
            latest[wording] = row
    return again


def _same_headline(texts: Sequence[Text]) -> dict[int, int]:
    """Return the pieces under a long headline that another outlet had within a day, as above.

    An agency's headline goes with its copy, also where outlets give no text or blurbs of their own.
    """
    latest: dict[tuple[str, ...], int] = {}
    again = {}
    for row, text in enumerate(texts):
        headline = tuple(words(text.title))
        if len(headline) < HEADLINE_WORDS or headline[-1] in OWN_WORDS:
            continue
        before = latest.setdefault(headline, row)
        if text.published - texts[before].published > HEADLINE_WINDOW:
            latest[headline] = row
        elif texts[before].outlet != text.outlet and copied_headline(texts[before], text):
            again[row] = before
    return again


def _trigrams(texts: Sequence[Text]) -> tuple[Any, np.ndarray]:
    """Return (articles, trigrams) as 0/1 without what outlets repeat, and the share left out."""
    import numpy as np
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer=_shingles, n_features=_COLUMNS, binary=True, norm=None, alternate_sign=False
    )
    whole = csr_array(hashing.transform(texts))
    outlets = {text.outlet: n for n, text in enumerate(texts)}
    outlet = np.array([outlets[text.outlet] for text in texts], dtype=np.int64)
    rows = np.repeat(np.arange(len(texts)), np.diff(whole.indptr))
    key = outlet[rows] * _COLUMNS + whole.indices
    _, inverse, times = np.unique(key, return_inverse=True, return_counts=True)
    kept = times[inverse] <= _REPEATED
    _, columns = np.unique(whole.indices[kept], return_inverse=True)
    width = int(columns.max()) + 1 if len(columns) else 1
    matrix = csr_array(
        (np.ones(kept.sum(), dtype=np.int32), (rows[kept], columns)), shape=(len(texts), width)
    )
    before = np.maximum(np.diff(whole.indptr), 1)
    return matrix, 1 - np.diff(matrix.indptr) / before


def _without_common(matrix: Any) -> Any:
    """Return the matrix with only the trigrams that two or more, but not too many, texts have."""
    import numpy as np

    times = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return matrix[:, np.flatnonzero((times > 1) & (times <= _COMMON))]


def _shared(matrix: Any, framed: np.ndarray, rows: tuple[int, int]) -> Overlap:
    import numpy as np

    left, right = (matrix.indices[matrix.indptr[r] : matrix.indptr[r + 1]] for r in rows)
    fewest = min(len(left), len(right))
    common = len(np.intersect1d(left, right, assume_unique=True))
    shorter = rows[0] if len(left) <= len(right) else rows[1]
    return Overlap(common / fewest if fewest else 0.0, fewest, float(framed[shorter]))


def _shingles(text: Text) -> Iterator[str]:
    found = words(f"{text.title} . {text.summary}")
    return (" ".join(found[n : n + 3]) for n in range(len(found) - 2))
