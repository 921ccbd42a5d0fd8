"""What a query means, by brute force over a few documents; and queries of every kind to try."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from search.document import Document
from search.query.nodes import (
    ALL,
    All,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Ids,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.text.stems import stem
from search.text.words import words
from search.vocabulary import edit_distance

WORDS = (
    *("strike", "striking", "strikes", "harbour", "harbor", "Häuser", "Haus", "elect", "elections"),
    *("the", "of", "café", "Łódź", "a", "abc", "abd", "acd", "b"),
)


def model_ids(node: Node, library: Sequence[Document]) -> set[str]:
    """Return the ids of the documents that a query without relaxed words means."""
    return {document.id for document in library if _means(node, document)}


def _texts(document: Document, field: str) -> list[list[str]]:
    fields = (field,) if field else ("title", "summary", "body")
    return [words(getattr(document, name), document.language) for name in fields]


def _means(node: Node, document: Document) -> bool:  # noqa: C901, PLR0911, PLR0912 - one a kind
    match node:
        case All():
            return True
        case And():
            return all(_means(part, document) for part in node.nodes)
        case Or():
            return any(_means(part, document) for part in node.nodes)
        case Not():
            return not _means(node.node, document)
        case Boost():
            return _means(node.node, document)
        case DateRange():
            moment = document.published
            return (
                moment is not None
                and (node.start is None or moment >= node.start)
                and (node.end is None or moment < node.end)
            )
        case Term(field="topic"):
            return node.text in document.topics
        case Term(field="entity"):
            return any(key == node.text for key, _, _ in document.entities)
        case Term(field="lang"):
            return node.text == document.language
    texts = _texts(document, getattr(node, "field", ""))
    there = {word for text in texts for word in text}
    match node:
        case Ids():
            return document.id in node.ids
        case Term():
            typed = words(node.text, document.language)
            asked = {stem(word, document.language) for word in typed}
            return any(stem(word, document.language) in asked for word in there)
        case Prefix():
            begin = words(node.text)[0]
            return any(word.startswith(begin) for word in there)
        case Wildcard():
            return any(fnmatch.fnmatchcase(word, node.pattern) for word in there)
        case Fuzzy():
            text = words(node.text)[0]
            return any(
                word.startswith(text[: node.prefix])
                and edit_distance(text, word, node.distance) <= node.distance
                for word in there
            )
        case Phrase():
            asked_words = [word for text in node.words for word in words(text)]
            return any(_follow(text, asked_words, node.slop) for text in texts)
    raise AssertionError(node)


def _follow(text: list[str], asked: list[str], slop: int) -> bool:
    def rest(at: int, number: int, spare: int) -> bool:
        if number == len(asked):
            return True
        return any(
            text[at + step : at + step + 1] == [asked[number]]
            and rest(at + step + 1, number + 1, spare - step)
            for step in range(spare + 1)
        )

    return any(word == asked[0] and rest(at + 1, 1, slop) for at, word in enumerate(text))


_FIELDS = st.sampled_from(["", "", "", "title", "summary", "body"])
_WORDS = st.sampled_from(WORDS)
_START = datetime(2024, 5, 6, 12, tzinfo=UTC)
_MOMENTS = st.none() | st.integers(-1, 6).map(lambda day: _START + timedelta(days=day))
_PATTERNS = st.text("abdehrs*?", min_size=1, max_size=6).filter(
    lambda text: set(text) & {"*", "?"} and set(text) - {"*", "?"}
)


def nodes() -> st.SearchStrategy[Node]:
    """Return queries of every kind, without relaxed words."""
    leaves = st.one_of(
        st.just(ALL),
        st.builds(Term, _WORDS, _FIELDS),
        st.builds(
            Phrase, st.lists(_WORDS, min_size=1, max_size=3).map(tuple), _FIELDS, st.integers(0, 2)
        ),
        st.builds(Prefix, st.sampled_from(["a", "s", "str", "ha", "HÄ", "elec", "z"]), _FIELDS),
        st.builds(Wildcard, _PATTERNS, _FIELDS),
        st.builds(Fuzzy, _WORDS, _FIELDS, st.integers(1, 2), st.integers(0, 3)),
        st.builds(DateRange, _MOMENTS, _MOMENTS),
        st.builds(Term, st.sampled_from(["economy", "sport", "crime", "none"]), st.just("topic")),
        st.builds(
            Term, st.sampled_from(["person/mara-linden", "place/ostrava"]), st.just("entity")
        ),
        st.builds(Term, st.sampled_from(["en", "de", "xx"]), st.just("lang")),
        st.builds(
            Ids, st.lists(st.sampled_from(["a1", "a3", "a6", "gone"]), max_size=3).map(tuple)
        ),
    )

    def larger(smaller: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(smaller, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            st.builds(And, several),
            st.builds(Or, several),
            st.builds(Not, smaller),
            st.builds(Boost, smaller, st.floats(0, 10)),
        )

    return st.recursive(leaves, larger, max_leaves=8)
