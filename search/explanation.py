"""Why a hit stands where it does: which words of the query it has, where, and how rare they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.article import Article
from search.engine import Engine, Question
from search.query.nodes import ANYWHERE, And, Boost, Node, Or, Term
from search.text.analysis import analyse
from search.text.casing import mark_of
from search.text.stems import stem
from search.text.words import spans, words

FIELDS = ("title", "summary", "body")
AS_TYPED, BY_STEM, ABSENT = "as typed", "in another form", "absent"


@dataclass(frozen=True, slots=True)
class WordInHit:
    """How one word of a query is in one article.

    `counts` says how often it is in each field that has it, `form` whether it is there as typed,
    `cased` whether it is written with the capitals that were typed, `articles` how many of the
    archive have it: the fewer, the more it counts.
    """

    word: str
    counts: Mapping[str, int]
    form: str
    cased: bool
    articles: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article is where it is among the hits: its score, and its words."""

    id: str
    score: float
    words: tuple[WordInHit, ...]

    @property
    def missing(self) -> int:
        """How many words of the query it lacks."""
        return sum(word.form == ABSENT for word in self.words)


def plain_words(node: Node) -> list[str]:
    """Return the words that a query ranks by, as typed."""
    match node:
        case And() | Or():
            return [word for part in node.nodes for word in plain_words(part)]
        case Boost():
            return plain_words(node.node)
        case Term(field="" | "title" | "summary" | "body"):
            return [node.text]
    return []


def rarities(asked: Sequence[str], engine: Engine) -> dict[str, int]:
    """Return how many articles have each of some words, in any form."""
    return {
        word: engine.search(Question(Term(word, ANYWHERE), limit=0)).total
        for word in dict.fromkeys(asked)
    }


def explain(
    article: Article, score: float, asked: Sequence[str], articles: Mapping[str, int]
) -> Explanation:
    """Return how each of the words asked for is in an article."""
    language = article.language
    tokens = {field: list(spans(getattr(article, field), language)) for field in FIELDS}
    written = {
        mark for field in FIELDS for mark in analyse(getattr(article, field), language).marks
    }
    explained = []
    for word in dict.fromkeys(asked):
        folded = words(word, language)
        stems = {stem(one, language) for one in folded}
        counts = {
            field: count
            for field, found in tokens.items()
            if (count := sum(stem(one, language) in stems for _, _, one in found))
        }
        exact = any(one in folded for found in tokens.values() for _, _, one in found)
        form = ABSENT if not counts else AS_TYPED if exact else BY_STEM
        mark = mark_of(word, "".join(words(word)))
        explained.append(WordInHit(word, counts, form, mark in written, articles.get(word, 0)))
    return Explanation(article.id, score, tuple(explained))
