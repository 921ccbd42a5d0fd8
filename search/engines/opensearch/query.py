"""From the neutral query to OpenSearch's, with what must first be looked up in the index.

Some parts of a query mean something only together with the index: which words a pattern stands for,
which languages there are stems of, whether a source of that very name exists. A `Compiler` asks for
those as it meets them (`wanted`); once they are answered, the query is compiled again, whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.errors import UnsupportedQueryError
from search.document import TEXT_FIELDS
from search.engines.opensearch.dsl import (
    EVERYTHING,
    NOTHING,
    Dsl,
    any_of,
    best_of,
    in_dates,
    in_languages,
    preferring,
    sequence,
)
from search.engines.opensearch.lookup import IndexLookup
from search.engines.opensearch.patterns import Patterns
from search.engines.opensearch.schema import WEIGHTED_SATURATION, plain, stem_field
from search.engines.opensearch.values import Values
from search.limits import Limits
from search.query.nodes import (
    ANYWHERE,
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
from search.text.casing import mark_of
from search.text.stems import stem_forms
from search.text.words import words


@dataclass(slots=True)
class Compiler:
    """Compiles one query.

    `answers` holds what was looked up, by the request that asked for it; `wanted` is what is
    missing still.
    """

    answers: Mapping[str, Any]
    limits: Limits
    index: IndexLookup = field(init=False)
    patterns: Patterns = field(init=False)
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        self.index = IndexLookup(self.answers)
        self.patterns = Patterns(self.index, self.limits)
        self.values = Values(self.index, self.limits)

    @property
    def wanted(self) -> Mapping[str, Dsl]:
        """The requests whose answers are missing still."""
        return self.index.wanted

    def query(self, node: Node) -> Dsl:  # noqa: PLR0911 - one a kind
        """Return the query for hits that are ranked."""
        if not is_scored(node):
            return {"bool": {"filter": [self.filter(node)]}}
        match node:
            case And():
                return self._all_of(node)
            case Or():
                return any_of([self.query(part) for part in node.nodes])
            case Boost():
                return {"bool": {"must": [self.query(node.node)], "boost": node.factor}}
            case Term():
                return self._term(node, scored=True)
            case Phrase():
                return self._phrase(node)
            case Prefix() | Wildcard() | Fuzzy():
                return self.patterns.query(node, scored=True)
        raise _unknown(node)

    def filter(self, node: Node) -> Dsl:  # noqa: PLR0911, C901 - one a kind
        """Return the query for the same articles, without scores."""
        match node:
            case All():
                return EVERYTHING
            case And():
                return self._all_filters(node)
            case Or():
                return any_of([self.filter(part) for part in node.nodes])
            case Not(node=Not(node=inner)) | Boost(node=inner):
                return self.filter(inner)
            case Not():
                return {"bool": {"filter": [EVERYTHING], "must_not": [self.filter(node.node)]}}
            case DateRange():
                return in_dates(node)
            case Ids():
                return {"terms": {"id": [plain(one) for one in node.ids]}}
            case Phrase():
                if node.field not in (ANYWHERE, *TEXT_FIELDS):
                    return self.values.query(Term(" ".join(node.words), node.field))
                return self._phrase(node)
            case Term() | Prefix() | Wildcard() | Fuzzy():
                if node.field not in (ANYWHERE, *TEXT_FIELDS):
                    return self.values.query(node)
                if isinstance(node, Term):
                    return self._term(node, scored=False)
                return self.patterns.query(node, scored=False)
        raise _unknown(node)

    # together

    def _all_of(self, node: And) -> Dsl:
        scored = [self.query(part) for part in node.nodes if is_scored(part)]
        others = And(tuple(part for part in node.nodes if not is_scored(part)))
        if not others.nodes:
            return {"bool": {"must": scored}}
        return {"bool": {"must": scored, "filter": [self._all_filters(others)]}}

    def _all_filters(self, node: And) -> Dsl:
        kept = [self.filter(part) for part in node.nodes if not isinstance(part, Not)]
        banned = [self.filter(part.node) for part in node.nodes if isinstance(part, Not)]
        if not banned:
            return {"bool": {"filter": kept or [EVERYTHING]}}
        return {"bool": {"filter": kept or [EVERYTHING], "must_not": banned}}

    # words

    def _term(self, node: Term, *, scored: bool) -> Dsl:
        found = words(node.text)
        if not found:
            return NOTHING
        if len(found) > 1:  # not from our parser, which takes words apart
            return self._phrase(Phrase(tuple(found), node.field))
        forms = stem_forms(node.text, self.index.languages())
        in_field = stem_field(node.field)
        boost = 1 / (WEIGHTED_SATURATION + 1)
        asked = [
            in_languages(form, {"term": {in_field: {"value": form.form, "boost": boost}}})
            for form in forms
        ]
        if not scored:
            return any_of(asked)
        return preferring(best_of(asked), found[0], mark_of(node.text, found[0]))

    def _phrase(self, node: Phrase) -> Dsl:
        found = [word for text in node.words for word in words(text)]
        if not found:
            return NOTHING
        in_fields = (node.field,) if node.field else TEXT_FIELDS
        return best_of([sequence(found, node.slop, name) for name in in_fields])


def is_scored(node: Node) -> bool:
    """Whether a node ranks what it finds: it looks for words, and doesn't ban them."""
    match node:
        case And() | Or():
            return any(is_scored(part) for part in node.nodes)
        case Boost():
            return is_scored(node.node)
        case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            return node.field in (ANYWHERE, *TEXT_FIELDS)
    return False


def _unknown(node: Node) -> UnsupportedQueryError:
    return UnsupportedQueryError(f"This engine can't search for {type(node).__name__}")
