"""The same story under another address: two URLs of one outlet, or copy of an agency in many.

Texts are compared by their word trigrams. What an outlet repeats (its boilerplate, the frame of its
series) is left out first, so that what is left tells one piece from another; then what counts is
how much of the shorter text stands in the longer (containment), since agency copy is cut to
different lengths. A false join hides an article, so the rules on top ask for more where a little
text, a series or a common frame could deceive; they were found on pairs labelled by hand
(bench/ingest_duplicates.py measures them).

Comparing by containment without what repeats: Broder, "On the resemblance and containment of
documents" (1997), as near-duplicate detection in news archives uses it. Trigrams are hashed and
counted as sparse matrices (scikit-learn, scipy): exact counts, no sampling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

WINDOW = timedelta(days=4)
"""How far apart two pieces may be published to be the same story."""

_WORDS = 400  # of each text
_COLUMNS = 2**27  # of the hashed trigrams: a month has three million
_REPEATED = 4  # articles of one outlet that share a trigram; in more it is the outlet's frame
_COMMON = 60  # articles of all outlets that share it; in more it tells nothing
_FEWEST = 5  # trigrams that a text must have left
_FEWEST_OF_SAME, _SAME_HEADLINE_WORDS = 3, 5  # or so many under an identical headline
_BLOCK = 2_000  # articles compared with their window at once

_SHARE = 0.72  # of the shorter text, to be a duplicate for that alone
_SHARE_WITH_HEAD, _FEWEST_WITH_HEAD = 0.6, 20  # or so much of so many, beginning alike
_SHARE_WITH_HEADLINE, _HEADLINE, _HEADLINE_WORDS = 0.4, 0.85, 7  # or under the same headline
_SHARE_OF_SERIES, _SURE = 0.85, 12  # where numbers differ within an outlet
_FRAME, _FRAMED_HEADLINE = 0.4, 0.8  # where much of the text was the outlet's frame
_HEAD, _SHARE_OF_HEAD = 12, 0.6  # words in which two begin alike; boilerplate ends alike

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of an article; `published` is when it was fetched where nothing is known."""

    id: str
    source: str
    title: str
    summary: str
    published: datetime


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

    Give two weeks or more: what an outlet repeats is counted among what is given. Memory grows
    with the texts given (about 7 kB each), time with the pairs that share something.
    """
    import numpy as np

    ordered = sorted(texts, key=lambda text: (text.published, text.id))
    if len(ordered) < 2:
        return
    matrix, framed = _trigrams(ordered)
    sizes = np.diff(matrix.indptr)
    distinct = _without_common(matrix)
    begin = 0
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
            if count >= _SHARE_WITH_HEADLINE * min(sizes[row], sizes[column]):
                pair = _judge(
                    ordered[column], ordered[row], matrix, framed, (int(column), int(row))
                )
                if pair:
                    yield pair


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


def _trigrams(texts: Sequence[Text]) -> tuple[Any, np.ndarray]:
    """Return (articles, trigrams) as 0/1 without what outlets repeat, and the share left out."""
    import numpy as np
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer=_shingles, n_features=_COLUMNS, binary=True, norm=None, alternate_sign=False
    )
    whole = csr_array(hashing.transform(texts))
    sources = {text.source: n for n, text in enumerate(texts)}
    outlet = np.array([sources[text.source] for text in texts], dtype=np.int64)
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


def _judge(
    first: Text, second: Text, matrix: Any, framed: np.ndarray, rows: tuple[int, int]
) -> Pair | None:
    import numpy as np

    left, right = (matrix.indices[matrix.indptr[r] : matrix.indptr[r + 1]] for r in rows)
    fewest = min(len(left), len(right))
    if fewest < (_FEWEST_OF_SAME if _identical_headlines(first, second) else _FEWEST):
        return None
    share = len(np.intersect1d(left, right, assume_unique=True)) / fewest
    shorter = rows[0] if len(left) <= len(right) else rows[1]
    if first.source == second.source and not _same_piece(
        first, second, share, fewest, float(framed[shorter])
    ):
        return None
    reason = _reason(first, second, share, fewest)
    return Pair(first.id, second.id, round(share, 3), reason) if reason else None


def _same_piece(first: Text, second: Text, share: float, fewest: int, framed: float) -> bool:
    """Say whether two pieces of one outlet may be one, and not two of a series."""
    if _numbers_clash(first, second) and (share < _SHARE_OF_SERIES or fewest < _SURE):
        return False
    likeness = _likeness(first.title, second.title)
    if framed > _FRAME and likeness < _FRAMED_HEADLINE:
        return False
    return likeness >= _FRAMED_HEADLINE or _begin_alike(first.summary, second.summary)


def _reason(first: Text, second: Text, share: float, fewest: int) -> str:
    likeness = _likeness(first.title, second.title)
    told = f"{share:.0%} of the shorter text stands in the longer"
    summaries = first.summary, second.summary
    if not all(summaries):
        inside = _likeness(first.title, second.title, of_shorter=True)
        return told if share >= _SHARE and inside >= _HEADLINE else ""
    if share >= _SHARE:
        return told
    shortest = min(len(_words(first.title)), len(_words(second.title)))
    if (
        first.source != second.source
        and likeness >= _HEADLINE
        and shortest >= _HEADLINE_WORDS
        and share >= _SHARE_WITH_HEADLINE
    ):
        return f"the same headline, and {told}"
    enough = share >= _SHARE_WITH_HEAD and fewest >= _FEWEST_WITH_HEAD
    return f"the same beginning, and {told}" if enough and _begin_alike(*summaries) else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())[:_WORDS]


def _shingles(text: Text) -> Iterator[str]:
    words = _words(f"{text.title} . {text.summary}")
    return (" ".join(words[n : n + 3]) for n in range(len(words) - 2))


def _likeness(one: str, other: str, *, of_shorter: bool = False) -> float:
    """Return how many of their different words two headlines share, from 0 to 1."""
    left, right = set(_words(one)), set(_words(other))
    whole = min(len(left), len(right)) if of_shorter else len(left | right)
    return len(left & right) / whole if whole else 0.0


def _numbers_clash(first: Text, second: Text) -> bool:
    """Say whether each piece has a number that the other lacks: other days, parts, counts."""
    titles = [set(_NUMBER.findall(text.title)) for text in (first, second)]
    if all(titles) and titles[0] != titles[1]:
        return True
    left, right = (set(_NUMBER.findall(f"{t.title} {t.summary}")) for t in (first, second))
    return bool(left - right) and bool(right - left)


def _identical_headlines(first: Text, second: Text) -> bool:
    words = _words(first.title)
    return len(words) >= _SAME_HEADLINE_WORDS and words == _words(second.title)


def _begin_alike(one: str, other: str) -> bool:
    """Say whether two texts share most of their first words, as agency copy and reissues do."""
    left, right = (_words(text)[:_HEAD] for text in (one, other))
    if not left or not right:
        return False
    trigrams = [{tuple(words[n : n + 3]) for n in range(len(words) - 2)} for words in (left, right)]
    fewest = min(map(len, trigrams))
    return bool(fewest) and len(trigrams[0] & trigrams[1]) >= _SHARE_OF_HEAD * fewest
