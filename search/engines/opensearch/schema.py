"""What an OpenSearch index of ours looks like, and how an article becomes a document of it.

Slugline makes the words itself (`search.text`: folded, stemmed by the language of the article), so
that every engine finds the same; the index's analyzers only take them apart at spaces. `stem` holds
the words of all text, each with a frequency that is its BM25F weight: how often it stands in title,
summary and body, weighted and divided by length (Robertson, Zaragoza & Taylor 2004). OpenSearch
then saturates once and weighs by rarity, which is the rest of BM25F.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from search.document import TEXT_FIELDS, Document, to_micros
from search.ranking import LENGTH_WEIGHT, SATURATION, WEIGHTS
from search.text.analysis import analyse
from search.text.words import words
from search.values import folded

VERSION = 6
"""The schema of the index; part of its name, so that another one is never misread."""

ANY_STEM = "stem"
MARK = "mark"
"""How an article writes words whose capitals say something (`search.text.casing`)."""
VOCABULARY = "vocabulary"
"""All different words of an article: what patterns and typing errors are looked up in."""
BETWEEN = "\x1f"
"""Stands between the name and the key of an entity."""

MEAN_LENGTH = {"title": 11, "summary": 35, "body": 400}
"""Words in a usual article: fixed, so that a weight stays right when other articles come."""
_SCALE = 20
"""Frequencies are whole numbers; this many stand for one mention of usual weight."""
_LONGEST_VALUE = 8_000
"""Characters of a source, section or name that can be filtered by."""
_GAP = 100_000
"""Words between two values of a field, so that no phrase runs from one into the next."""

WEIGHTED_SATURATION = SATURATION * _SCALE


def exact_field(field: str) -> str:
    """Return where the words of a text field stand as written, with their positions."""
    return f"{field}_word"


def stem_field(field: str) -> str:
    """Return where the stems of a text field stand; of all of them for ""."""
    return f"{field}_stem" if field else ANY_STEM


def exact_saturation(field: str) -> float:
    """Return BM25's k1 for plain counts in a field, so that they weigh as in BM25F."""
    return SATURATION / WEIGHTS[field]


def settings(shards: int) -> dict[str, Any]:
    """Return the settings of an index.

    It is refreshed only when a write is complete, so that no search sees half of one.
    """
    similarities: dict[str, Any] = {
        exact_field(field): {
            "type": "BM25",
            "k1": exact_saturation(field),
            "b": LENGTH_WEIGHT[field],
        }
        for field in TEXT_FIELDS
    }
    similarities["weighted"] = {"type": "BM25", "k1": WEIGHTED_SATURATION, "b": 0.0}
    return {
        "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",
            "similarity": similarities,
            "analysis": {
                "filter": {"weight": {"type": "delimited_term_freq", "delimiter": "|"}},
                "analyzer": {
                    "weighted": {
                        "type": "custom",
                        "tokenizer": "whitespace",
                        "filter": ["weight"],
                    },
                    "spaced": {"type": "custom", "tokenizer": "whitespace"},
                },
            },
        }
    }


def mappings() -> dict[str, Any]:
    """Return the mappings of an index: nothing but what is searched, filtered, counted, sorted."""
    value = {"type": "keyword", "ignore_above": _LONGEST_VALUE}
    looked_up = value | {"doc_values": False}
    spaced = {
        "type": "text",
        "analyzer": "spaced",
        "norms": False,
        "position_increment_gap": _GAP,
    }
    weighted = {
        "type": "text",
        "analyzer": "weighted",
        "search_analyzer": "keyword",
        "similarity": "weighted",
        "norms": False,
        "index_options": "freqs",
    }
    exact = {
        exact_field(field): {
            "type": "text",
            "analyzer": "spaced",
            "similarity": exact_field(field),
        }
        for field in TEXT_FIELDS
    }
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "_meta": {"slugline": VERSION},
        "properties": {
            "id": {"type": "keyword"},
            "leader": {"type": "keyword"},
            "published": {"type": "long"},
            "day": {"type": "keyword"},
            ANY_STEM: weighted,
            **{stem_field(field): weighted for field in TEXT_FIELDS},
            **exact,
            VOCABULARY: {"type": "keyword", "eager_global_ordinals": True},
            MARK: looked_up,
            **dict.fromkeys(("topic", "entity", "source", "lang", "cluster", "story"), value),
            **{
                f"{name}_folded": looked_up
                for name in ("topic", "source", "lang", "cluster", "story", "section", "entity")
            },
            "entity_name": value,
            **{f"{name}_words": spaced for name in ("source", "section", "entity")},
            "host": spaced,
            "host_label": looked_up,
        },
    }


def to_fields(document: Document) -> dict[str, Any]:
    """Return what OpenSearch is told of an article."""
    fields: dict[str, Any] = {"id": document.id}
    everywhere: dict[str, float] = {}
    vocabulary: dict[str, None] = {}
    all_marks: set[str] = set()
    texts = (("title", document.title), ("summary", document.summary), ("body", document.body))
    for field, text in texts:
        read = analyse(plain(text), document.language)
        found = read.words
        if not found:
            continue
        all_marks.update(read.marks)
        vocabulary.update(dict.fromkeys(found))
        counts = Counter(read.stems)
        weights = _weights(field, counts, len(found))
        for word, weight in weights.items():
            everywhere[word] = everywhere.get(word, 0.0) + weight
        fields[exact_field(field)] = " ".join(found)
        fields[stem_field(field)] = _written(weights)
    if everywhere:
        fields[ANY_STEM] = _written(everywhere)
        fields[VOCABULARY] = list(vocabulary)
    if all_marks:
        fields[MARK] = sorted(all_marks)
    if document.published is not None:
        fields["published"] = to_micros(document.published)
        fields["day"] = _day(document)
    return fields | {name: value for name, value in _values(document).items() if value}


def _day(document: Document) -> str:
    from datetime import UTC

    assert document.published is not None  # noqa: S101 - the caller looked
    return document.published.astimezone(UTC).date().isoformat()


def _weights(field: str, counts: Mapping[str, int], length: int) -> dict[str, float]:
    b = LENGTH_WEIGHT[field]
    factor = WEIGHTS[field] / (1 - b + b * length / MEAN_LENGTH[field])
    return {word: count * factor for word, count in counts.items()}


def _written(weights: Mapping[str, float]) -> str:
    return " ".join(f"{word}|{max(1, round(weight * _SCALE))}" for word, weight in weights.items())


def _values(document: Document) -> dict[str, Any]:
    """Return a document's fields that are whole values, each as it is, folded and in words."""
    entities = [(plain(key), plain(name)) for key, name, _ in document.entities if key]
    labels = document.host.casefold().strip(".").split(".")
    language = folded(plain(document.language))
    return {
        "leader": plain(document.leader),
        "topic": _filled(document.topics),
        "topic_folded": _filled(map(folded, document.topics)),
        "entity": _filled(key for key, _ in entities),
        "entity_folded": _filled(folded(name) for _, name in entities),
        "entity_name": _filled(f"{folded(name)}{BETWEEN}{key}" for key, name in entities if name),
        "entity_words": _filled(" ".join(words(name)) for _, name in entities),
        "source": plain(document.source),
        "source_folded": folded(plain(document.source)),
        "source_words": " ".join(words(document.source)),
        "section_folded": folded(plain(document.section)),
        "section_words": " ".join(words(document.section)),
        "lang": plain(document.language),
        "lang_folded": _filled([language, language.partition("-")[0]]),
        "cluster": plain(document.cluster),
        "cluster_folded": folded(plain(document.cluster)),
        "story": plain(document.story),
        "story_folded": folded(plain(document.story)),
        "host": plain(" ".join(labels)),
        "host_label": _filled(labels[:-1]),
    }


def _filled(values: Iterable[str]) -> list[str]:
    """Return the different values that are not empty."""
    return list(dict.fromkeys(plain(value) for value in values if value))


def plain(text: str) -> str:
    """Return a text without halves of characters, which JSON can't carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
