"""The articles that new ones are compared with: their terms as sparse rows, and when they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.stories.terms import Terms, is_digest
from nlp.stories.words import BUCKETS

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

RARE_TERMS = 14
"""Terms of an article that lead to candidates: its rarest."""
COMMONEST = 400
"""A term in more of the live articles than this leads to none: it would lead to too many."""
AT_ONCE = 4096
"""Articles whose terms are gone through at once, so that what is in between takes little memory."""


@dataclass(frozen=True, slots=True)
class Row:
    """A live article: its terms, when it was published (hours since 1970), language and source."""

    id: str
    terms: Terms
    hours: float
    language: str
    source: str


class Live:
    """The live articles in order of arrival, with their terms side by side in few large arrays."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.hours = np.zeros(0, dtype=np.float64)
        self._kinds = {kind: _Kind() for kind in ("words", "names", "figures")}
        self._weights = np.zeros(0, dtype=np.float16)
        self._in_title = np.zeros(0, dtype=np.bool_)
        self._codes: dict[str, int] = {}
        self._languages = np.zeros(0, dtype=np.int32)
        self._sources = np.zeros(0, dtype=np.int32)
        self._digests = np.zeros(0, dtype=np.bool_)

    def add(self, rows: Sequence[Row]) -> None:
        """Take more articles."""
        if not rows:
            return
        self.ids += [row.id for row in rows]
        self.hours = np.concatenate([self.hours, [row.hours for row in rows]])
        for kind, held in self._kinds.items():
            held.add([getattr(row.terms, kind) for row in rows])
        weights = [row.terms.weights.astype(np.float16) for row in rows]
        self._weights = np.concatenate([self._weights, *weights])
        self._in_title = np.concatenate([self._in_title, *(_in_title(row.terms) for row in rows)])
        digests = [is_digest(row.terms.title) for row in rows]
        self._digests = np.concatenate([self._digests, np.array(digests, dtype=np.bool_)])
        languages = self._numbered([row.language for row in rows])
        self._languages = np.concatenate([self._languages, languages])
        self._sources = np.concatenate([self._sources, self._numbered([r.source for r in rows])])

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Let go of all articles but some."""
        self.ids = [name for name, stays in zip(self.ids, kept.tolist(), strict=True) if stays]
        self.hours, self._sources = self.hours[kept], self._sources[kept]
        self._languages, self._digests = self._languages[kept], self._digests[kept]
        words = np.repeat(kept, np.diff(self._kinds["words"].ends))
        self._weights, self._in_title = self._weights[words], self._in_title[words]
        for held in self._kinds.values():
            held.keep(kept)

    def views(self, idf: Floats) -> Views:
        """Return all articles as matrices, weighted by `idf`."""
        matrices = {kind: held.matrix(idf) for kind, held in self._kinds.items()}
        return Views(
            matrices,
            (self._weights, self._in_title),
            idf,
            (self.hours, self._languages, self._sources, self._digests),
        )

    def _numbered(self, values: Sequence[str]) -> npt.NDArray[np.int32]:
        codes = self._codes
        return np.array([codes.setdefault(value, len(codes)) for value in values], dtype=np.int32)


class _Kind:
    """The numbers of one kind of term, article after article."""

    def __init__(self) -> None:
        self.numbers = np.zeros(0, dtype=np.int32)
        self.ends = np.zeros(1, dtype=np.int32)

    def add(self, numbers: Sequence[npt.NDArray[np.int32]]) -> None:
        ends = self.ends[-1] + np.cumsum([len(each) for each in numbers])
        self.ends = np.concatenate([self.ends, ends.astype(np.int32)])
        self.numbers = np.concatenate([self.numbers, *numbers])

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        lengths = np.diff(self.ends)
        self.numbers = self.numbers[np.repeat(kept, lengths)]
        self.ends = np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.int32)

    def matrix(self, weights: Floats) -> sparse.csr_matrix:
        shape = (len(self.ends) - 1, BUCKETS)
        return sparse.csr_matrix((weights[self.numbers], self.numbers, self.ends), shape=shape)


class Views:
    """Articles as matrices, weighted by inverse document frequency, ready to be compared.

    `words` (rows of length 1), `names` and `figures` are articles x terms. `title` has a weight for
    each place in `words.data`: that of the word in the title alone, 0 where the title lacks it.
    """

    def __init__(
        self,
        matrices: Mapping[str, sparse.csr_matrix],
        said: tuple[npt.NDArray[np.float16], npt.NDArray[np.bool_]],
        idf: Floats,
        facts: tuple[
            npt.NDArray[np.float64],
            npt.NDArray[np.int32],
            npt.NDArray[np.int32],
            npt.NDArray[np.bool_],
        ],
    ) -> None:
        """Take the terms of articles, their hours, languages and sources, and which are digests.

        `matrices` weigh terms by `idf`; `said` tells of each word how often it is said, and whether
        in the title.
        """
        self.idf = idf
        self.words, self.names = matrices["words"], matrices["names"]
        self.figures = matrices["figures"]
        weights, in_title = said
        self.title = self.words.data * in_title
        self.words.data *= weights
        self.lengths = np.diff(self.words.indptr)
        _to_length_1(self.words.data, self.words.indptr)
        _to_length_1(self.title, self.words.indptr)
        self.figures_told = np.diff(self.figures.indptr) > 0
        self.names_mass = _squares(self.names.data, self.names.indptr)
        self.hours, self.languages, self.sources, self.digests = facts

    def candidates(self, first: int, most: int, oldest: float = 0.0) -> tuple[Integers, Integers]:
        """Return pairs (row, earlier row) worth a look, for each row from `first` on.

        They share rare words, names or figures; of each row come at most `most` pairs, those that
        share most. Rows before `oldest` (hours since 1970) are left out.
        """
        rows = np.flatnonzero(self.hours >= oldest)
        left, right = self._candidates(self._keys(rows), int(np.searchsorted(rows, first)), most)
        return rows[left], rows[right]

    def _candidates(
        self, keys: sparse.csr_matrix, first: int, most: int
    ) -> tuple[Integers, Integers]:
        recent = keys[first:]
        scores = (recent @ keys.T).tocsr()
        left, right = [], []
        for at in range(recent.shape[0]):
            begin, end = scores.indptr[at], scores.indptr[at + 1]
            found, weight = scores.indices[begin:end], scores.data[begin:end]
            earlier = found < first + at
            found, weight = found[earlier], weight[earlier]
            if len(found) > most:
                found = found[np.argpartition(-weight, most)[:most]]
            right.append(found)
            left.append(np.full(len(found), first + at))
        if not left:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(left).astype(np.int64), np.concatenate(right).astype(np.int64)

    def _keys(self, rows: Integers) -> sparse.csr_matrix:
        """Return the rarest terms of some rows, without those that too many of them have."""
        pieces = [self._said(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE)]
        counts = np.bincount(np.concatenate([piece.indices for piece in pieces]), minlength=BUCKETS)
        weights = np.where((counts > 1) & (counts <= COMMONEST), self.idf, np.float32(0.0))
        return sparse.vstack([_rarest(piece, weights) for piece in pieces], format="csr")

    def _said(self, rows: Integers) -> sparse.csr_matrix:
        """Return the terms of some rows, of all kinds."""
        words, names, figures = self.words[rows], self.names[rows], self.figures[rows]
        return (_ones(words) + _ones(names) + _ones(figures)).tocsr()


def _rarest(said: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    """Return the `RARE_TERMS` terms of each row that weigh most, without those of no weight."""
    found = weights[said.indices]
    led = np.flatnonzero(found > 0)
    row = np.repeat(np.arange(said.shape[0]), np.diff(said.indptr))[led]
    place = led - said.indptr[row]
    # One sort of whole numbers by row, falling weight and place, each in bits of its own: those of
    # a positive float rise with it, and a row has far fewer terms than places.
    falling = np.int64(0x7FFFFFFF) - found[led].view(np.int32)
    order = np.sort((row << 47) | (falling << 16) | place)
    first = np.searchsorted(row, np.arange(said.shape[0]))
    kept = (order & 0xFFFF) + said.indptr[row]
    kept = np.sort(kept[np.arange(len(led)) - first[row] < RARE_TERMS])
    ends = np.searchsorted(kept, said.indptr)
    return sparse.csr_matrix((found[kept], said.indices[kept], ends), shape=said.shape)


def _ones(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    ones = np.ones(len(matrix.indices), dtype=np.float32)
    return sparse.csr_matrix((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _to_length_1(data: Floats, ends: npt.NDArray[np.int32]) -> None:
    """Scale the data between each two of the `ends` to length 1, in place."""
    norms = np.sqrt(_squares(data, ends)) + 1e-6
    data /= np.repeat(norms, np.diff(ends)).astype(np.float32)


def _squares(data: Floats, ends: npt.NDArray[np.int32]) -> Floats:
    """Return the sum of squares between each two of the `ends`."""
    summed = np.zeros(len(data) + 1)
    np.square(data, out=summed[1:], dtype=np.float64)
    np.cumsum(summed, out=summed)
    squares: Floats = (summed[ends[1:]] - summed[ends[:-1]]).astype(np.float32)
    return squares


def _in_title(terms: Terms) -> npt.NDArray[np.bool_]:
    """Say of each word of an article whether its title has it."""
    said = np.zeros(len(terms.words), dtype=np.bool_)
    said[np.searchsorted(terms.words, terms.title)] = True
    return said
