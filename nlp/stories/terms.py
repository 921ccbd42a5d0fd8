"""From an article to the numbered terms by which it is compared: words, names, figures.

Terms are numbered by a hash (Weinberger et al. 2009, "Feature hashing"), so that no vocabulary has
to be kept and a term of tomorrow has its number already. A word counts by the logarithm of how
often it is said, those of the title twice.

Three kinds of terms are told apart, since they say different things of two articles:

- *words* of title and summary, cut to a stem of `STEM` letters, which serves the languages that
  inflect by endings about as well as a stemmer of each of them;
- *names*: canonical entities by their key, and the first letters of capitalised words, which are
  the same in most languages of one script (`Zelensky`, `Zelenskiego`, `Zelenskyy`);
- *figures*: numbers in digits (`1,400` is `1400`), which two accounts of one event share.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.stories import StoryArticle

BUCKETS = 1 << 20
"""Numbers that terms are hashed to."""
STEM = 6
NAME_LETTERS = 5
"""Letters of a capitalised word that stand for the name."""
MAX_TITLE, MAX_SUMMARY = 400, 900
"""Characters that are read; what follows in a feed is seldom about the event any more."""
CACHED = 400_000
"""Surface forms whose numbers are remembered."""

tokens = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{2,}").findall
_YEAR = re.compile(r"(?:19|20)\d\d").fullmatch
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "s"})

Numbers = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one article: numbers in rising order, and what each weighs before its idf."""

    words: Numbers
    weights: Weights
    title: Numbers
    names: Numbers
    figures: Numbers


def bucket(term: str) -> int:
    """Return the number of a term."""
    return zlib.crc32(term.encode()) & (BUCKETS - 1)


def folded(word: str) -> str:
    """Return a word in lower case and without accents."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKD", word.translate(_STROKES))
    return "".join(letter for letter in word if not unicodedata.combining(letter)).lower()


class Reader:
    """Reads the terms of articles; it remembers the numbers of words that it met."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}

    def read(self, article: StoryArticle) -> Terms:
        """Return the terms of an article."""
        title, title_names, figures = self._read(article.title[:MAX_TITLE])
        summary, names, more = self._read(article.summary[:MAX_SUMMARY])
        counts = Counter(summary)
        for word in title:
            counts[word] += 2
        # In headlines that capitalise every word, a capital says nothing.
        if len(title_names) * 10 <= len(title) * 6 or len(title) < 3:
            names |= title_names
        named = names | {bucket(f"entity {key}") for key in article.entities}
        words = np.fromiter(sorted(counts), dtype=np.int32, count=len(counts))
        return Terms(
            words=words,
            # Half precision is what the store keeps: a restart is to change nothing.
            weights=np.array(
                [1.0 + math.log(counts[word]) for word in words.tolist()], dtype=np.float16
            ).astype(np.float32),
            title=_rising(set(title)),
            names=_rising(named),
            figures=_rising(figures | more),
        )

    def _read(self, text: str) -> tuple[list[int], set[int], set[int]]:
        """Return the numbers of the words, of the capitalised ones, and of the figures."""
        words: list[int] = []
        names: set[int] = set()
        figures: set[int] = set()
        known = self._known
        for token in tokens(text):
            found = known.get(token)
            if found is None:
                found = self._learn(token)
            word, name = found
            words.append(word)
            if name >= 0:
                (figures if token[0].isdigit() else names).add(name)
        return words, names, figures

    def _learn(self, token: str) -> tuple[int, int]:
        if token[0].isdigit():
            plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", token).replace(",", ".")
            number = bucket(f"figure {plain}")
            telling = len(plain) > 1 and not _YEAR(plain)
            found = (number, number if telling else -1)
        else:
            word = folded(token)
            named = token[0].isupper() and len(word) >= 3
            name = bucket(f"name {word[:NAME_LETTERS]}") if named else -1
            found = (bucket(f"word {word[:STEM]}"), name)
        if len(self._known) >= CACHED:
            self._known.clear()
        self._known[token] = found
        return found


def _rising(numbers: set[int]) -> Numbers:
    return np.fromiter(sorted(numbers), dtype=np.int32, count=len(numbers))


def pack(terms: Terms) -> bytes:
    """Return terms as bytes, for the store."""
    kinds = (terms.words, terms.title, terms.names, terms.figures)
    lengths = np.array([len(each) for each in kinds], dtype="<u2")
    parts = [lengths, *(each.astype("<i4") for each in kinds), terms.weights.astype("<f2")]
    return b"".join(part.tobytes() for part in parts)


def unpack(packed: bytes) -> Terms:
    """Return the terms that `pack` wrote."""
    lengths = np.frombuffer(packed, dtype="<u2", count=4).astype(np.int64)
    numbers = np.frombuffer(packed, dtype="<i4", offset=8, count=int(lengths.sum()))
    words, title, names, figures = np.split(numbers, np.cumsum(lengths)[:3])
    weights = np.frombuffer(packed, dtype="<f2", offset=8 + 4 * len(numbers))
    return Terms(words, weights.astype(np.float32), title, names, figures)
