"""The second look after a batch: articles that were alone, and stories that drifted apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nlp.stories.evidence import COMPARED, Evidence, Pairs
from nlp.stories.live import LiveStories, LiveStory
from nlp.stories.membership import halves

CANDIDATES = 24
"""Live articles that a new one is compared with."""
ALONE_ODDS = -2.0
"""Log odds of the best pair from which an article that is alone is looked at again."""
STEPS = tuple(round(8 * 1.3**n) for n in range(30))
"""Sizes at which a story is looked at for halves."""
LOOKED_AT = 120
"""Newest members that are looked at."""
FEWEST_APART = 4
"""Articles that a part of a story has at least, to be one of its own."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a second look changed after a batch: articles that left `story` for `into`.

    `split` says that they are a part of a story that goes on without them; else all of it went.
    """

    story: str
    into: str
    articles: tuple[str, ...]
    split: bool = False


def join_alone(live: LiveStories, evidence: Evidence, pairs: Pairs) -> list[Reviewed]:
    """Hold articles that are alone against the stories that came about around them.

    Looked at are those of the batch, whose `pairs` are given, and earlier ones that it brought
    near. What came in the wrong order, such as a preview before the event, finds its story here.
    """
    left, right, odds, cosines = pairs.arrays
    rows, others = np.concatenate([left, right]), np.concatenate([right, left])
    odds, cosines = np.tile(odds, 2), np.tile(cosines, 2)
    ids, stories, story_at = live.articles.ids, live.stories, live.story_at
    sizes = np.zeros(len(ids), dtype=np.int64)
    for row in np.unique(rows).tolist():
        sizes[row] = story_at[row].size
    telling = (odds >= ALONE_ODDS) & (sizes[rows] == 1) & (sizes[others] > 1)
    told = np.zeros(len(ids), dtype=np.bool_)
    told[rows[telling]] = True
    wanted = told[rows]
    both = Pairs(
        rows[wanted],
        others[wanted],
        (odds[wanted], cosines[wanted]),
        evidence.views,
        evidence.model,
    )
    begins = np.flatnonzero(np.diff(both.arrays[0], prepend=-1)).tolist()
    changed = []
    for begin, end in zip(begins, [*begins[1:], len(both.rows)], strict=False):
        row = both.rows[begin]
        article, own = ids[row], story_at[row].id
        if stories[own].size > 1:
            continue
        met = evidence.met(row, both, begin, min(end, begin + CANDIDATES), own)
        likely = evidence.likely(article, met)
        for story in sorted(likely, key=lambda name: (-likely[name], name)):
            if likely[story] < evidence.model.join:
                break
            keep, lose = live.larger(story, own)
            if evidence.fit_together(keep, lose):
                members = tuple(stories[lose].members)
                live.merge(keep, lose)
                changed.append(Reviewed(lose, keep, members))
                break
    return changed


def part_halves(live: LiveStories, evidence: Evidence, before: Mapping[str, int]) -> list[Reviewed]:
    """Split stories that drifted apart, of those that grew past a step of `STEPS`.

    `before` has their sizes before the batch.
    """
    changed = []
    for name in sorted(name for name, story in live.stories.items() if story.size >= STEPS[0]):
        story = live.stories[name]
        if name in evidence.rules.settled:
            continue
        if bisect_right(STEPS, story.size) == bisect_right(STEPS, before.get(name, 0)):
            continue
        members = story.members[-LOOKED_AT:]
        rows = np.array([live.places[each] for each in members])
        left, right = np.triu_indices(len(rows), 1)
        odds, _ = evidence.odds(rows[left], rows[right])
        stay, go = ([members[at] for at in half] for half in halves(odds))
        if len(go) < FEWEST_APART:
            continue
        rest = LiveStory(name, stay, len(stay), evidence.gram(stay))
        if evidence.likeness(go[-COMPARED:], rest, name) >= evidence.model.split:
            continue
        into = live.part(name, go, evidence.gram(go))
        changed.append(Reviewed(name, into, tuple(go), split=True))
    return changed
