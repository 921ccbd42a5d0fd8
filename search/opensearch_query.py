"""From the neutral query to OpenSearch's, with what must first be looked up in the index.

Some parts of a query mean something only together with the index: which words a pattern stands for,
which languages there are stems of, whether a source of that very name exists. A `Compiler` asks for
those as it meets them (`wanted`); once they are answered, the query is compiled again, whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.errors import UnsupportedQueryError
from search.columns import to_micros
from search.limits import Limits
from search.opensearch_schema import (
    BETWEEN,
    VOCABULARY,
    WEIGHTED_SATURATION,
    exact_field,
    exact_saturation,
    plain,
    stem_field,
)
from search.query import (
    ANYWHERE,
    All,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.snapshot import SATURATION, TEXT, WEIGHTS
from search.values import ENTITIES, Names, Pattern, fits, folded
from search.vocabulary import edit_distance, idf
from search.words import fold, stems, words

Dsl = dict[str, Any]

EVERYTHING: Dsl = {"match_all": {}}
NOTHING: Dsl = {"match_none": {}}
MAX_DISTANCE = 2
"""Edits that OpenSearch's automata go to."""
SAMPLE = 20_000
"""Articles of a shard in which the commonest words of a pattern are looked up."""
_MAX_REGEX = 900
"""Characters of an expression; OpenSearch takes 1,000."""
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


@dataclass(slots=True)
class Compiler:
    """Compiles one query.

    `answers` holds what was looked up, by the request that asked for it; `wanted` is what is
    missing still.
    """

    answers: Mapping[str, Any]
    limits: Limits
    wanted: dict[str, Dsl] = field(default_factory=dict)

    def query(self, node: Node) -> Dsl:  # noqa: PLR0911 - one a kind
        """Return the query for hits that are ranked."""
        if not is_scored(node):
            return {"bool": {"filter": [self.filter(node)]}}
        match node:
            case And():
                return self._all_of(node)
            case Or():
                return _any_of([self.query(part) for part in node.nodes])
            case Boost():
                return {"bool": {"must": [self.query(node.node)], "boost": node.factor}}
            case Term():
                return self._term(node, scored=True)
            case Phrase():
                return self._phrase(node)
            case Prefix() | Wildcard() | Fuzzy():
                return self._pattern(node, scored=True)
        raise _unknown(node)

    def filter(self, node: Node) -> Dsl:  # noqa: PLR0911 - one a kind
        """Return the query for the same articles, without scores."""
        match node:
            case All():
                return EVERYTHING
            case And():
                return self._all_filters(node)
            case Or():
                return _any_of([self.filter(part) for part in node.nodes])
            case Not(node=Not(node=inner)) | Boost(node=inner):
                return self.filter(inner)
            case Not():
                return {"bool": {"filter": [EVERYTHING], "must_not": [self.filter(node.node)]}}
            case DateRange():
                return _dates(node)
            case Phrase():
                if node.field not in (ANYWHERE, *TEXT):
                    return self._value(Term(" ".join(node.words), node.field))
                return self._phrase(node)
            case Term() | Prefix() | Wildcard() | Fuzzy():
                if node.field not in (ANYWHERE, *TEXT):
                    return self._value(node)
                if isinstance(node, Term):
                    return self._term(node, scored=False)
                return self._pattern(node, scored=False)
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
        forms = stems(found[0], self._languages())
        in_field = stem_field(node.field)
        if not scored:
            return {"terms": {in_field: list(forms)}}
        boost = 1 / (WEIGHTED_SATURATION + 1)
        return _best_of([{"term": {in_field: {"value": f, "boost": boost}}} for f in forms])

    def _phrase(self, node: Phrase) -> Dsl:
        found = [word for text in node.words for word in words(text)]
        if not found:
            return NOTHING
        in_fields = (node.field,) if node.field else TEXT
        return _best_of([_sequence(found, node.slop, name) for name in in_fields])

    def _pattern(self, node: Prefix | Wildcard | Fuzzy, *, scored: bool) -> Dsl:
        words_of = None if self._unlimited(node) else self._expanded(node)
        in_fields = (node.field,) if node.field else TEXT
        if not scored:
            return _words(node, words_of, exact_field(node.field) if node.field else VOCABULARY)
        rarity = self._idf(words_of.articles) if words_of else 1.0
        return _best_of(
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
            shown, found = node.pattern, self._matching(node, _shape(fold(node.pattern)), limit)
        if len(found.counts) <= limit:
            return found
        self.limits.note(
            f"{shown} stands for more than {limit:,} words; the {limit:,} commonest were searched"
        )
        kept = sorted(found.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        return _Expanded(dict(kept), found.articles, whole=True)

    def _matching(self, node: Prefix | Wildcard, regex: str, limit: int) -> _Expanded:
        if len(regex) > _MAX_REGEX:
            raise UnsupportedQueryError(f"The pattern {regex[:50]}... is too long for OpenSearch")
        answer = self.look_up(words_matching(_native(node, VOCABULARY), regex, limit + 1))
        whole = not (answer or {}).get("terminated_early")
        return _Expanded(counted(answer), _total(answer), whole=whole)

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
        answer = self.look_up(asked)
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

    # values

    def _value(self, node: Pattern) -> Dsl:
        name = node.field
        if name == "id":
            return _id(node)
        if name in ENTITIES:
            return {"terms": {"entity": self._entity_keys(node)}}
        if name == "source":
            return self._source(node)
        if name == "section":
            named = _named("section_folded", node)
            if isinstance(node, Term) and not self._exists(named):
                return _any_of([named, _with_words("section_words", node.text)])
            return named
        if name in {"topic", "cluster", "lang"}:
            return _named(f"{name}_folded", node)
        raise UnsupportedQueryError(f"This engine has no field {name!r}")

    def _source(self, node: Pattern) -> Dsl:
        """Return the query for a source's name or part of its host, else for words of its name."""
        host = _host(node.text) if isinstance(node, Term) else _named("host_label", node)
        named = _any_of([_named("source_folded", node), host])
        if isinstance(node, Term) and not self._exists(named):
            return _with_words("source_words", node.text)
        return named

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
            regex, within = "", _named("entity_folded", node)
        pairs = [pair for pair in self._entity_pairs(within, regex) if pair[1].startswith(begin)]
        keys = [key for name, key in pairs if fits(node, name)]
        if keys or not isinstance(node, Term):
            return keys
        asked = words(node.text)
        if not asked:
            return []
        regex = f".*{_escaped(max(asked, key=len))}.*"
        pairs = self._entity_pairs(_with_words("entity_words", node.text), regex)
        places = Names([name for name, _ in pairs]).with_words(node.text)
        return [pairs[at][1] for at in places if pairs[at][1].startswith(begin)]

    def _entity_pairs(self, within: Dsl, regex: str) -> list[tuple[str, str]]:
        """Return (folded name, key) of the entities of some articles, the commonest first."""
        if len(regex) > _MAX_REGEX:
            return []
        terms: Dsl = {"field": "entity_name", "size": self.limits.expansions}
        if regex:
            terms["include"] = regex
        answer = self.look_up(
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

    # the index

    def look_up(self, body: Dsl) -> Any:
        """Return the answer to a request; None, and note that it is wanted, until there is one."""
        key = json.dumps(body, sort_keys=True)
        if key not in self.answers:
            self.wanted[key] = body
        return self.answers.get(key)

    def _exists(self, query: Dsl) -> bool:
        answer = self.look_up(
            {
                "size": 0,
                "track_total_hits": 1,
                "terminate_after": 1,
                "query": {"bool": {"filter": [query]}},
            }
        )
        return answer is None or _total(answer) > 0

    def _index(self) -> Any:
        return self.look_up(
            {
                "size": 0,
                "track_total_hits": True,
                "query": EVERYTHING,
                "aggs": {"values": {"terms": {"field": "lang", "size": 1_000}}},
            }
        )

    def _languages(self) -> tuple[str, ...]:
        return tuple(sorted(counted(self._index())))

    def _idf(self, articles: int) -> float:
        total = _total(self._index())
        return idf(min(articles, total), total)


def is_scored(node: Node) -> bool:
    """Whether a node ranks what it finds: it looks for words, and doesn't ban them."""
    match node:
        case And() | Or():
            return any(is_scored(part) for part in node.nodes)
        case Boost():
            return is_scored(node.node)
        case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            return node.field in (ANYWHERE, *TEXT)
    return False


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


def _total(answer: Any) -> int:
    return int(answer["hits"]["total"]["value"]) if answer else 0


def _unknown(node: Node) -> UnsupportedQueryError:
    return UnsupportedQueryError(f"This engine can't search for {type(node).__name__}")


def _any_of(queries: list[Dsl]) -> Dsl:
    if not queries:
        return NOTHING
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _best_of(queries: list[Dsl]) -> Dsl:
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _sequence(found: list[str], slop: int, name: str) -> Dsl:
    in_field = exact_field(name)
    boost = 1 / (exact_saturation(name) + 1)
    if len(found) == 1:
        return {"term": {in_field: {"value": found[0], "boost": boost}}}
    if not slop:
        return {"match_phrase": {in_field: {"query": " ".join(found), "boost": boost}}}
    clauses = [{"span_term": {in_field: word}} for word in found]
    return {"span_near": {"clauses": clauses, "slop": slop, "in_order": True, "boost": boost}}


def _with_words(in_field: str, text: str) -> Dsl:
    asked = words(text)
    return {"match_phrase": {in_field: " ".join(asked)}} if asked else NOTHING


def _dates(node: DateRange) -> Dsl:
    bounds = {}
    if node.start is not None:
        bounds["gte"] = to_micros(node.start)
    if node.end is not None:
        bounds["lt"] = to_micros(node.end)
    return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


def _id(node: Pattern) -> Dsl:
    if isinstance(node, Term):
        return {"term": {"id": plain(node.text)}}
    if isinstance(node, Prefix):
        return {"prefix": {"id": plain(node.text)}}
    raise UnsupportedQueryError("An id is searched for as it is, or by how it begins")


def _host(text: str) -> Dsl:
    """Return the query for hosts that this is a part of: `bbc`, `bbc.co.uk`."""
    labels = plain(text).casefold().strip(".").split(".")
    if not all(labels) or any(" " in label for label in labels):
        return NOTHING
    return {"match_phrase": {"host": " ".join(labels)}}


def _named(in_field: str, node: Pattern) -> Dsl:
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


def _words(node: Prefix | Wildcard | Fuzzy, expanded: _Expanded | None, in_field: str) -> Dsl:
    """Return the query for the words of a pattern: as they were looked up, if all of them were."""
    if expanded and (expanded.whole or isinstance(node, Fuzzy)):
        return {"terms": {in_field: list(expanded.counts)}} if expanded.counts else NOTHING
    assert not isinstance(node, Fuzzy)  # noqa: S101 - those are always looked up
    return _native(node, in_field)


def _native(node: Prefix | Wildcard, in_field: str) -> Dsl:
    if isinstance(node, Prefix):
        return {"prefix": {in_field: plain(fold(node.text))}}
    if not node.pattern.strip("*"):
        return {"exists": {"field": in_field}}
    return {"wildcard": {in_field: {"value": _starred(fold(node.pattern))}}}


def _starred(pattern: str) -> str:
    return plain(pattern).replace("\\", "\\\\")


def _escaped(text: str) -> str:
    """Return the Lucene expression for this very text."""
    return "".join(c if c.isalnum() else f"\\{c}" for c in plain(text))


def begins(text: str) -> str:
    """Return the Lucene expression for what begins so.

    The brackets keep OpenSearch 2 from a short cut that fails where nothing begins so (its issue
    19636).
    """
    return f"{_escaped(text)}(.*)"


def _shape(pattern: str) -> str:
    """Return the Lucene expression for words of a shape."""
    pieces = {"*": ".*", "?": "."}
    shape = "".join(pieces.get(c) or _escaped(c) for c in re.sub(r"\*+", "*", pattern))
    return f"{shape.removesuffix('.*')}(.*)" if shape.endswith(".*") else shape


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
        "".join("." if letter == "?" else _escaped(letter) for letter in letters)
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
