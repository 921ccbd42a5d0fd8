"""Topics by seed terms alone, for languages that no model was fitted to.

`terms/LANGUAGE.toml` has a list of terms a topic. A term is a word or a phrase of up to three
words; a star at the end of a word stands for any ending, since most languages inflect, and one at
the beginning of a term for any beginning, since German compounds. What is found so is a rule's
word, and nothing is said of an article that no term speaks for.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from models.tags import Origin, TopicScore
from nlp.tfidf import LONGEST_PHRASE, Texts, article_words, words

TERMS = Path(__file__).with_name("terms")
"""The shipped terms, a file a language."""

STAR = "*"
IN_TITLE, IN_SUMMARY = 2, 1
"""What a term counts where it stands, once an article."""
LEAST = 2
"""A topic is given from so much on: a term in the title, or two in the summary.

The only topic that any term speaks for is given for one term in the summary, too."""
SHARE_OF_BEST = 0.5
"""... and where it has this part of what the best topic has."""
MOST_TOPICS = 3
SCORES = {1: 0.4, 2: 0.5, 3: 0.6, 4: 0.7}
HIGHEST = 0.8
"""The scores of topics by what their terms count: chosen, not measured."""


class _Word(NamedTuple):
    """A word of a term, folded: any ending may follow, or any beginning go before."""

    text: str
    opens: bool
    closes: bool = False

    def fits(self, word: str) -> bool:
        if self.closes:
            return self.text in word if self.opens else word.endswith(self.text)
        return word.startswith(self.text) if self.opens else word == self.text


class _Term(NamedTuple):
    term: str
    parts: tuple[_Word, ...]
    slug: str


class TermRules:
    """The seed terms of one language at work; `terms` are those of each topic by its slug."""

    def __init__(self, terms: Mapping[str, Sequence[str]]) -> None:
        self.terms = {slug: tuple(each) for slug, each in terms.items()}
        self._whole: dict[str, list[_Term]] = defaultdict(list)
        self._opening: dict[str, list[_Term]] = defaultdict(list)
        self._inside: list[_Term] = []
        for slug, each in self.terms.items():
            for term in each:
                parts = term_words(term)
                if parts and parts[0].closes:
                    self._inside.append(_Term(term, parts, slug))
                elif parts:
                    first = parts[0]
                    index = self._opening if first.opens else self._whole
                    index[first.text].append(_Term(term, parts, slug))
        self._lengths = sorted({len(text) for text in self._opening})

    @property
    def stamp(self) -> str:
        """A name for exactly these terms."""
        return f"terms-{hashlib.sha256(repr(sorted(self.terms.items())).encode()).hexdigest()[:8]}"

    def tag(self, texts: Texts) -> list[tuple[TopicScore, ...]]:
        """Return the topics that the terms of each (title, summary) claim, best first."""
        return [self._tag(title, summary) for title, summary in texts]

    def found(self, title: str, summary: str) -> dict[str, dict[str, int]]:
        """Return what each topic's terms count in an article, by slug and term."""
        found: dict[str, dict[str, int]] = {}
        for said, counts in zip(article_words(title, summary), (IN_TITLE, IN_SUMMARY), strict=True):
            for at, word in enumerate(said):
                for term in self._beginning_with(word):
                    rest = said[at : at + len(term.parts)]
                    fits = len(rest) == len(term.parts) and all(
                        part.fits(each) for part, each in zip(term.parts, rest, strict=True)
                    )
                    if fits:
                        found.setdefault(term.slug, {}).setdefault(term.term, counts)
        return found

    def _beginning_with(self, word: str) -> list[_Term]:
        terms = list(self._whole.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            terms += self._opening.get(word[:length], ())
        return terms + [term for term in self._inside if term.parts[0].fits(word)]

    def _tag(self, title: str, summary: str) -> tuple[TopicScore, ...]:
        counts = {slug: sum(t.values()) for slug, t in self.found(title, summary).items()}
        best = max(counts.values(), default=0)
        least = LEAST if len(counts) > 1 else 1
        given = [
            (-count, slug)
            for slug, count in counts.items()
            if count >= least and count >= SHARE_OF_BEST * best
        ]
        return tuple(
            TopicScore(slug, SCORES.get(-count, HIGHEST), Origin.RULE)
            for count, slug in sorted(given)[:MOST_TOPICS]
        )


def term_words(term: str) -> tuple[_Word, ...]:
    """Return the words of a term as they are compared, () for one that can't be matched."""
    parts: list[_Word] = []
    vanished = 0
    for written in term.split():
        *before, last = words(written.removesuffix(STAR)) or [""]
        vanished += not last
        parts += [_Word(word, opens=False) for word in before]
        closes = not parts and not before and written.startswith(STAR)
        parts += [_Word(last, written.endswith(STAR), closes)] if last else []
    # Words of one letter are not seen in texts either: what is left must still be a phrase.
    is_whole = not vanished or len(parts) > 1
    return tuple(parts) if is_whole and 0 < len(parts) <= LONGEST_PHRASE else ()


def shipped_terms(language: str) -> dict[str, tuple[str, ...]]:
    """Return the shipped terms of a language by slug, {} where there are none."""
    path = TERMS / f"{language}.toml"
    if not path.exists():
        return {}
    lists: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {slug: tuple(terms) for slug, terms in lists.items()}


def shipped_languages() -> tuple[str, ...]:
    """Return the languages that have shipped terms, by ISO 639-1 code."""
    return tuple(sorted(path.stem for path in TERMS.glob("??.toml")))
