"""From an article to the numbered terms by which it is compared: words, names, figures.

Terms are numbered by a hash (Weinberger et al. 2009, "Feature hashing"), so that no vocabulary has
to be kept and a term of tomorrow has its number already. A word counts by the logarithm of how
often it is said, those of the title twice.

Three kinds of terms are told apart, since they say different things of two articles:

- *words* of title and summary, cut to a stem of `STEM` letters, which serves the languages that
  inflect by endings about as well as a stemmer of each of them, and read as English (`words.py`);
- *names*: canonical entities by their key, and the first letters of capitalised words, which are
  the same in most languages of one script (`Zelensky`, `Zelenskiego`, `Zelenskyy`);
- *figures*: numbers in digits (`1,400` is `1400`), which two accounts of one event share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.stories import StoryArticle
from nlp.stories.words import (
    BUCKETS,
    STEM,
    Numbers,
    Places,
    bucket,
    folded,
    in_latin,
    tokens,
    word_number,
    word_table,
)

_SHIFT = BUCKETS.bit_length() - 1
NAME_LETTERS = 5
"""Letters of a capitalised word that stand for the name."""
MAX_TITLE, MAX_SUMMARY = 400, 900
"""Characters that are read; what follows in a feed is seldom about the event any more."""
DIGESTS = (
    *(("briefing",), ("roundup",), ("round", "up"), ("newsletter",), ("the", "papers")),
    *(("key", "events"), ("daily", "open"), ("war", "live"), ("news", "quiz")),
    *(("best", "deals"), ("friday", "deals"), ("monday", "deals")),
    *(("kurs", "pln"), ("kursy", "walut")),
    *(("goscie",), ("przeglad", "prasy"), ("relacja", "zywo"), ("nachrichten", "uberblick")),
)
"""Words of a title that tell a digest, which has several events, from an article on one.

Lists of offers and daily tables of exchange rates count as such.
"""
CACHED = 100_000
"""Surface forms whose numbers are remembered."""

_YEAR = re.compile(r"(?:19|20)\d\d").fullmatch

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one article: numbers in rising order, and what each weighs before its idf."""

    words: Numbers
    weights: Weights
    title: Numbers
    names: Numbers
    figures: Numbers


_DIGESTS = tuple(frozenset(word_number(word[:STEM]) for word in each) for each in DIGESTS)


def is_digest(title: Numbers) -> bool:
    """Say of the words of a title whether they announce a digest (`DIGESTS`)."""
    said = set(title.tolist())
    return any(each <= said for each in _DIGESTS)


class Reader:
    """Reads the terms of articles; it remembers the numbers of words that it met."""

    def __init__(self) -> None:
        self._forms: dict[str, int] = {}
        self._words, self._names, self._figures = _Numbers(), _Numbers(), _Numbers()
        self._entities: dict[str, int] = {}

    def read(self, articles: Sequence[StoryArticle]) -> list[Terms]:
        """Return the terms of each article."""
        if not articles:
            return []
        if len(self._forms) >= CACHED:
            self.__init__()  # type: ignore[misc] # all that is remembered goes
        forms_said: list[int] = []
        lengths, titles = [], []
        for article in articles:
            here = self._read(article.title[:MAX_TITLE])
            titles.append(len(here))
            here += self._read(article.summary[:MAX_SUMMARY])
            lengths.append(len(here))
            forms_said += here
        forms = np.array(forms_said, dtype=np.int64)
        rows = np.repeat(np.arange(len(articles), dtype=np.int64), lengths)
        begins = np.cumsum(lengths) - lengths
        in_title = np.arange(len(forms)) - begins[rows] < np.array(titles)[rows]
        languages = [article.language for article in articles]
        said, of = _in_english(self._words.of(forms), rows, languages)
        words, counts = _distinct(rows[of], said, in_title[of].astype(np.float64) + 1.0)
        title, _ = _distinct(rows[of][in_title[of]], said[in_title[of]])
        names, figures = self._names.of(forms), self._figures.of(forms)
        named, numbered = names >= 0, figures >= 0
        shown, _ = _distinct(rows[in_title & named], names[in_title & named])
        # In headlines that capitalise every word, a capital says nothing.
        length = np.array(titles)
        telling = np.bincount(shown >> _SHIFT, minlength=len(articles)) * 10 <= length * 6
        named &= ~in_title | (telling | (length < 3))[rows]
        keys = [self._entity(key) for article in articles for key in article.entities]
        tagged = np.repeat(np.arange(len(articles)), [len(each.entities) for each in articles])
        names, _ = _distinct(
            np.concatenate([rows[named], tagged]),
            np.concatenate([names[named], np.array(keys, dtype=np.int64)]),
        )
        figures, _ = _distinct(rows[numbered], figures[numbered])
        # Half precision is what the store keeps: a restart is to change nothing.
        weights = (1.0 + np.log(counts)).astype(np.float16).astype(np.float32)
        kinds = [_by_article(each, len(articles)) for each in (words, title, names, figures)]
        ends = np.cumsum([len(each) for each in kinds[0]])[:-1]
        return [
            Terms(*each) for each in zip(kinds[0], np.split(weights, ends), *kinds[1:], strict=True)
        ]

    def _read(self, text: str) -> list[int]:
        """Return the surface forms of a text by their numbers."""
        said = tokens(text)
        forms = list(map(self._forms.get, said))
        if None in forms:
            return [
                self._learn(token) if form is None else form
                for token, form in zip(said, forms, strict=True)
            ]
        return forms  # type: ignore[return-value] # none of them is None

    def _learn(self, token: str) -> int:
        known = self._forms.get(token)
        if known is not None:
            return known
        name = figure = -1
        if token[0].isdigit():
            plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", token).replace(",", ".")
            word = bucket(f"figure {plain}")
            if len(plain) > 1 and not _YEAR(plain):
                figure = word
        else:
            lower = folded(token)
            word = word_number(lower[:STEM])
            if token[0].isupper() and len(lower) >= 3:
                name = bucket(f"name {in_latin(lower)[:NAME_LETTERS]}")
        self._words.append(word)
        self._names.append(name)
        self._figures.append(figure)
        return self._forms.setdefault(token, len(self._forms))

    def _entity(self, key: str) -> int:
        number = self._entities.get(key)
        if number is None:
            number = self._entities[key] = bucket(f"entity {key}")
        return number


class _Numbers:
    """A growing list of numbers that is read many at a time."""

    def __init__(self) -> None:
        self._held = np.zeros(1024, dtype=np.int64)
        self._count = 0

    def append(self, number: int) -> None:
        if self._count == len(self._held):
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._held[self._count] = number
        self._count += 1

    def of(self, places: Places) -> Places:
        return self._held[places]


def _in_english(words: Places, rows: Places, languages: Sequence[str]) -> tuple[Places, Places]:
    """Return the words of articles as English ones, and which of `words` each stands for.

    `rows` has the article of each word, `languages` the language of each article.
    """
    of = np.arange(len(words), dtype=np.int64)
    for language in set(languages):
        if table := word_table(language):
            foreign = np.array([each == language for each in languages])[rows[of]]
            english, at = table.translate(words[foreign])
            words = np.concatenate([words[~foreign], english])
            of = np.concatenate([of[~foreign], of[foreign][at]])
    return words, of


def _distinct(
    rows: Places,
    terms: Places,
    weights: npt.NDArray[np.float64] | None = None,
) -> tuple[Places, npt.NDArray[np.float64]]:
    """Return the distinct terms of each row, as row and term in one number, rising.

    With `weights`, also the sum of those of each.
    """
    keys = (rows << _SHIFT) | terms
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    if weights is None or not len(keys):
        return keys[begins], np.zeros(0)
    return keys[begins], np.add.reduceat(weights[order], begins)


def _by_article(keys: Places, articles: int) -> list[Numbers]:
    """Return the terms of each article from what `_distinct` gives."""
    ends = np.searchsorted(keys >> _SHIFT, np.arange(1, articles))
    return np.split((keys & (BUCKETS - 1)).astype(np.int32), ends)


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
    weights = np.frombuffer(packed, dtype="<f2", offset=8 + 4 * len(numbers))
    words, title, names, _ = np.cumsum(lengths).tolist()
    return Terms(
        numbers[:words],
        weights.astype(np.float32),
        numbers[words:title],
        numbers[title:names],
        numbers[names:],
    )
