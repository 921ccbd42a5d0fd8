"""Text to numbers: the words and phrases of an article as a TF-IDF row, many thousand a second."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Texts = Sequence[tuple[str, str]]
"""Titles and summaries."""

FloatArray = npt.NDArray[np.float32]

MAX_TITLE = 400
MAX_SUMMARY = 600
SUMMARY_WORDS = 50
TITLE_WEIGHT = 2
LONGEST_PHRASE = 3
WHOLE = 400
"""So many letters of a word are looked at where a language does not need it cut: all of them."""
BATCH = 5_000
"""Articles that are counted at once: their words are Python objects until then."""

_find_words = re.compile(r"\w\w+").findall
_find_parts = re.compile(r"\w+").findall


def words(text: str) -> list[str]:
    """Split text into words of two letters or more, in lower case and without accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _find_words(text.lower())


def article_words(title: str, summary: str) -> tuple[list[str], list[str]]:
    """Return the words of a title and the first fifty of a summary."""
    return words(title[:MAX_TITLE]), words(summary[:MAX_SUMMARY])[:SUMMARY_WORDS]


def count_articles(
    texts: Iterable[tuple[str, str]], letters: int = WHOLE
) -> tuple[Counter[str], int]:
    """Count in how many articles each word occurs, and the articles; memory grows with words.

    Words are cut to their first `letters`, as in a `Vocabulary`.
    """
    counts: Counter[str] = Counter()
    articles = 0
    for title, summary in texts:
        head, tail = article_words(title, summary)
        counts.update({word[:letters] for word in (*head, *tail)})
        articles += 1
    return counts, articles


class Vocabulary:
    """The words and phrases that a model knows, each with its inverse document frequency.

    `terms` are distinct, folded as by `words` and joined by single spaces, at most
    `LONGEST_PHRASE` words each; `idf` has one figure a term. Of a word only the first `letters`
    are looked at: a plain stemmer for languages that inflect much.
    """

    def __init__(self, terms: Sequence[str], idf: npt.ArrayLike, letters: int = WHOLE) -> None:
        self.letters = letters
        self.terms = tuple(terms)
        self.idf: FloatArray = np.asarray(idf, dtype=np.float32)
        if len(set(self.terms)) != len(self.terms) or self.idf.shape != (len(self.terms),):
            raise ValueError("a vocabulary needs distinct terms and one idf for each")

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def columns(self) -> dict[str, int]:
        """Return where each term stands."""
        return {term: column for column, term in enumerate(self.terms)}

    @cached_property
    def _phrases(self) -> _Phrases:
        return _Phrases(self.terms)

    def counts(self, texts: Texts) -> sparse.csr_matrix:
        """Count terms by article: one row an article, one column a term, title words twice."""
        parts = [self._counts(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        if len(parts) == 1:
            return parts[0]
        empty = sparse.csr_matrix((0, len(self)), dtype=np.float32)
        return sparse.vstack([empty, *parts], format="csr")

    def _counts(self, texts: Texts) -> sparse.csr_matrix:
        phrases = self._phrases
        lookup, letters = phrases.words.get, self.letters
        flat: list[int] = []
        lengths = np.empty((len(texts), 2), dtype=np.int64)
        for row, (title, summary) in enumerate(texts):
            head, tail = article_words(title, summary)
            flat += [lookup(word[:letters], -1) for word in head]
            flat += [lookup(word[:letters], -1) for word in tail]
            lengths[row] = len(head), len(tail)
        found = np.array(flat, dtype=np.int64)
        # A phrase never reaches from the title into the summary: each is a piece of its own.
        pieces = np.repeat(np.arange(2 * len(texts)), lengths.ravel())
        rows, columns, weights = phrases.find(found, pieces)
        return _summed(rows, columns, weights, (len(texts), len(self)))

    def matrix(self, texts: Texts) -> sparse.csr_matrix:
        """Return TF-IDF rows of length 1 (0 where no term is known), counts damped by 1 + log."""
        matrix = self.counts(texts)
        data = (1 + np.log(matrix.data)) * self.idf[matrix.indices]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        norms = np.sqrt(np.bincount(rows, data * data, minlength=matrix.shape[0]))
        matrix.data = (data / norms[rows]).astype(np.float32)
        return matrix


class _Phrases:
    """Finds terms of one, two and three words in a stream of word numbers, all at once."""

    def __init__(self, terms: Sequence[str]) -> None:
        split = [tuple(term.split(" ")) for term in terms]
        if any(len(parts) > LONGEST_PHRASE or "" in parts for parts in split):
            raise ValueError(f"a term has 1 to {LONGEST_PHRASE} words")
        self.words: dict[str, int] = {}
        for parts in split:
            for part in parts:
                self.words.setdefault(part, len(self.words))
        self._single = np.full(len(self.words) + 1, -1, dtype=np.int64)
        keys: dict[int, list[tuple[int, int]]] = {2: [], 3: []}
        for column, parts in enumerate(split):
            numbers = [self.words[part] for part in parts]
            if len(parts) == 1:
                self._single[numbers[0]] = column
            else:
                keys[len(parts)].append((self._key(numbers), column))
        self._known = {
            size: np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
            for size, found in keys.items()
        }

    def _key(self, numbers: Sequence[Any]) -> Any:
        key = numbers[0]
        for number in numbers[1:]:
            key = key * (len(self.words) + 1) + number
        return key

    def find(
        self, found: npt.NDArray[np.int64], pieces: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], FloatArray]:
        """Return article, column and weight of every term; even pieces are titles."""
        hits = [(np.arange(len(found)), self._single[found])]
        for size, known in self._known.items():
            if len(known) and len(found) >= size:
                hits.append(self._find_phrases(found, pieces, size, known))
        places = np.concatenate([place[column >= 0] for place, column in hits])
        columns = np.concatenate([column[column >= 0] for _, column in hits])
        piece = pieces[places]
        weights = np.where(piece % 2 == 0, TITLE_WEIGHT, 1).astype(np.float32)
        return piece // 2, columns, weights

    def _find_phrases(
        self,
        found: npt.NDArray[np.int64],
        pieces: npt.NDArray[np.int64],
        size: int,
        known: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return where phrases of `size` words begin, and the column of each (-1: not known)."""
        last = len(found) - size + 1
        windows = [found[offset : last + offset] for offset in range(size)]
        whole = pieces[:last] == pieces[size - 1 :]
        for window in windows:
            whole = whole & (window >= 0)
        places = np.flatnonzero(whole)
        keys = self._key([window[places] for window in windows])
        index = np.searchsorted(known[:, 0], keys).clip(max=len(known) - 1)
        return places, np.where(known[index, 0] == keys, known[index, 1], -1)


def _summed(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    weights: FloatArray,
    shape: tuple[int, int],
) -> sparse.csr_matrix:
    matrix = sparse.coo_matrix((weights, (rows, columns)), shape=shape, dtype=np.float32).tocsr()
    matrix.sum_duplicates()
    return matrix


def fold_term(term: str, letters: int = WHOLE) -> str:
    """Return a seed term as `Vocabulary` writes it, "" where it can't be matched.

    That is a term of more than three words, or with a word of one letter (`f-16`, `k-pop`), of
    which too little would remain.
    """
    parts = words(term)
    whole = len(parts) == len(_find_parts(term))
    parts = [part[:letters] for part in parts]
    return " ".join(parts) if whole and 0 < len(parts) <= LONGEST_PHRASE else ""
