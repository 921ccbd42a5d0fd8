"""Which names stand together in some articles, as a picture: names are dots, edges are lines."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from models.tags import EntityCount
from nlp.association import log_likelihood
from web.charts.labels import Dot, Label, place_labels

WIDE, NARROW = (960, 600), (360, 560)
"""Width and height of the picture, on a screen and on a phone."""
LOOKED_AT = 400
"""Articles of a search whose names are drawn: the best, or the newest where nothing ranks."""
ROUNDS = 150
DRAWN = ("person", "org", "place", "group")
"""The types of names that are drawn; works, laws and products are left out."""

SMALLEST, LARGEST = 5.0, 18.0  # radius of a dot
TIES_EACH = 3
FEWEST_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class Node:
    """A name: where it stands, how large, and in how many of the articles it is.

    `label` is its text in the picture, None where there is no room for it.
    """

    key: str
    name: str
    type: str
    articles: int
    x: float
    y: float
    radius: float
    label: Label | None


@dataclass(frozen=True, slots=True)
class Edge:
    """Two names that stand together more often than chance would have it.

    `together` counts the articles with both, `width` is how thick the line is drawn.
    """

    first: Node
    second: Node
    together: int
    width: float


@dataclass(frozen=True, slots=True)
class EntityGraph:
    """A picture of names, `articles` of which were looked at."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    articles: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """What is to be in the picture: types of names, not those dropped, only what is `around` one.

    Names are given by their keys.
    """

    types: Collection[str] = DRAWN
    dropped: Collection[str] = ()
    around: str = ""


def entity_graph(
    named: Sequence[Iterable[EntityCount]],
    most: int = 28,
    *,
    shown: GraphOptions = GraphOptions(),
    size: tuple[int, int] = WIDE,
) -> EntityGraph:
    """Draw names that are tied in some articles, out of the `most` that are named most often.

    Edges are ranked by log-likelihood (see `nlp.association`), and each name keeps its strongest.
    The same articles give the same picture.
    """
    lists = [
        [e for e in entities if e.type in shown.types and e.key not in shown.dropped]
        for entities in named
    ]
    known = {entity.key: entity for entities in lists for entity in entities}
    times = Counter(entity.key for entities in lists for entity in entities)
    chosen = sorted((key for key in times if times[key] > 1), key=lambda k: (-times[k], k))[:most]
    wanted = set(chosen)
    together = Counter(
        pair
        for entities in lists
        for pair in combinations(sorted({e.key for e in entities} & wanted), 2)
    )
    strengths = _strengths(together, times, len(lists))
    if shown.around:
        near = {key for pair in strengths if shown.around in pair for key in pair}
        strengths = {pair: value for pair, value in strengths.items() if near.issuperset(pair)}
    chosen = [key for key in chosen if any(key in pair for pair in strengths)]
    places = _laid_out(chosen, strengths, size)
    largest = max((times[key] for key in chosen), default=1)
    dots = [
        Dot(
            *places[key],
            round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(times[key] / largest), 1),
            known[key].name,
        )
        for key in chosen
    ]
    labels = place_labels(dots, *size)
    nodes = {
        key: Node(key, dot.name, known[key].type, times[key], dot.x, dot.y, dot.radius, label)
        for key, dot, label in zip(chosen, dots, labels, strict=True)
    }
    strongest = max(strengths.values(), default=1.0)
    edges = tuple(
        Edge(
            nodes[one],
            nodes[other],
            together[one, other],
            round(1 + 4 * math.sqrt(strength / strongest), 1),
        )
        for (one, other), strength in strengths.items()
    )
    return EntityGraph(tuple(nodes.values()), edges, len(lists), *size)


def _strengths(
    together: Counter[tuple[str, str]], times: Counter[str], total: int
) -> dict[tuple[str, str], float]:
    """Return the edges to draw: of each name the strongest, none that chance explains."""
    strengths = {
        pair: log_likelihood(count, times[pair[0]], times[pair[1]], total)
        for pair, count in together.items()
        if count >= FEWEST_TOGETHER and count * total > times[pair[0]] * times[pair[1]]
    }
    ranked = sorted(strengths, key=lambda pair: (-strengths[pair], pair))
    ties_of: Counter[str] = Counter()
    kept = []
    for pair in ranked:
        if min(ties_of[pair[0]], ties_of[pair[1]]) < TIES_EACH:
            ties_of.update(pair)
            kept.append(pair)
    return {pair: strengths[pair] for pair in kept}


def _laid_out(
    keys: Sequence[str], strengths: dict[tuple[str, str], float], size: tuple[int, int]
) -> dict[str, tuple[float, float]]:
    """Place names so that edges are short and dots apart.

    Force-directed (Fruchterman and Reingold 1991), from a circle, without chance: the same names
    always stand at the same places.
    """
    n = len(keys)
    at = {
        key: [math.cos(2 * math.pi * i / n), math.sin(2 * math.pi * i / n)]
        for i, key in enumerate(_side_by_side(keys, strengths))
    }
    spring = 2.2 / math.sqrt(n) if n else 1.0
    for step in range(ROUNDS):
        push = {key: [0.0, 0.0] for key in keys}
        for one, other in combinations(keys, 2):
            dx, dy = at[one][0] - at[other][0], at[one][1] - at[other][1]
            distance = math.hypot(dx, dy) or 1e-6
            force = spring**2 / distance**2
            if (min(one, other), max(one, other)) in strengths:
                force -= distance / spring
            for key, sign in ((one, 1), (other, -1)):
                push[key][0] += sign * dx * force
                push[key][1] += sign * dy * force
        heat = 0.15 * (1 - step / ROUNDS)
        for key in keys:
            # A weak pull to the middle keeps groups without a edge between them in one picture.
            x, y = push[key][0] - 0.5 * at[key][0], push[key][1] - 0.5 * at[key][1]
            length = math.hypot(x, y) or 1e-6
            at[key][0] += x / length * min(length, heat)
            at[key][1] += y / length * min(length, heat)
    return _fitted(at, size)


def _side_by_side(keys: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """Order names so that tied ones follow each other: opposite on the circle they would stick."""
    beside: dict[str, list[str]] = {key: [] for key in keys}
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    order: dict[str, None] = {}
    waiting = list(reversed(keys))
    while waiting:
        key = waiting.pop()
        if key not in order:
            order[key] = None
            waiting.extend(reversed(beside[key]))
    return list(order)


def _fitted(at: dict[str, list[float]], size: tuple[int, int]) -> dict[str, tuple[float, float]]:
    """Scale places to the picture; the edge has room for half a name."""
    width, height = size
    margin_x, margin_y = width * 0.09 + 8, 40
    xs, ys = [x for x, _ in at.values()] or [0.0], [y for _, y in at.values()] or [0.0]

    def scaled(value: float, values: list[float], length: int, margin: float) -> float:
        span = max(values) - min(values)
        share = (value - min(values)) / span if span else 0.5
        return round(margin + share * (length - 2 * margin), 1)

    return {
        key: (scaled(x, xs, width, margin_x), scaled(y, ys, height, margin_y))
        for key, (x, y) in at.items()
    }
