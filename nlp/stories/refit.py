"""Learns from what people changed of stories, without forgetting what the shipped days taught.

The weights of a story's features are moved to fit the people's decisions, each at the price of its
distance from the shipped weight: a logistic regression whose prior is the model that there is
(maximum a posteriori; Chelba and Acero 2006, "Adaptation of maximum entropy capitalizer"). A few
decisions thus move little, many move more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from nlp.stories.model import JoinModel

PRICE = 8.0
"""How many decisions the shipped weights weigh as much as, about."""
SPREAD = np.array([3.0, 3.0, 3.0, 0.2, 0.8, 0.5, 0.3, 3.0, 1.0])
"""About how far each feature varies (the constant last), so that the price is the same for all."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """An article and a story, by `STORY_FEATURES` and days between, and whether it belongs."""

    features: tuple[float, ...]
    days: float
    belongs: bool


def refit(model: JoinModel, lessons: Sequence[Lesson]) -> JoinModel:
    """Return the model with weights that fit the lessons better."""
    if not lessons:
        return model
    prior = np.array(model.story)
    rows = np.array([(*lesson.features, 1.0) for lesson in lessons])
    given = np.array([model.day * max(0.0, lesson.days - 0.5) for lesson in lessons])
    sign = np.array([1.0 if lesson.belongs else -1.0 for lesson in lessons])
    # What the model calls belonging is what reaches `join`, not one half.
    given = given + np.log(model.join / (1.0 - model.join))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (rows @ weights - given)
        moved = (weights - prior) * SPREAD
        value = np.logaddexp(0.0, -margin).sum() + PRICE / 2.0 * (moved**2).sum()
        slope = -sign / (1.0 + np.exp(np.clip(margin, -30, 30)))
        return float(value), rows.T @ slope + PRICE * moved * SPREAD

    found = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return replace(model, story=tuple(float(weight) for weight in found.x))


def right(model: JoinModel, lessons: Sequence[Lesson]) -> int:
    """Return of how many lessons the model says what the person said."""
    return sum(
        (model.probability(each.features, each.days) >= model.join) == each.belongs
        for each in lessons
    )
