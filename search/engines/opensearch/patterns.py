"""Prefixes, wildcards and fuzzy words in OpenSearch: which words they stand for, within limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.errors import UnsupportedQueryError
from search.document import TEXT_FIELDS
from search.engines.opensearch.dsl import (
    MAX_DISTANCE,
    MAX_REGEX,
    NOTHING,
    Dsl,
    begins,
    best_of,
    escaped,
    native,
    shape,
)
from search.engines.opensearch.lookup import (
    IndexLookup,
    counted,
    found_in,
    nearby,
    suggested,
    words_matching,
)
from search.engines.opensearch.schema import VOCABULARY, exact_field
from search.limits import Limits
from search.query.nodes import Fuzzy, Node, Prefix, Wildcard
from search.ranking import SATURATION, WEIGHTS
from search.text.words import fold
from search.vocabulary import edit_distance

UNLIMITED = 10_000
"""The limit that stands for none: OpenSearch then expands patterns itself, without scores."""


@dataclass(frozen=True, slots=True)
class _Expanded:
    """The words a pattern stands for, and about how many articles have each, and any.

    Not the `whole` where there were too many articles to look through.
    """

    counts: dict[str, int]
    articles: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiles patterns in text, by what was looked up of the index, within limits."""

    index: IndexLookup
    limits: Limits

    def query(self, node: Prefix | Wildcard | Fuzzy, *, scored: bool) -> Dsl:
        """Return the query for the words of a pattern, all ranked alike."""
        words_of = None if self._unlimited(node) else self._expanded(node)
        in_fields = (node.field,) if node.field else TEXT_FIELDS
        if not scored:
            return _words(node, words_of, exact_field(node.field) if node.field else VOCABULARY)
        rarity = self.index.idf(words_of.articles) if words_of else 1.0
        return best_of(
            [
                {
                    "constant_score": {
                        "filter": _words(node, words_of, exact_field(name)),
                        "boost": rarity * WEIGHTS[name] / (SATURATION + WEIGHTS[name]),
                    }
                }
                for name in in_fields
            ]
        )

    def _unlimited(self, node: Node) -> bool:
        return self.limits.expansions >= UNLIMITED and not isinstance(node, Fuzzy)

    def _expanded(self, node: Prefix | Wildcard | Fuzzy) -> _Expanded:
        """Return the words a pattern stands for; the commonest, where they are too many."""
        limit = self.limits.expansions
        if isinstance(node, Fuzzy):
            counts = self._near(node, limit)
            found = _Expanded(counts, sum(counts.values()), whole=True)
            shown = f"{node.text}~{node.distance}"
        elif isinstance(node, Prefix):
            shown = f"{node.text}*"
            found = self._matching(node, begins(fold(node.text)), limit)
        else:
            shown, found = node.pattern, self._matching(node, shape(fold(node.pattern)), limit)
        if len(found.counts) <= limit:
            return found
        self.limits.note(
            f"{shown} stands for more than {limit:,} words; the {limit:,} commonest were searched"
        )
        kept = sorted(found.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        return _Expanded(dict(kept), found.articles, whole=True)

    def _matching(self, node: Prefix | Wildcard, regex: str, limit: int) -> _Expanded:
        if len(regex) > MAX_REGEX:
            raise UnsupportedQueryError(f"The pattern {regex[:50]}... is too long for OpenSearch")
        answer = self.index.look_up(words_matching(native(node, VOCABULARY), regex, limit + 1))
        whole = not (answer or {}).get("terminated_early")
        return _Expanded(counted(answer), found_in(answer), whole=whole)

    def _near(self, node: Fuzzy, limit: int) -> dict[str, int]:
        """Return the words at most `distance` edits away, with how many articles have each."""
        if node.distance > MAX_DISTANCE:
            raise UnsupportedQueryError(
                f"OpenSearch finds words that are at most {MAX_DISTANCE} edits away, "
                f"not {node.distance}"
            )
        text = fold(node.text)
        if not text:
            return {}
        asked = nearby(text, node.distance, node.prefix, limit + 1)
        answer = self.index.look_up(asked)
        counts = {text: 1} | suggested(answer)
        regex = _short_neighbours(text, node.distance)
        if regex:
            counts |= self._matching(Wildcard("*"), regex, UNLIMITED).counts
        begin = text[: node.prefix]
        return {
            word: count
            for word, count in counts.items()
            if word.startswith(begin) and edit_distance(text, word, node.distance) <= node.distance
        }


def _words(node: Prefix | Wildcard | Fuzzy, expanded: _Expanded | None, in_field: str) -> Dsl:
    """Return the query for the words of a pattern: as they were looked up, if all of them were."""
    if expanded and (expanded.whole or isinstance(node, Fuzzy)):
        return {"terms": {in_field: list(expanded.counts)}} if expanded.counts else NOTHING
    assert not isinstance(node, Fuzzy)  # noqa: S101 - those are always looked up
    return native(node, in_field)


def _short_neighbours(text: str, distance: int) -> str:
    """Return the expression for the near words that OpenSearch's automata leave out, or "".

    Those are words that have no more letters than there are edits, or are near to one that has:
    `a` and `b` are one edit apart and share nothing.
    """
    if len(text) > 2 * distance:
        return ""
    current = {tuple(text)}
    for _ in range(distance):
        current |= {edited for letters in current for edited in _edits(letters)}
    shapes = {
        "".join("." if letter == "?" else escaped(letter) for letter in letters)
        for letters in current
        if letters and (len(text) <= distance or len(letters) <= distance)
    }
    return "|".join(sorted(shapes))


def _edits(letters: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Yield what one edit makes of some letters; ? is any letter."""
    for at in range(len(letters) + 1):
        before, after = letters[:at], letters[at:]
        yield (*before, "?", *after)
        if after:
            yield (*before, *after[1:])
            yield (*before, "?", *after[1:])
        if len(after) > 1:
            yield (*before, after[1], after[0], *after[2:])
