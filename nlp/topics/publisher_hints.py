"""What the publisher says an article is about: sections and categories that name a topic.

A hint is a rule, not the model's finding, and is recorded as such. It is never used where a model
is measured: gold labels are often made of the very same sections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from models.tags import OTHER, Origin, TopicScore
from nlp.topics.taxonomy import Topic

HINT_SCORE = 0.6
"""A hint alone makes a tag, but ranks below what the model is sure of; chosen, not measured."""

LEAST_CHANCE = 0.2
"""Where a model that knows each topic's chance gives one less, a section does not make it a tag:
of 23 such sections of labelled articles 4 were right, of the 209 others 201. What a publisher
says of the article itself, by its categories, is always followed."""

MOST_TOPICS = 4

_separators = re.compile(r"[\W_]+")


def hinted_topics(
    topics: Sequence[Topic], section: str, categories: Sequence[str] = ()
) -> tuple[TopicScore, ...]:
    """Return the topics that a section (`world/us-politics`) or RSS categories name exactly.

    Every part of a section path counts by itself. A topic's own slug and name count as well.
    """
    said = {_folded(name) for name in (*section.split("/"), *categories)}
    return tuple(
        TopicScore(topic.slug, HINT_SCORE, Origin.RULE)
        for topic in topics
        if said & {_folded(name) for name in (topic.slug, topic.name, *topic.sections)}
    )


def new_hints(found: Sequence[TopicScore], hints: Sequence[TopicScore]) -> tuple[TopicScore, ...]:
    """Return the hints that name a topic which the model did not find."""
    known = {topic.slug for topic in found}
    return tuple(hint for hint in hints if hint.slug not in known)


def with_hints(
    found: Sequence[TopicScore],
    hints: Sequence[TopicScore],
    chances: Mapping[str, float] = MappingProxyType({}),
) -> tuple[TopicScore, ...]:
    """Add hints to what the model found: best first, at most four, and never beside `other`.

    Where both name a topic, the model's finding stays, with its own score. `chances` are the
    model's by slug; a hint that has less than `LEAST_CHANCE` there is not followed.
    """
    news = [hint for hint in new_hints(found, hints) if chances.get(hint.slug, 1.0) >= LEAST_CHANCE]
    if not news:
        return tuple(found)
    kept = [topic for topic in found if topic.slug != OTHER]
    joined = sorted([*kept, *news], key=lambda topic: -topic.score)
    return tuple(joined[:MOST_TOPICS])


@lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return _separators.sub(" ", name).strip().lower()
