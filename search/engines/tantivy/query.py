"""From the neutral query to Tantivy's, over one state of its index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from typing import Any

from models.errors import UnsupportedQueryError
from search.document import TEXT_FIELDS, UNDATED, to_micros
from search.engines.tantivy.schema import NUMBERED, sound
from search.engines.tantivy.state import State
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
from search.ranking import AS_CASED, AS_TYPED
from search.text.casing import mark_of
from search.text.stems import StemForm, stem_forms
from search.text.words import words
from search.values import Pattern

TITLE_BOOST = 2.5
"""How much more a phrase counts in the title."""
MORE = {"title": 1.5, "summary": 0.4}
"""How much more an exact word counts in a field than in the body."""
FEW_WORDS = 64
"""Words of a pattern that are ranked by how rare they are; more of them only match."""
FEW_VALUES = 300
"""Values that are looked up one by one."""
MAX_WAYS = 300
"""Ways in which the words of a phrase may stand apart."""


class Compiler:
    """Compiles the parts of one query, within limits.

    `ranks` says whether anything compiled so far gives articles different scores.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.make = state.tantivy.Query
        self.occur = state.tantivy.Occur
        self.ranks = False

    def compiled(self, node: Node) -> Any:  # noqa: PLR0911 - one a kind
        """Return Tantivy's form of a part of a query."""
        match node:
            case All():
                return self.unranked(self.make.all_query())
            case Term() | Prefix() | Wildcard() | Fuzzy():
                return self._word(node)
            case Phrase():
                return self._phrase(node)
            case DateRange():
                return self._dates(node)
            case Ids():
                ids = [sound(one) for one in node.ids]
                return self.unranked(self.make.term_set_query(self.state.schema, "id", ids))
            case And():
                return self._and(node)
            case Or():
                return self.any_of([self.compiled(part) for part in node.nodes])
            case Not():
                return self.all_of([self.unranked(self.make.all_query())], [node.node])
            case Boost():
                return self.make.boost_query(self.compiled(node.node), node.factor)
        raise UnsupportedQueryError(f"This engine can't search for {type(node).__name__}")

    def _and(self, node: And) -> Any:
        must = [self.compiled(part) for part in node.nodes if not isinstance(part, Not)]
        banned = [part.node for part in node.nodes if isinstance(part, Not)]
        return self.all_of(must or [self.unranked(self.make.all_query())], banned)

    def all_of(self, must: Sequence[Any], banned: Sequence[Node] = ()) -> Any:
        """Return the query for what all match, and none of the banned parts."""
        clauses = [(self.occur.Must, one) for one in must]
        ranks = self.ranks
        clauses += [(self.occur.MustNot, self.compiled(node)) for node in banned]
        self.ranks = ranks  # what is banned ranks nothing
        return self.make.boolean_query(clauses)

    def any_of(self, found: Sequence[Any]) -> Any:
        """Return the query for what any match."""
        if not found:
            return self.make.empty_query()
        if len(found) == 1:
            return found[0]
        return self.make.boolean_query([(self.occur.Should, one) for one in found])

    def any_value(self, field: str, values: Sequence[Any]) -> Any:
        """Return the query for what has any of some values of a field.

        For a few of them one query each is faster than one for all, which goes through the field.
        """
        if len(values) > FEW_VALUES:
            return self.make.term_set_query(self.state.schema, field, list(values))
        return self.any_of(self._terms(field, values, "basic"))

    def but(self, query: Any, banned: Any) -> Any:
        """Return the query for what one matches and another doesn't."""
        return self.make.boolean_query([(self.occur.Must, query), (self.occur.MustNot, banned)])

    def unranked(self, query: Any) -> Any:
        """Return the query for the same articles, all scored 0."""
        return self.make.const_score_query(query, 0.0)

    def _terms(self, field: str, found: Sequence[Any], index_option: str) -> list[Any]:
        schema = self.state.schema
        return [self.make.term_query(schema, field, word, index_option) for word in found]

    def _word(self, node: Pattern) -> Any:
        """Compile a word in a text by its stems, or a value in any other field."""
        if node.field not in (ANYWHERE, *TEXT_FIELDS):
            return self.unranked(self._value(node))
        if not isinstance(node, Term):
            return self._in_words(self._expanded(node), node.field)
        found = words(node.text)
        if len(found) > 1:  # not from our parser, which takes words apart
            return self._phrase(Phrase(tuple(found), node.field))
        self.ranks = True
        field = f"{node.field}_stems" if node.field else "stems"
        asked = [self._stem(field, form) for form in stem_forms(node.text, self.state.languages)]
        stemmed = self.make.disjunction_max_query(asked) if len(asked) > 1 else self.any_of(asked)
        return (
            self._preferring(stemmed, found[0], mark_of(node.text, found[0])) if found else stemmed
        )

    def _preferring(self, stemmed: Any, typed: str, mark: str) -> Any:
        """Return the search for the same articles, those with a word as typed scored higher."""
        clauses = [(self.occur.Must, stemmed)]
        for field, word, more in (("words", typed, AS_TYPED), ("mark", mark, AS_CASED)):
            if word:
                (there,) = self._terms(field, [word], "basic")
                both = self.all_of([stemmed, self.unranked(there)])
                clauses.append((self.occur.Should, self.make.boost_query(both, more)))
        return self.make.boolean_query(clauses)

    def _stem(self, field: str, form: StemForm) -> Any:
        """Return the search for a stem in the articles of its languages."""
        (term,) = self._terms(field, [form.form], "freq")
        if form.only:
            there = self.unranked(self.any_value("lang", form.only))
            return self.make.boolean_query([(self.occur.Must, term), (self.occur.Must, there)])
        return self.but(term, self.any_value("lang", form.banned)) if form.banned else term

    def _in_words(self, found: Sequence[str], field: str) -> Any:
        """Return the search for any of some exact words; a few of them rank, many only match."""
        if not found:
            return self.make.empty_query()
        if len(found) > FEW_WORDS:
            return self.make.term_set_query(self.state.schema, field or "words", list(found))
        self.ranks = True
        if field:
            return self.any_of(self._terms(field, found, "position"))
        asked = self._terms("words", found, "freq")
        for name, more in MORE.items():
            there = self.any_of(self._terms(name, found, "position"))
            asked.append(self.make.boost_query(there, more))
        return self.any_of(asked)

    def _expanded(self, node: Prefix | Wildcard | Fuzzy) -> list[str]:
        if self.limits.over:
            return []
        words_of = self.state.words_for(node)
        shown, places = words_of.expanded(node)
        return self.limits.expanded(words_of, shown, places)

    def _phrase(self, node: Phrase) -> Any:
        """Compile a phrase in each text field; words between count as `slop`."""
        if node.field not in (ANYWHERE, *TEXT_FIELDS):
            return self.unranked(self._value(Term(" ".join(node.words), node.field)))
        found = [word for text in node.words for word in words(text)]
        if len(found) < 2:
            return self._in_words(found, node.field)
        # Tantivy's own slop counts otherwise; so each way to stand apart is a phrase of its own.
        ways = list(islice(_spread(len(found), node.slop), MAX_WAYS + 1))
        if len(ways) > MAX_WAYS:
            raise UnsupportedQueryError(
                f"Tantivy can't look for {len(found)} words with {node.slop} others between them; "
                "quote fewer words, or write a smaller number after ~"
            )
        self.ranks = True
        fields = (node.field,) if node.field else TEXT_FIELDS
        return self.any_of([self._phrase_in(field, found, ways) for field in fields])

    def _phrase_in(self, field: str, found: Sequence[str], ways: Sequence[Sequence[int]]) -> Any:
        asked = [
            self.make.phrase_query(self.state.schema, field, [*zip(way, found, strict=True)], 0)
            for way in ways
        ]
        either = self.any_of(asked)
        return self.make.boost_query(either, TITLE_BOOST) if field == "title" else either

    def _value(self, node: Pattern) -> Any:
        schema = self.state.schema
        if node.field == "id":
            if not isinstance(node, Term):
                raise UnsupportedQueryError("An id is searched for as it is")
            return self.make.term_query(schema, "id", sound(node.text), "basic")
        if node == Prefix("", node.field) and node.field in NUMBERED:
            return self.make.exists_query(NUMBERED[node.field])
        asked = []
        for column, places in self.state.lookup.meant(node):
            names = self.state.lookup.names(column).names
            if places:
                values = [names[place] for place in places]
                asked.append(self.any_value(column, values))
        return self.any_of(asked)

    def _dates(self, node: DateRange) -> Any:
        kind = self.state.tantivy.FieldType.Integer
        lower = UNDATED if node.start is None else to_micros(node.start)
        upper = 2**62 if node.end is None else to_micros(node.end)
        if lower >= upper:
            return self.make.empty_query()
        found = self.make.range_query(
            self.state.schema, "published", kind, lower, upper, True, False
        )
        return self.unranked(found)


def _spread(count: int, slop: int) -> Iterator[tuple[int, ...]]:
    """Yield the places of some words in order, with at most `slop` others between in all."""
    for ends in combinations(range(1, count + slop), count - 1):
        yield (0, *ends)
