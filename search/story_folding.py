"""Folding by story: of each story only the best hit is listed, whatever engine found the hits.

Hits are read from the engine in growing pieces until the page is full; how many are folded in all
follows from the counts of the facet `story`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from search.engine import Answer, Engine, Question, Scored

MOST_READ = 20_000
"""Hits that are read for one page; a page beyond them is empty."""
MOST_STORIES = 50_000
FACET = "story"

StoryOf = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the stories of those articles that have one."""


def search_folded(engine: Engine, question: Question, story_of: StoryOf) -> Answer:
    """Return an answer in which each story stands once, as its best hit."""
    wanted = question.offset + question.limit
    size = max(100, 3 * wanted)
    while True:
        size = min(size, MOST_READ)
        answer = engine.search(replace(question, offset=0, limit=size, fold=False))
        kept = best_of_stories(answer.hits, story_of([hit.id for hit in answer.hits]))
        if len(kept) >= wanted or len(answer.hits) < size or size == MOST_READ:
            break
        size *= 4
    counted = engine.search(
        Question(question.query, limit=0, facets=(FACET,), facet_size=MOST_STORIES)
    )
    folded = sum(count - 1 for _, count in counted.facets.get(FACET, ()))
    return replace(answer, hits=tuple(kept[question.offset : wanted]), folded=folded)


def best_of_stories(hits: Sequence[Scored], stories: Mapping[str, str]) -> list[Scored]:
    """Return the first hit of each story, and all that are alone, in their order."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        story = stories.get(hit.id, "")
        if story and story in seen:
            continue
        seen.add(story)
        kept.append(hit)
    return kept
