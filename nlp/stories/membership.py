"""What speaks for an article's being one of a story: from its pairs with the members to figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from nlp.stories.window import Floats

STORY_FEATURES = (
    *("best", "quorum", "mean", "centre", "size", "alone", "other_language"),
    "owned",
)
"""Of what the pair model says of an article and the members of a story (as log odds): the best, the
mean of the better half, the mean of ten; the cosine with the story's centre; the logarithm of the
story's size; whether it has but one member; whether all members are in another language; and how
much the article's terms are the story's own (`Shares.owned`)."""
QUORUM = 5
MEAN_OF = 10
GROWN = 12
"""Articles beyond which a story's size says no more for it."""
ABSENT = -7.0
"""Log odds of a pair that was not worth a look."""
CENTRE = STORY_FEATURES.index("centre")
FLOOR = 0.17
"""The least cosine with the centre of a grown story that an article needs, whatever its nearest
members: what holds everything is near to nothing."""
LARGE, CLOSING = 40, 0.06
"""Articles from which a story closes: each doubling asks for this much more of the cosine, so that
a running story stays with its event and does not take in its whole topic."""


def story_features(
    near: Sequence[float],
    centre: float,
    size: int,
    *,
    other_language: bool,
    owned: float,
) -> tuple[float, ...] | None:
    """Return `STORY_FEATURES` of an article and a story of `size` members, None if it is too far.

    `near` are the log odds of the article with members, highest first; those that are missing are
    far. `centre` is its cosine with the story's centre.
    """
    if size >= GROWN and centre < FLOOR + CLOSING * math.log2(max(1.0, size / LARGE)):
        return None
    return (
        near[0],
        _mean(near, min(QUORUM, (size + 1) // 2)),
        _mean(near, min(MEAN_OF, size)),
        centre,
        math.log(min(size, GROWN)),
        float(size == 1),
        float(other_language),
        owned,
    )


def halves(odds: Floats) -> tuple[list[int], list[int]]:
    """Return the members of a story in the two groups that are least like each other.

    `odds` (members x members) says how likely two are on one event. The groups are those that
    average linkage joins last; the larger comes first, and of two alike that of the first member.
    """
    likely = 1.0 / (1.0 + np.exp(-np.clip((odds + odds.T) / 2.0, -30, 30)))
    far = (1.0 - likely) * (1.0 - np.eye(len(odds)))
    labels = fcluster(linkage(squareform(far, checks=False), "average"), 2, "maxclust")
    one, other = np.flatnonzero(labels == labels[0]), np.flatnonzero(labels != labels[0])
    if len(other) > len(one):
        one, other = other, one
    return one.tolist(), other.tolist()


def _mean(near: Sequence[float], count: int) -> float:
    there = near[:count]
    return (sum(there) + ABSENT * (count - len(there))) / count
