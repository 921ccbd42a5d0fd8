"""One state of a Tantivy index, and what is read from it: ids, values, words, counts."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from search import vocabulary
from search.engines.tantivy.schema import BETWEEN, LEADER, NUMBERED, number_of
from search.query.nodes import Fuzzy, Prefix, Wildcard
from search.values import Lookup
from search.vocabulary import Vocabulary

_WORDS = "slugline-words-"


@dataclass
class State:
    """One state of the index in a directory; `mark` tells it from others."""

    directory: Path
    tantivy: Any
    schema: Any
    searcher: Any
    mark: tuple[int, int]
    _entities: dict[int, str] = field(default_factory=dict)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words, read when first needed.

        Tantivy takes half a second over those of 170,000 articles, so they are kept in a file
        beside this state of the index.
        """
        path = self.directory / f"{_WORDS}{self.mark[0]}"
        with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile):
            return Vocabulary.from_bytes(path.read_bytes())
        found = self._words("")
        with suppress(OSError):  # it can be made again
            for old in self.directory.glob(f"{_WORDS}*"):
                old.unlink(missing_ok=True)
            whole = self.directory / f".{path.name}.{os.getpid()}"
            whole.write_bytes(found.to_bytes())
            whole.replace(path)
        return found

    def words_for(self, node: Prefix | Wildcard | Fuzzy) -> Vocabulary:
        """Return the words a pattern may stand for: all where most beginnings will do."""
        begin = vocabulary.beginning(node)
        if len(begin) < 2 or "vocabulary" in self.__dict__:
            return self.vocabulary
        return self._words(begin)

    def _words(self, begin: str) -> Vocabulary:
        return vocabulary.counted(sorted(self.searcher.terms_with_prefix("words", begin)))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages there are articles in."""
        return tuple(self.values("lang"))

    @cached_property
    def lookup(self) -> Lookup:
        """What typed values mean."""
        return Lookup(self.values, self._pairs)

    @cached_property
    def has_copies(self) -> bool:
        """Whether any article repeats another."""
        return self.count(self.tantivy.Query.exists_query(LEADER)) > 0

    def values(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value for value, _ in self.searcher.terms_with_prefix(name, "")]

    def _pairs(self) -> list[tuple[str, str]]:
        """Return the key and name of all entities.

        Tantivy keeps the values of replaced articles until it merges segments, so that an entity
        that was renamed has several names; those that no article has any more are left out.
        """
        pairs = [pair.partition(BETWEEN) for pair in self.values("entity_name")]
        names = Counter(key for key, _, _ in pairs)
        return [
            (key, name)
            for key, between, name in pairs
            if names[key] == 1 or self._is_used(f"{key}{between}{name}")
        ]

    def _is_used(self, pair: str) -> bool:
        return self.count(self.tantivy.Query.term_query(self.schema, "entity_name", pair)) > 0

    def id(self, address: Any) -> str:
        """Return the id of a hit."""
        return str(self.searcher.doc(address)["id"][0])

    def entity(self, number: int) -> str:
        """Return the key of an entity that some article has, by its number."""
        if number not in self._entities:
            field = NUMBERED["entity"]
            having = self.tantivy.Query.term_query(self.schema, field, number, "basic")
            found = self.searcher.search(having, limit=1, count=False).hits
            keys = self.searcher.doc(found[0][1])["entity"] if found else ()
            self._entities |= {number_of(key): key for key in keys}
        return self._entities[number]

    def count(self, query: Any) -> int:
        """Return how many articles a Tantivy query matches."""
        unscored = self.tantivy.Query.const_score_query(query, 0.0)
        return int(self.searcher.search(unscored, limit=1).count)

    def ranked(self, query: Any, count: int, offset: int) -> tuple[list[tuple[float, Any]], int]:
        """Return (score, address) of some hits by score, and how many match."""
        found = self.searcher.search(query, limit=count, offset=offset)
        return list(found.hits), int(found.count)

    def in_order(
        self, query: Any, count: int, offset: int = 0, *, oldest: bool = False
    ) -> tuple[list[Any], int]:
        """Return the addresses of some hits by date, newest or oldest first, and how many match."""
        by, order = "oldest_order" if oldest else "order", self.tantivy.Order.Asc
        found = self.searcher.search(
            query, limit=count, offset=offset, order_by_field=by, order=order
        )
        return [address for _, address in found.hits], int(found.count)

    def buckets(self, query: Any, asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Return the counts of the values of some fields among what matches."""
        if not asked:
            return {}
        terms = {name: {"terms": terms} for name, terms in asked.items()}
        return dict(self.searcher.aggregate(query, terms))
