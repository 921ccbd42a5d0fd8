"""What speaks for an article's being one of a story: from its pairs with the members to figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

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
CENTRE, OWNED = STORY_FEATURES.index("centre"), STORY_FEATURES.index("owned")
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
    apart: bool,
    owned: float = 0.0,
) -> tuple[float, ...] | None:
    """Return `STORY_FEATURES` of an article and a story of `size` members, None if it is too far.

    `near` are the log odds of the article with members, highest first; those that are missing are
    far. `centre` is its cosine with the story's centre. `apart` says that it is a digest of
    several events and no copy of a member, or the other way round: several events are no part of
    one.
    """
    if apart:
        return None
    if size == 1:
        best = near[0]
        return (best, best, best, centre, 0.0, 1.0, float(other_language), owned)
    if size >= GROWN and centre < FLOOR + CLOSING * math.log2(max(1.0, size / LARGE)):
        return None
    return (
        near[0],
        _mean(near, min(QUORUM, (size + 1) // 2)),
        _mean(near, min(MEAN_OF, size)),
        centre,
        math.log(min(size, GROWN)),
        0.0,
        float(other_language),
        owned,
    )


def halves(odds: Floats) -> tuple[list[int], list[int]]:
    """Return the members of a story in the two groups that are least like each other.

    `odds` says how likely two of its members are on one event: the first and the second, the
    first and the third, and so on. The groups are those that average linkage joins last; the larger
    comes first, and of two alike that of the first member.
    """
    far = 1.0 - 1.0 / (1.0 + np.exp(-np.clip(odds.astype(np.float64), -30, 30)))
    labels = fcluster(linkage(far, "average"), 2, "maxclust")
    one, other = np.flatnonzero(labels == labels[0]), np.flatnonzero(labels != labels[0])
    if len(other) > len(one):
        one, other = other, one
    return one.tolist(), other.tolist()


def _mean(near: Sequence[float], count: int) -> float:
    there = near[:count]
    return (sum(there) + ABSENT * (count - len(there))) / count
