"""The values of articles in OpenSearch: which sources, sections, entities and ids are meant."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import UnsupportedQueryError
from search.engines.opensearch.dsl import (
    MAX_REGEX,
    Dsl,
    any_of,
    begins,
    escaped,
    named,
    with_host,
    with_id,
    with_words,
)
from search.engines.opensearch.lookup import IndexLookup, counted
from search.engines.opensearch.schema import BETWEEN, plain
from search.limits import Limits
from search.query.nodes import Prefix, Term
from search.text.words import words
from search.values import ENTITIES, Pattern, ValueIndex, fits, folded


@dataclass(frozen=True, slots=True)
class Values:
    """Compiles fields of values, by what was looked up of the index, within limits."""

    index: IndexLookup
    limits: Limits

    def query(self, node: Pattern) -> Dsl:  # noqa: PLR0911 - one a kind
        """Return the query for the articles with the values that a node means."""
        name = node.field
        if name == "id":
            return with_id(node)
        if node == Prefix("", name):
            return _any_value(name)
        if name in ENTITIES:
            return {"terms": {"entity": self._entity_keys(node)}}
        if name == "source":
            return self._source(node)
        if name == "section":
            exact = named("section_folded", node)
            if isinstance(node, Term) and not self.index.exists(exact):
                return any_of([exact, with_words("section_words", node.text)])
            return exact
        if name in {"topic", "cluster", "story", "lang"}:
            return named(f"{name}_folded", node)
        raise UnsupportedQueryError(f"This engine has no field {name!r}")

    def _source(self, node: Pattern) -> Dsl:
        """Return the query for a source's name or part of its host, else for words of its name."""
        host = with_host(node.text) if isinstance(node, Term) else named("host_label", node)
        exact = any_of([named("source_folded", node), host])
        if isinstance(node, Term) and not self.index.exists(exact):
            return with_words("source_words", node.text)
        return exact

    def _entity_keys(self, node: Pattern) -> list[str]:
        """Return the entities of a key, else of a name, else with these words in their name."""
        begin = ENTITIES[node.field]
        if isinstance(node, Term):
            if "/" in node.text:
                return [plain(node.text)] if node.text.startswith(begin) else []
            regex = begins(folded(node.text) + BETWEEN)
            within: Dsl = {"prefix": {"entity_name": folded(node.text) + BETWEEN}}
        elif isinstance(node, Prefix):
            regex = begins(folded(node.text))
            within = {"prefix": {"entity_name": folded(node.text)}}
        else:
            regex, within = "", named("entity_folded", node)
        pairs = [pair for pair in self._entity_pairs(within, regex) if pair[1].startswith(begin)]
        keys = [key for name, key in pairs if fits(node, name)]
        if keys or not isinstance(node, Term):
            return keys
        asked = words(node.text)
        if not asked:
            return []
        regex = f".*{escaped(max(asked, key=len))}.*"
        pairs = self._entity_pairs(with_words("entity_words", node.text), regex)
        places = ValueIndex([name for name, _ in pairs]).with_words(node.text)
        return [pairs[at][1] for at in places if pairs[at][1].startswith(begin)]

    def _entity_pairs(self, within: Dsl, regex: str) -> list[tuple[str, str]]:
        """Return (folded name, key) of the entities of some articles, the commonest first."""
        if len(regex) > MAX_REGEX:
            return []
        terms: Dsl = {"field": "entity_name", "size": self.limits.expansions}
        if regex:
            terms["include"] = regex
        answer = self.index.look_up(
            {
                "size": 0,
                "query": {"bool": {"filter": [within]}},
                "aggs": {"values": {"terms": terms}},
            }
        )
        if answer and answer.get("aggregations", {}).get("values", {}).get("sum_other_doc_count"):
            self.limits.note(f"only the {terms['size']:,} commonest names were searched")
        pairs = (value.partition(BETWEEN) for value in counted(answer))
        return [(name, key) for name, _, key in pairs]


def _any_value(name: str) -> Dsl:
    """Return the query for the articles that have any value of a field."""
    if begin := ENTITIES.get(name):
        return {"prefix": {"entity": begin}}
    return {"exists": {"field": "section_folded" if name == "section" else name}}
