"""Which clusters of other topics speak of the same: a war is in politics, health and sport too."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

LEAST = 0.15
"""The cosine of telling terms from which clusters are said to be alike."""


def alike(terms: Mapping[str, Sequence[str]], cluster: str, most: int = 6) -> tuple[str, ...]:
    """Return the clusters most like one of them, by the telling terms that they share.

    `terms` has the telling terms of every cluster by its id. A term counts the more the fewer
    clusters have it.
    """
    sets = {key: {term.casefold() for term in of} for key, of in terms.items()}
    having = Counter(term for of in sets.values() for term in of)
    weight = {term: math.log(1 + len(sets) / n) ** 2 for term, n in having.items()}
    mine = sets.get(cluster, set())
    length = {key: math.sqrt(sum(weight[term] for term in of)) for key, of in sets.items()}
    likeness = {
        key: sum(weight[term] for term in mine & of) / (length[key] * length[cluster])
        for key, of in sets.items()
        if key != cluster and mine & of
    }
    near = sorted(likeness, key=lambda key: (-likeness[key], key))
    return tuple(key for key in near if likeness[key] >= LEAST)[:most]
