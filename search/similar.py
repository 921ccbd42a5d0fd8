"""Articles that are similar to one: by the names, the story and the words that they share.

The engine finds candidates by words; what they share with the article is then weighed. One shared
word is a chance (a pioneer of AI, sharks that pioneered a taste), and is never enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from models.tags import TaggedArticle
from search.engine import Engine, Question
from search.query.nodes import ALL, Boost, Node, Not, Or, Term
from search.ranking import idf
from search.text.stems import stem, stopwords
from search.text.words import words

CANDIDATES = 60
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


def name_weights(tagged: TaggedArticle, engine: Engine) -> dict[str, float]:
    """Return how telling each entity of an article is, from 0 to 1: the rarer, the more."""
    total = max(engine.count(), 1)
    most = sorted(tagged.entities, key=lambda entity: -entity.count)[:_NAMES]
    found = {
        entity.key: engine.search(Question(Term(entity.key, "entity"), limit=0)).total
        for entity in most
    }
    return {key: idf(count, total) / idf(1, total) for key, count in found.items() if count}


def best_first(
    tagged: TaggedArticle,
    candidates: Sequence[TaggedArticle],
    scores: Mapping[str, float],
    names: Mapping[str, float],
) -> list[str]:
    """Return the ids of candidates that share enough with an article, the most similar first.

    `scores` are those of the engine for the words, that of the article itself among them, `names`
    how telling the article's entities are.
    """
    mine = _telling(tagged)
    own = scores.get(tagged.article.id, 0.0)
    highest = max((scores[other.article.id] for other in candidates), default=0.0) or 1.0
    whole = sum(weight**2 for weight in names.values()) or 1.0
    ranked = []
    for other in candidates:
        shared = names.keys() & {entity.key for entity in other.entities}
        telling = len(shared) + len(mine & _telling(other))
        together = tagged.story is not None and tagged.story == other.story
        too_little = telling < _LEAST or scores[other.article.id] < _SHARE * own
        if too_little and not together:
            continue
        value = scores[other.article.id] / highest
        value += _NAMED * sum(names[key] ** 2 for key in shared) / whole
        ranked.append((-value - _STORY * together, other.article.id))
    return [id_ for _, id_ in sorted(ranked)]


def _telling(tagged: TaggedArticle) -> set[str]:
    """Return the stems of the title and summary of an article that say something."""
    article = tagged.article
    dull = stopwords(article.language)
    found = words(f"{article.title} {article.summary}", article.language)
    return {stem(word, article.language) for word in found if word not in dull and len(word) > 2}
