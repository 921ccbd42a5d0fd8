"""Days whose stories were labelled by reading, and how well others are found on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.stories import StoryArticle

LABELS = Path(__file__).parents[2] / "nlp" / "stories" / "labels"


def read_home(home: str) -> list[StoryArticle]:
    """Return all articles of a home in the order of time."""
    store = sqlite3.connect(f"file:{home}/store.sqlite?mode=ro", uri=True)
    named: dict[int, list[str]] = {}
    query = (
        "SELECT article, key FROM article_entities JOIN entities ON number = entity"
        " WHERE NOT hidden"
    )
    for number, key in store.execute(query):
        named.setdefault(number, []).append(key)
    query = (
        "SELECT number, id, title, summary, source, language, coalesce(published, fetched)"
        " FROM articles"
    )
    found = [
        StoryArticle(
            *(row[1], row[2], row[3], row[4], row[5]),
            moment=datetime.fromisoformat(row[6]).replace(tzinfo=UTC),
            entities=tuple(named.get(row[0], ())),
        )
        for row in store.execute(query)
    ]
    store.close()
    return sorted(found, key=lambda article: (article.moment, article.id))


def read_labels(day: str) -> dict[str, str]:
    """Return the story of each labelled article; one that is alone has one of its own."""
    lines = (LABELS / f"{day}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    labels = dict(line.split("\t") for line in lines)
    return {name: name if story == "-" else story for name, story in labels.items()}


class Day:
    """The labelled articles of one day."""

    def __init__(self, spec: str) -> None:
        self.name, _, self.home = spec.partition(":")
        self.labels = read_labels(self.name)
        self.everything = [
            each for each in read_home(self.home) if each.moment.date().isoformat() == self.name
        ]
        self.articles = [each for each in self.everything if each.id in self.labels]
        self.gold = [self.labels[each.id] for each in self.articles]


class Score(NamedTuple):
    """Precision, recall and F1 by BCubed (Bagga and Baldwin 1998), and of pairs."""

    bcubed: tuple[float, float, float]
    pairs: tuple[float, float, float]

    def __str__(self) -> str:
        named = (("BCubed", self.bcubed), ("pairs", self.pairs))
        return " | ".join(f"{name} P {p:.3f} R {r:.3f} F1 {f:.3f}" for name, (p, r, f) in named)


def score(gold: Sequence[Any], found: Sequence[Any]) -> Score:
    """Hold the stories that were found against the right ones."""
    one, other = np.array(gold), np.array(found)
    same, joined = one[:, None] == one[None], other[:, None] == other[None]
    both = (same & joined).sum(axis=1)
    precision, recall = (both / joined.sum(axis=1)).mean(), (both / same.sum(axis=1)).mean()
    number = len(gold)
    right, said, true = ((m.sum() - number) / 2 for m in (same & joined, joined, same))
    exact, complete = right / max(said, 1), right / max(true, 1)
    return Score(
        (precision, recall, 2 * precision * recall / (precision + recall)),
        (exact, complete, 2 * right / max(said + true, 1)),
    )
