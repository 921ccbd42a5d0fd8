"""Answers a search as a person asks it: reads the query, asks the engine, fetches the hits."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime

from models.addresses import PastedAddress
from models.errors import QueryError
from models.rules import MUTED
from models.tags import TaggedArticle
from search.engine import Answer, Engine, Question, Scored, Sort
from search.filters import narrowed
from search.lists import FIELD, list_node
from search.periods import Counts, engine_facets, with_periods
from search.query.nodes import ALL, ANYWHERE, And, Boost, Node, Not, Or, Term
from search.query.notices import Notice
from search.query.otherwise import otherwise
from search.query.parse import MAX_LENGTH, Interpretation, interpret, parse
from search.request import EntityOffer, FacetValue, Filters, Hit, Request, Results
from search.search_store import SearchStore
from search.similar import SimilarArticles
from search.snippet import mark, passage
from search.story_folding import search_folded
from search.suggestions.absent_words import absent_words
from search.suggestions.completion import completions
from search.suggestions.corrections import corrected
from search.suggestions.empty_dates import empty_dates
from search.suggestions.entity_offers import named_in, offers, spelled_otherwise, with_spellings
from search.suggestions.known_values import TopicsFor, check_values, hides_values
from search.text.words import words

LITTLE = 3
"""Where fewer articles than this have all the words, one may have been mistyped."""

_NO_FILTERS = Filters()
_ENTITIES = {"entity": "", "person": "person/", "org": "org/", "place": "place/"}


def _now() -> datetime:
    return datetime.now(UTC)


class Searcher:
    """Searches over an engine and the store it was fed from.

    `now` says what relative dates are seen from, `topics` which topics there are even where no
    article has them yet. `mutes` says whether there are muted articles, which are left out where a
    query does not ask for them. `address` reads a text that is a web address, which then finds the
    article there. `reader` says whose lists are seen, as `search.lists.list_node` takes it.
    """

    def __init__(
        self,
        engine: Engine,
        library: SearchStore,
        now: Callable[[], datetime] = _now,
        topics: Callable[[], Collection[str]] = tuple,
        topics_for: TopicsFor = lambda _text: (),
        mutes: Callable[[], bool] = lambda: False,
        address: Callable[[str], PastedAddress | None] = lambda _text: None,
        reader: Callable[[], str | None] = lambda: "",
    ) -> None:
        self.topics = topics
        self._topics_for = topics_for
        self.engine = engine
        self.library = library
        self.now = now
        self._mutes = mutes
        self._address = address
        self._reader = reader
        self._similar = SimilarArticles(engine, library)

    def as_seen_by(self, user: str) -> Searcher:
        """Return a searcher that sees the lists of a user, whoever is asking."""
        seen = copy(self)
        seen._reader = lambda: user
        return seen

    def search(self, request: Request) -> Results:
        """Return one page of what a request finds.

        Raises `QueryError` for a query that can't be read, `UnknownValueError` for one that asks
        for what no article has, `EngineError` where there is no answer.
        """
        began = time.perf_counter()
        read = self.read(request.text)
        query = read.query
        offered, spelled = self._named(request, query)
        question = Question(
            self._asked(with_spellings(query, spelled) if spelled else query, request.filters),
            request.sort,
            request.offset,
            request.limit,
            engine_facets(request.facets),
            request.facet_size,
            request.fold,
        )
        if request.fold_stories:
            answer = search_folded(self.engine, question, self.library.stories.of)
        else:
            answer = self.engine.search(question)
        asked = narrowed(query, request.filters)
        if not answer.partial and (not answer.total or hides_values(asked)):
            check_values(asked, self.engine, self._with_keys, self.topics, self._topics_for)
        suggestion = ""
        if answer.strict < LITTLE and not answer.partial:
            suggestion = self._suggestion(request, query, answer)
        notices = read.notices
        if not answer.total and not answer.partial:
            asked_for = _plain_words(query)
            absent = absent_words(asked_for, lambda word: self._is_found(Term(word)), request.text)
            dates = empty_dates(asked, self._is_found, self._newest)
            notices += tuple(each for each in (absent, dates) if each)
        return Results(
            total=answer.total,
            strict=answer.strict,
            hits=self._hits(query, answer.hits, self._found(answer), fold=request.fold),
            facets=self._facets(with_periods(request.facets, answer.facets)),
            suggestion=suggestion,
            partial=answer.partial,
            seconds=time.perf_counter() - began,
            folded=answer.folded,
            notices=notices,
            entities=offered,
            spellings_of=spelled,
        )

    def read(self, text: str) -> Interpretation:
        """Return what a text asks for: the article at a web address, else a query."""
        address = self._address(text)
        if address is None:
            read = interpret(text, self.now())
            other = otherwise(text, self._is_source)
            return read if other is None else replace(read, notices=(*read.notices, other))
        article = Term(address.article_id, "id")
        for found in (Term(address.part_id, "id"), article):
            if found.text and self._is_found(found):
                return Interpretation(found)
        if not address.certain:
            return interpret(text, self.now())
        source = f"source:{address.host}"
        known = source if self._is_source(address.host) else ""
        return Interpretation(article, (Notice("No article here has this address.", known),))

    def _is_found(self, node: Node) -> bool:
        """Whether any article matches, with no filter in force."""
        return self.engine.search(Question(node, limit=0)).total > 0

    def _newest(self) -> datetime | None:
        """Return when the newest article was published, None where none has a date."""
        newest = self.engine.search(Question(ALL, Sort.NEWEST, limit=1))
        found = self._found(newest)
        return found[0].article.published if found else None

    def _is_source(self, name: str) -> bool:
        """Whether an article comes from a source or host."""
        return self._is_found(Term(name, "source"))

    def _named(
        self, request: Request, query: Node
    ) -> tuple[tuple[EntityOffer, ...], EntityOffer | None]:
        """Return the entities that a query names, and the one whose spellings are searched too."""
        name = named_in(request.text, query)
        offered = offers(name, query, self.library.entities, self.engine)
        return offered, spelled_otherwise(name, offered) if request.spellings else None

    def matching(
        self, text: str, filters: Filters = _NO_FILTERS, *, spellings: bool = False
    ) -> Iterator[str]:
        """Yield the ids of all articles that a search finds, newest first, for exports.

        With `spellings` a name is found in its other spellings too, as `search` does.
        """
        query = self.read(text).query
        if spellings:
            _, spelled = self._named(Request(text=text, filters=filters), query)
            query = with_spellings(query, spelled) if spelled else query
        asked = narrowed(query, filters)
        check_values(asked, self.engine, self._with_keys, self.topics, self._topics_for)
        return self.engine.matching(self._with_keys(self._unmuted(asked)))

    def among(self, request: Request, ids: Sequence[str]) -> set[str]:
        """Return which of some articles have all that a request asks for, as alerts need it.

        What no article has so far is no error here: the first one may be yet to come.
        """
        query = self.read(request.text).query
        _, spelled = self._named(request, query)
        asked = self._asked(with_spellings(query, spelled) if spelled else query, request.filters)
        these = Or(tuple(Term(one, "id") for one in ids)) if len(ids) > 1 else Term(ids[0], "id")
        return set(self.engine.matching(these if asked == ALL else And((_strict(asked), these))))

    def similar(self, article_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return the articles that share most with one, best first; none where it is gone.

        They share its rare names, its story and several of its characteristic words. Its
        near-duplicates are left out: they would be nothing else to read.
        """
        found = self.library.articles.tagged([article_id])
        if not found or limit <= 0:
            return ()
        order = self._similar.to(found[0])
        articles = self.library.articles.tagged([one.id for one in order[:limit]])
        return self._hits(ALL, order, articles)

    def complete(self, text: str, limit: int = 10) -> tuple[str, ...]:
        """Return how a query may go on whose last word is still being typed, likeliest first."""
        return completions(
            text, self.engine, self.library.entities, self.topics(), self.now(), limit
        )

    def _asked(self, query: Node, filters: Filters) -> Node:
        return self._with_keys(self._unmuted(narrowed(query, filters)))

    def _unmuted(self, query: Node) -> Node:
        """Return a query without muted articles, where it does not ask for them itself."""
        if not self._mutes() or _asks_for_muted(query):
            return query
        left_out = Not(Term(MUTED, "topic"))
        if query == ALL:
            return left_out
        if isinstance(query, And) and not query.relaxable:
            return And((*query.nodes, left_out))
        return And((query, left_out))

    def _with_keys(self, node: Node) -> Node:  # noqa: PLR0911 - one a kind
        """Put keys in the place of names of entities, and of lists what is on them."""
        match node:
            case And():
                return And(tuple(map(self._with_keys, node.nodes)), node.relaxable)
            case Or():
                return Or(tuple(map(self._with_keys, node.nodes)))
            case Not():
                return Not(self._with_keys(node.node))
            case Boost():
                return Boost(self._with_keys(node.node), node.factor)
            case Term() if node.field == FIELD:
                return list_node(node.text, self.library.lists, self._reader())
            case Term() if node.field in _ENTITIES:
                found = self.library.entities.find(node.text)
                keys = [key for key in found if key.startswith(_ENTITIES[node.field])]
                terms = tuple(Term(key, node.field) for key in keys)
                return Or(terms) if len(terms) > 1 else terms[0] if terms else node
        return node

    def _found(self, answer: Answer) -> Sequence[TaggedArticle]:
        return self.library.articles.tagged([hit.id for hit in answer.hits])

    def _hits(
        self,
        query: Node,
        ranked: Sequence[Scored],
        articles: Sequence[TaggedArticle],
        *,
        fold: bool = False,
    ) -> tuple[Hit, ...]:
        """Return articles of an answer with its words marked."""
        scores = {hit.id: hit.score for hit in ranked}
        copies = self.library.duplicates.copies(list(scores)) if fold and scores else {}
        hits = []
        for found in articles:
            article = found.article
            # Many feeds give the title again as the summary; once is enough to read.
            summary = "" if article.summary == article.title else article.summary
            texts = (("summary", summary), ("body", article.body))
            hits.append(
                Hit(
                    article=article,
                    topics=found.topics,
                    entities=found.entities,
                    score=scores[article.id],
                    title=mark(article.title, query, article.language),
                    snippet=passage(texts, query, article.language),
                    copies=copies.get(article.id, ()),
                    story=found.story,
                )
            )
        return tuple(hits)

    def _facets(self, counted: Mapping[str, Counts]) -> dict[str, tuple[FacetValue, ...]]:
        keys = {
            value for facet, pairs in counted.items() if facet in _ENTITIES for value, _ in pairs
        }
        names = dict(self.library.entities.names(sorted(keys))) if keys else {}
        story_ids = [value for value, _ in counted.get("story", ())]
        names |= self.library.stories.names(story_ids) if story_ids else {}
        return {
            facet: tuple(
                FacetValue(value, names.get(value, value), count) for value, count in pairs
            )
            for facet, pairs in counted.items()
        }

    # did you mean

    def _is_name(self, word: str) -> bool:
        """Whether a word is one of a name that some article mentions, and so not mistyped."""
        return self._is_found(Term(word, "entity"))

    def _suggestion(self, request: Request, query: Node, answer: Answer) -> str:
        """Return the query with its mistyped words corrected, where that finds more."""
        better: dict[str, str] = {}
        for word in dict.fromkeys(_plain_words(query)):
            found = "" if self._is_name(word) else self.engine.suggest(word)
            if found and found != word:
                better[word] = found
        text = corrected(request.text, better) if better else request.text
        if text == request.text or len(text) > MAX_LENGTH:
            return ""
        try:
            query = parse(text, self.now())
        except QueryError:
            return ""
        other = self.engine.search(Question(self._asked(query, request.filters), limit=0))
        return text if other.strict > answer.strict else ""


def _strict(node: Node) -> Node:
    """Return a query that wants all of its plain words, not most of them."""
    if isinstance(node, And):
        return And(tuple(map(_strict, node.nodes)))
    return node


def _asks_for_muted(node: Node) -> bool:
    match node:
        case And() | Or():
            return any(map(_asks_for_muted, node.nodes))
        case Not() | Boost():
            return _asks_for_muted(node.node)
        case Term():
            # Who names an article asks for it, muted or not.
            return node.field == "id" or (node.field == "topic" and node.text == MUTED)
    return False


def _plain_words(node: Node) -> Iterator[str]:
    match node:
        case And() | Or():
            for part in node.nodes:
                yield from _plain_words(part)
        case Boost():
            yield from _plain_words(node.node)
        case Term() if node.field in (ANYWHERE, "title", "summary", "body"):
            yield from words(node.text)
