"""The small queries of OpenSearch that others are made of: rows of words, values, dates, shapes."""

from __future__ import annotations

import re
from typing import Any

from models.errors import UnsupportedQueryError
from search.document import to_micros
from search.engines.opensearch.schema import (
    MARK,
    VOCABULARY,
    exact_field,
    exact_saturation,
    plain,
)
from search.query.nodes import DateRange, Fuzzy, Prefix, Term, Wildcard
from search.ranking import AS_CASED, AS_TYPED
from search.text.stems import StemForm
from search.text.words import fold, words
from search.values import Pattern, folded

Dsl = dict[str, Any]

EVERYTHING: Dsl = {"match_all": {}}
NOTHING: Dsl = {"match_none": {}}
MAX_DISTANCE = 2
"""Edits that OpenSearch's automata go to."""
MAX_REGEX = 900
"""Characters of an expression; OpenSearch takes 1,000."""


def any_of(queries: list[Dsl]) -> Dsl:
    """Return the query for what any of some find."""
    if not queries:
        return NOTHING
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def best_of(queries: list[Dsl]) -> Dsl:
    """Return the query for what any of some find, scored by the best of them."""
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def in_languages(form: StemForm, term: Dsl) -> Dsl:
    """Return the query for a stem in the articles of its languages."""
    if form.only:
        return {"bool": {"must": [term], "filter": [{"terms": {"lang": list(form.only)}}]}}
    if form.banned:
        return {"bool": {"must": [term], "must_not": [{"terms": {"lang": list(form.banned)}}]}}
    return term


def preferring(query: Dsl, typed: str, mark: str) -> Dsl:
    """Return the query for the same articles, those with a word as typed scored higher."""
    exact: Dsl = {"term": {VOCABULARY: typed}}
    functions: list[Dsl] = [
        {"filter": {"match_all": {}}, "weight": 1.0},
        {"filter": exact, "weight": AS_TYPED},
    ]
    if mark:
        functions.append({"filter": {"term": {MARK: mark}}, "weight": AS_CASED})
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def sequence(found: list[str], slop: int, name: str) -> Dsl:
    """Return the query for words in a row, `slop` others between, in the text field `name`."""
    in_field = exact_field(name)
    boost = 1 / (exact_saturation(name) + 1)
    if len(found) == 1:
        return {"term": {in_field: {"value": found[0], "boost": boost}}}
    if not slop:
        return {"match_phrase": {in_field: {"query": " ".join(found), "boost": boost}}}
    clauses = [{"span_term": {in_field: word}} for word in found]
    return {"span_near": {"clauses": clauses, "slop": slop, "in_order": True, "boost": boost}}


def with_words(in_field: str, text: str) -> Dsl:
    """Return the query for values that have these words in a row."""
    asked = words(text)
    return {"match_phrase": {in_field: " ".join(asked)}} if asked else NOTHING


def in_dates(node: DateRange) -> Dsl:
    """Return the query for articles of a span of time."""
    bounds = {}
    if node.start is not None:
        bounds["gte"] = to_micros(node.start)
    if node.end is not None:
        bounds["lt"] = to_micros(node.end)
    return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


def with_id(node: Pattern) -> Dsl:
    """Return the query for an id, or for how ids begin."""
    if isinstance(node, Term):
        return {"term": {"id": plain(node.text)}}
    if isinstance(node, Prefix):
        return {"prefix": {"id": plain(node.text)}}
    raise UnsupportedQueryError("An id is searched for as it is, or by how it begins")


def with_host(text: str) -> Dsl:
    """Return the query for hosts that this is a part of: `bbc`, `bbc.co.uk`."""
    labels = plain(text).casefold().strip(".").split(".")
    if not all(labels) or any(" " in label for label in labels):
        return NOTHING
    return {"match_phrase": {"host": " ".join(labels)}}


def named(in_field: str, node: Pattern) -> Dsl:
    """Return the query for values that are what a node asks for, whatever case and accents."""
    match node:
        case Term():
            return {"term": {in_field: plain(folded(node.text))}}
        case Prefix():
            return {"prefix": {in_field: plain(folded(node.text))}}
        case Wildcard():
            return {"wildcard": {in_field: {"value": _starred(folded(node.pattern))}}}
        case Fuzzy():
            return {
                "fuzzy": {
                    in_field: {
                        "value": plain(folded(node.text)),
                        "fuzziness": min(node.distance, MAX_DISTANCE),
                        "prefix_length": node.prefix,
                        "max_expansions": 1_000,
                    }
                }
            }


def native(node: Prefix | Wildcard, in_field: str) -> Dsl:
    """Return the query by which OpenSearch itself goes through the words of a pattern."""
    if isinstance(node, Prefix):
        return {"prefix": {in_field: plain(fold(node.text))}}
    if not node.pattern.strip("*"):
        return {"exists": {"field": in_field}}
    return {"wildcard": {in_field: {"value": _starred(fold(node.pattern))}}}


def _starred(pattern: str) -> str:
    return plain(pattern).replace("\\", "\\\\")


def escaped(text: str) -> str:
    """Return the Lucene expression for this very text."""
    return "".join(c if c.isalnum() else f"\\{c}" for c in plain(text))


def begins(text: str) -> str:
    """Return the Lucene expression for what begins so.

    The brackets keep OpenSearch 2 from a short cut that fails where nothing begins so (its issue
    19636).
    """
    return f"{escaped(text)}(.*)"


def shape(pattern: str) -> str:
    """Return the Lucene expression for words of a shape."""
    pieces = {"*": ".*", "?": "."}
    shape = "".join(pieces.get(c) or escaped(c) for c in re.sub(r"\*+", "*", pattern))
    return f"{shape.removesuffix('.*')}(.*)" if shape.endswith(".*") else shape
