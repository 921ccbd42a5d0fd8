"""Makes a score mean what it says: right as often as it claims, on publishers never seen.

A temperature turns scores into probabilities (Guo et al., 2017). What remains wrong with them,
mostly that gold has one label where two topics fit, is read from a table of how often a probability
was right, made monotone.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nlp.tfidf import FloatArray
from nlp.topics.chances import Reliability, softmax
from nlp.topics.seed_terms import IntArray

TEMPERATURES = np.geomspace(0.2, 10, 80)
EDGES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FEWEST_IN_A_BIN = 50
LEAST_RISE = 0.01
"""How much a score rises with probability at the least, so that no two topics ever tie by it."""

Weights = npt.NDArray[np.float64]


def best_temperature(scores: FloatArray, labels: IntArray, weights: Weights) -> float:
    """Return the temperature that makes the gold topics most likely."""
    rows = np.arange(len(labels))

    def surprise(temperature: float) -> float:
        likely = softmax(scores / np.float32(temperature))[rows, labels]
        return float(-(weights * np.log(likely + 1e-9)).sum())

    return round(float(min(TEMPERATURES, key=surprise)), 3)


def measured_reliability(
    probability: FloatArray, labels: IntArray, weights: Weights
) -> Reliability:
    """Return knots (probability, part right) for the best two topics of each article."""
    order = np.argsort(-probability, axis=1, kind="stable")[:, :2]
    said = np.take_along_axis(probability, order, axis=1).ravel()
    right = (order == labels[:, None]).ravel()
    weight = np.repeat(weights, order.shape[1])
    knots = [(0.0, 0.0)]
    for low, high in pairwise(EDGES):
        inside = (said >= low) & (said < high) if high < 1 else said >= low
        if inside.sum() >= FEWEST_IN_A_BIN:
            x = float(np.average(said[inside], weights=weight[inside]))
            y = float(np.average(right[inside], weights=weight[inside]))
            knots.append((x, max(y, knots[-1][1] + LEAST_RISE * (x - knots[-1][0]))))
    knots.append(_end(knots))
    return tuple((round(x, 4), round(min(y, 1.0), 4)) for x, y in knots)


def _end(knots: list[tuple[float, float]]) -> tuple[float, float]:
    """Go on from the last knot to a probability of 1 as steeply as before it."""
    (x0, y0), (x1, y1) = knots[-2:] if len(knots) > 1 else [(0.0, 0.0), (0.5, 0.5)]
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 1.0
    return 1.0, min(1.0, y1 + slope * (1 - x1))
