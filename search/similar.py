"""Articles that are similar to one: by the names, the story and the words that they share.

The engine finds candidates by words; what they share with the article is then weighed. One shared
word is a chance (a pioneer of AI, sharks that pioneered a taste), and is never enough.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeVar

from models.tags import TaggedArticle
from search.engine import Engine, Question, Scored
from search.query.nodes import ALL, And, Boost, Node, Not, Or, Term
from search.ranking import idf
from search.search_store import SearchStore
from search.text.stems import stem, stopwords
from search.text.words import words

_CANDIDATES = 60
"""Articles that are looked at for each search."""
_NAMES = 12
"""Entities of an article that are looked for, those that it names most."""
_STORY = 0.5
_NAMED = 0.3
"""What the same story, and all the same names, are worth where the best words are worth 1."""
_LEAST = 2
"""Names and telling words that two articles must share."""
_SHARE = 0.2
"""The part of what an article scores for its own words that one similar to it must score: of five
similar articles each to 60, this leaves out 54 of 99 poor ones, and 9 of 119 good ones."""
_COPIES = 50
"""Near-duplicates of an article that are kept out of those similar to it; more are seldom there."""
_KEPT_SIMILAR = 1_000
"""Articles whose similar ones are kept, until the index changes: up to 60 ids each."""
_KEPT_NAMES = 20_000
"""Entities of which it is kept how many articles name them."""


Value = TypeVar("Value")


class Cache(Generic[Value]):
    """What was worked out from one state of the index, by what was asked; safe for threads.

    Of `most` answers the one that was longest not asked for goes. Where the state of the index is
    not known (""), nothing is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._generation = ""
        self._found: OrderedDict[str, Value] = OrderedDict()

    def get(self, generation: str, asked: str, work_out: Callable[[], Value]) -> Value:
        """Return what `work_out` gave for this question, asked of the index as it is."""
        with self._lock:
            if generation != self._generation:
                self._found.clear()
                self._generation = generation
            if asked in self._found:
                self._found.move_to_end(asked)
                return self._found[asked]
        value = work_out()
        with self._lock:
            if generation and generation == self._generation:
                self._found[asked] = value
                if len(self._found) > self._most:
                    self._found.popitem(last=False)
        return value


class SimilarArticles:
    """Finds the articles that share most with one, and keeps them until the index changes."""

    def __init__(self, engine: Engine, store: SearchStore) -> None:
        self._engine = engine
        self._store = store
        self._kept: Cache[tuple[Scored, ...]] = Cache(_KEPT_SIMILAR)
        self._named_in: Cache[int] = Cache(_KEPT_NAMES)

    def to(self, tagged: TaggedArticle) -> tuple[Scored, ...]:
        """Return the articles that share most with one, best first; not its near-duplicates."""
        generation = self._engine.generation()
        asked = f"{tagged.article.id} {tagged.article.version}"
        return self._kept.get(generation, asked, lambda: self._find(tagged, generation))

    def _find(self, tagged: TaggedArticle, generation: str) -> tuple[Scored, ...]:
        here = tagged.article
        leader = here.duplicate_of or here.id
        copies = self._store.duplicates.copies([leader]).get(leader, ())[:_COPIES]
        excluded = {leader, *(copy.id for copy in copies)} - {here.id}
        query = alike(tagged)
        if excluded:
            query = And((query, Not(Or(tuple(Term(one, "id") for one in sorted(excluded))))))
        # The article itself is found as well, and says how much a hit can score at the most.
        answer = self._engine.search(Question(query, limit=_CANDIDATES + 1, fold=True))
        scores = {hit.id: hit.score for hit in answer.hits}
        near = worth_reading(tagged, scores, self._store.stories.of)
        names = self._name_weights(tagged, generation)
        return tuple(best_first(tagged, self._store.articles.tagged(near), scores, names))

    def _name_weights(self, tagged: TaggedArticle, generation: str) -> dict[str, float]:
        """Return how telling each entity of an article is, from 0 to 1: the rarer, the more."""
        total = max(self._engine.count(), 1)
        most = sorted(tagged.entities, key=lambda entity: -entity.count)[:_NAMES]
        found = {
            entity.key: self._named_in.get(generation, entity.key, partial(self._count, entity.key))
            for entity in most
        }
        return {key: idf(count, total) / idf(1, total) for key, count in found.items() if count}

    def _count(self, key: str) -> int:
        return self._engine.search(Question(Term(key, "entity"), limit=0)).total


def alike(tagged: TaggedArticle) -> Node:
    """Return the query for articles with some of an article's characteristic words."""
    article = tagged.article
    dull = stopwords(article.language)
    title = [word for word in words(article.title) if word not in dull]
    rest = [word for word in words(f"{article.summary} {article.body[:2000]}") if word not in dull]
    counts = Counter(rest[:300])
    terms: list[Node] = [Boost(Term(word), 2.0) for word in dict.fromkeys(title)]
    # Often said is telling; so is said early, where counts are equal.
    terms += [Term(word) for word, _ in counts.most_common(40) if word not in set(title)]
    return Or(tuple(terms[:60])) if terms else Not(ALL)


def worth_reading(
    tagged: TaggedArticle,
    scores: Mapping[str, float],
    stories: Callable[[Sequence[str]], Mapping[str, str]],
) -> list[str]:
    """Return which of the articles found score enough, or tell the same story.

    `scores` are those of the engine for the words, that of the article itself among them; `stories`
    gives the stories of articles.
    """
    least = _SHARE * scores.get(tagged.article.id, 0.0)
    weak = [id_ for id_, score in scores.items() if score < least] if tagged.story else []
    story_of = stories(weak) if weak else {}
    story = tagged.story.id if tagged.story else ""
    return [
        id_
        for id_, score in scores.items()
        if id_ != tagged.article.id and (score >= least or (story and story_of.get(id_) == story))
    ]


def best_first(
    tagged: TaggedArticle,
    candidates: Sequence[TaggedArticle],
    scores: Mapping[str, float],
    names: Mapping[str, float],
) -> list[Scored]:
    """Return the candidates that share enough with an article, the most similar first.

    `candidates` are articles that are `worth_reading`, `scores` as there, `names` how telling the
    article's entities are.
    """
    mine = _telling(tagged)
    others = (score for id_, score in scores.items() if id_ != tagged.article.id)
    highest = max(others, default=0.0) or 1.0
    whole = sum(weight**2 for weight in names.values()) or 1.0
    ranked = []
    for other in candidates:
        shared = names.keys() & {entity.key for entity in other.entities}
        together = tagged.story is not None and tagged.story == other.story
        telling = _LEAST if together else len(shared)
        if telling < _LEAST and telling + len(mine & _telling(other)) < _LEAST:
            continue
        value = scores[other.article.id] / highest
        value += _NAMED * sum(names[key] ** 2 for key in shared) / whole
        ranked.append((-value - _STORY * together, other.article.id))
    return [Scored(id_, scores[id_]) for _, id_ in sorted(ranked)]


def _telling(tagged: TaggedArticle) -> set[str]:
    """Return the stems of the title and summary of an article that say something."""
    article = tagged.article
    dull = stopwords(article.language)
    found = words(f"{article.title} {article.summary}", article.language)
    return {stem(word, article.language) for word in found if word not in dull and len(word) > 2}
