"""All words of an index, and how many articles have each: for prefixes, patterns, typing errors."""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.query.nodes import Fuzzy, Prefix, Wildcard
from search.text.words import LONGEST, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray


ADDRESS_PARTS = frozenset(
    ("http", "https", "www", "com", "org", "html", "htm", "php", "aspx", "utm", "href", "amp")
)
"""Words that come from web addresses in texts, and that no one asks for."""
_SURELY = 50
"""How many times as common a word must be as one that some article has, to be meant by it."""
_SHORTEST_HALF = 3
"""Letters that each of two words written as one must have."""


class Vocabulary:
    """Words in order, each with the number of articles that have it (`counts`)."""

    def __init__(self, words: Sequence[str], counts: NDArray[np.int64]) -> None:
        self.words = words
        self.counts = counts
        self._shape: tuple[NDArray[np.int64], NDArray[np.uint64]] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def count(self, word: str) -> int:
        """Return how many articles have a word."""
        at = bisect_left(self.words, word)
        return int(self.counts[at]) if at < len(self.words) and self.words[at] == word else 0

    def beginning(self, prefix: str) -> Vocabulary:
        """Return the words that begin so."""
        places = self.with_prefix(prefix)
        return Vocabulary(
            self.words[places.start : places.stop], self.counts[places.start : places.stop]
        )

    def with_prefix(self, prefix: str) -> range:
        """Return where the words stand that begin so."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff")
        return range(first, last)

    def matching(self, pattern: str) -> list[int]:
        """Return where the words stand that have this shape (`*` any run, `?` one character)."""
        begin = re.split(r"[*?]", pattern, maxsplit=1)[0]
        places = self.with_prefix(begin) if begin else range(len(self))
        words = self.words
        match pattern.split("*"):
            case ["", end] if "?" not in end:
                return [place for place in places if words[place].endswith(end)]
            case ["", inside, ""] if "?" not in inside:
                return [place for place in places if inside in words[place]]
        fits = shape_regex(pattern).fullmatch
        return [place for place in places if fits(words[place])]

    def near(
        self, word: str, distance: int, prefix: int = 0, least: int = 0
    ) -> list[tuple[int, int]]:
        """Return (edits, place) of the words at most `distance` edits away, nearest first.

        An edit adds, drops or changes a letter or swaps two neighbours. The first `prefix` letters
        must be the same, and at least `least` articles must have the word. Words of other lengths
        or other letters are left out before comparing.
        """
        if self._shape is None:
            self._shape = _shapes(self.words)
        lengths, letters = self._shape
        length, signature = (int(part[0]) for part in _shapes([word]))
        near = (np.abs(lengths - length) <= distance) & (
            np.bitwise_count(letters ^ np.uint64(signature)) <= 2 * distance
        )
        near &= self.counts >= least
        start = word[:prefix]
        found = []
        for place in np.flatnonzero(near).tolist():
            other = self.words[place]
            if other.startswith(start):
                edits = edit_distance(word, other, distance)
                if edits <= distance:
                    found.append((edits, place))
        return sorted(found)

    def expanded(self, node: Prefix | Wildcard | Fuzzy) -> tuple[str, Sequence[int]]:
        """Return a pattern as people type it, and where the words stand that it stands for."""
        if isinstance(node, Prefix):
            return f"{node.text}*", self.with_prefix(fold(node.text))
        if isinstance(node, Wildcard):
            return node.pattern, self.matching(fold(node.pattern))
        near = self.near(fold(node.text), node.distance, node.prefix)
        return f"{node.text}~{node.distance}", [place for _, place in near]

    def commonest(self, places: Sequence[int], limit: int) -> list[str]:
        """Return the `limit` words at these places that most articles have."""
        order = np.argsort(-self.counts[np.asarray(places, dtype=np.int64)], kind="stable")
        return [self.words[places[at]] for at in order[:limit].tolist()]

    def meant(self, word: str) -> str:
        """Return what was probably meant by a word that hardly any article has, or "".

        That is another word, or the two that were written as one.
        """
        word = fold(word)
        mine = self.count(word)
        if len(word) < 4 or any(letter.isdigit() for letter in word) or mine > 3:
            return ""
        best: tuple[float, str] = (0.0, "")
        least = max(2, mine * _SURELY)
        for edits, place in self.near(word, 1 if len(word) < 6 else 2, least=least):
            if edits:
                other, count = self.words[place], int(self.counts[place])
                # One edit more must be much commoner to be meant; so must another first letter.
                value = count / 20.0 ** (edits - 1) / (1 if other[0] == word[0] else 5)
                best = max(best, (value, other))
        for half, rest in halves(word):
            # As unlikely as a second edit; the rarer of both says how often they are met together.
            count = min(self.count(half), self.count(rest))
            if count >= least:
                best = max(best, (count / 20.0, f"{half} {rest}"))
        return best[1]

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Return the commonest words that begin so, none for no beginning.

        The pieces of web addresses are left out.
        """
        prefix = fold(prefix)
        if not prefix:
            return []
        found = self.commonest(self.with_prefix(prefix), limit + len(ADDRESS_PARTS))
        return [word for word in found if word not in ADDRESS_PARTS][:limit]

    def to_bytes(self) -> bytes:
        """Return the vocabulary as a file holds it."""
        file = io.BytesIO()
        blob = np.frombuffer("\n".join(self.words).encode("utf-8", "surrogatepass"), np.uint8)
        np.savez(file, words=blob, counts=self.counts)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Vocabulary:
        """Read what `to_bytes` made; raises ValueError or KeyError for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            text = arrays["words"].tobytes().decode("utf-8", "surrogatepass")
            return cls(text.split("\n") if text else [], arrays["counts"])


def beginning(node: Prefix | Wildcard | Fuzzy) -> str:
    """Return how all words begin that a pattern stands for, "" where any beginning will do."""
    match node:
        case Prefix():
            return fold(node.text)
        case Wildcard():
            return re.split(r"[*?]", fold(node.pattern), maxsplit=1)[0]
        case Fuzzy():
            return fold(node.text)[: node.prefix]


def halves(word: str) -> list[tuple[str, str]]:
    """Return the two words that one may have been written from, cut at each place in turn."""
    cuts = range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
    return [(word[:cut], word[cut:]) for cut in cuts]


def joined(parts: Sequence[Vocabulary]) -> Vocabulary:
    """Return the words of several vocabularies, their counts added."""
    if len(parts) == 1:
        return parts[0]
    words = sorted(set[str]().union(*(part.words for part in parts)))
    places = {word: place for place, word in enumerate(words)}
    counts = np.zeros(len(words), dtype=np.int64)
    for part in parts:
        here = np.fromiter(map(places.__getitem__, part.words), np.int64, len(part.words))
        counts[here] += part.counts
    return Vocabulary(words, counts)


def shape_regex(pattern: str) -> re.Pattern[str]:
    """Return the expression for words of a shape, for `fullmatch`.

    Each piece between stars is looked for once, from the left, so that no pattern is slow.
    """

    def piece(text: str) -> str:
        return "".join("." if c == "?" else re.escape(c) for c in text)

    pieces = pattern.split("*")
    if len(pieces) == 1:
        return re.compile(piece(pattern), re.DOTALL)
    middle = "".join(f"(?>.*?{piece(text)})" for text in pieces[1:-1] if text)
    return re.compile(f"{piece(pieces[0])}{middle}.*{piece(pieces[-1])}", re.DOTALL)


def _shapes(words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the length of each word, and which letters it has as bits."""
    lengths = np.fromiter((len(word) for word in words), np.int64, len(words))
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    bits = np.left_shift(np.uint64(1), codes.astype(np.uint64) & np.uint64(63))
    letters = np.zeros(len(words), np.uint64)
    filled = lengths > 0
    if filled.any():
        starts = (np.cumsum(lengths) - lengths)[filled]
        letters[filled] = np.bitwise_or.reduceat(bits, starts)
    return lengths, letters


def edit_distance(one: str, other: str, limit: int) -> int:
    """Return how many edits lie between two words, or `limit` + 1 where there are more.

    Optimal string alignment: letters added, dropped, changed, or swapped with their neighbour.
    """
    one, other = one[:LONGEST], other[:LONGEST]
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_last, before = before, row
        # Only cells near the diagonal can be within the limit; the others stay beyond it.
        row = [limit + 1] * (len(other) + 1)
        row[0] = i
        for j in range(max(1, i - limit), min(len(other), i + limit) + 1):
            opposite = other[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, before_last[j - 2] + 1)
            row[j] = cost
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def counted(words: Iterable[tuple[str, int]]) -> Vocabulary:
    """Return the vocabulary of (word, count) pairs that come in order."""
    pairs = list(words)
    counts = np.array([count for _, count in pairs], dtype=np.int64)
    return Vocabulary([word for word, _ in pairs], counts)
