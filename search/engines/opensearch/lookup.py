"""What is looked up in an OpenSearch index before a query can be compiled, and how it is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.engines.opensearch.dsl import EVERYTHING, Dsl
from search.engines.opensearch.schema import VOCABULARY
from search.ranking import idf as rarity

SAMPLE = 20_000
"""Articles of a shard in which the commonest words of a pattern are looked up."""


@dataclass(slots=True)
class IndexLookup:
    """What one query needs to know of the index.

    `answers` holds what was looked up, by the request that asked for it; `wanted` is what is
    missing still.
    """

    answers: Mapping[str, Any]
    wanted: dict[str, Dsl] = field(default_factory=dict)

    def look_up(self, body: Dsl) -> Any:
        """Return the answer to a request; None, and note that it is wanted, until there is one."""
        key = json.dumps(body, sort_keys=True)
        if key not in self.answers:
            self.wanted[key] = body
        return self.answers.get(key)

    def exists(self, query: Dsl) -> bool:
        """Say whether any article matches; yes until that is known."""
        answer = self.look_up(
            {
                "size": 0,
                "track_total_hits": 1,
                "terminate_after": 1,
                "query": {"bool": {"filter": [query]}},
            }
        )
        return answer is None or found_in(answer) > 0

    def _index(self) -> Any:
        return self.look_up(
            {
                "size": 0,
                "track_total_hits": True,
                "query": EVERYTHING,
                "aggs": {"values": {"terms": {"field": "lang", "size": 1_000}}},
            }
        )

    def languages(self) -> tuple[str, ...]:
        """Return the languages there are articles in."""
        return tuple(sorted(counted(self._index())))

    def idf(self, articles: int) -> float:
        """Return how telling it is to be one of so many articles."""
        total = found_in(self._index())
        return rarity(min(articles, total), total)


def nearby(text: str, distance: int, prefix: int, size: int) -> Dsl:
    """Return the request for the indexed words near a folded one; not for the word itself."""
    return {
        "size": 0,
        "suggest": {
            "near": {
                "text": text,
                "term": {
                    "field": VOCABULARY,
                    "analyzer": "keyword",
                    "suggest_mode": "always",
                    "max_edits": distance,
                    "prefix_length": prefix,
                    "min_word_length": 1,
                    "max_term_freq": 2_000_000_000,
                    "accuracy": 0.0001,
                    "size": size,
                    "shard_size": size,
                    "sort": "frequency",
                },
            }
        },
    }


def words_matching(within: Dsl, regex: str, size: int) -> Dsl:
    """Return the request for the commonest words of an expression, in articles that have any.

    On every shard as many articles are looked through as are enough to tell which are common.
    """
    order = [{"_count": "desc"}, {"_key": "asc"}]
    terms = {"field": VOCABULARY, "include": regex, "size": size, "order": order}
    return {
        "size": 0,
        "track_total_hits": True,
        "terminate_after": SAMPLE,
        "query": {"bool": {"filter": [within]}},
        "aggs": {"values": {"terms": terms}},
    }


def words_among(words: Sequence[str]) -> Dsl:
    """Return the request for how many articles have each of some words, of which there is one."""
    terms = {"field": VOCABULARY, "include": words, "size": len(words)}
    return {
        "size": 0,
        "query": {"bool": {"filter": [{"terms": {VOCABULARY: words}}]}},
        "aggs": {"values": {"terms": terms}},
    }


def suggested(answer: Any) -> dict[str, int]:
    """Return the words of an answer to `nearby`, with how many articles have each."""
    if not answer:
        return {}
    entries = answer.get("suggest", {}).get("near", ())
    return {option["text"]: int(option["freq"]) for e in entries for option in e["options"]}


def counted(answer: Any) -> dict[str, int]:
    """Return the values of an answer, with how many articles have each."""
    if not answer:
        return {}
    buckets = answer.get("aggregations", {}).get("values", {}).get("buckets", ())
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}


def found_in(answer: Any) -> int:
    """Return how many articles an answer found; 0 for none yet."""
    return int(answer["hits"]["total"]["value"]) if answer else 0
