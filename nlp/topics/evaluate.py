"""How good a topic model is, against articles whose topic is known."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import SourceError
from models.tags import OTHER
from nlp.topics.model import TopicModel

FEWEST_ROWS = 30
"""A topic with fewer gold rows is reported, but not part of macro-F1: its figure is mostly luck."""
MOST_ROWS = 1_000_000
MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class GoldRow:
    """An article and the topic that somebody says it has; models see title and summary only."""

    title: str
    summary: str
    topic: str
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """How well one topic is found: parts from 0 to 1, and its number of gold rows."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a model is on gold rows.

    `macro_f1` is the mean F1 of the topics with `FEWEST_ROWS` gold rows or more; `accuracy` asks
    whether the best-scored topic is the gold one, `top2_accuracy` whether one of the best two is;
    `nmi` is the normalised mutual information of best-scored and gold topics.
    """

    articles: int
    macro_f1: float
    accuracy: float
    top2_accuracy: float
    nmi: float
    articles_per_second: float
    topics: dict[str, TopicFigures]


def read_gold(path: Path) -> tuple[GoldRow, ...]:
    """Read a JSONL file of gold rows; raises `SourceError` that names the line at fault."""
    try:
        with path.open(encoding="utf-8") as lines:
            rows = tuple(_rows(path, lines))
    except OSError as error:
        raise SourceError(f"{path}: can't read the gold file: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 text, so no gold file.") from error
    if not rows:
        raise SourceError(f"{path}: no gold rows in this file.")
    return rows


def _rows(path: Path, lines: Iterable[str]) -> Iterator[GoldRow]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            if number > MOST_ROWS:
                raise SourceError(f"{path}: more than {MOST_ROWS} lines; evaluate on a sample.")
            yield _row(f"{path}, line {number}", line)


def _row(where: str, line: str) -> GoldRow:
    """Read one gold row; raises SourceError that names the line and the key."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: not JSON ({error}).") from error
    if not isinstance(row, dict):
        raise SourceError(f'{where}: not a JSON object with "title", "summary" and "topic".')
    values = []
    for key in ("title", "summary", "topic"):
        value = row.get(key)
        if not isinstance(value, str):
            raise SourceError(f'{where}: "{key}" is missing or is not text.')
        values.append(value[:MOST_CHARACTERS])
    if not values[2]:
        raise SourceError(f'{where}: "topic" is empty.')
    publisher = row.get("publisher")
    title, summary, topic = values
    return GoldRow(title, summary, topic, publisher if isinstance(publisher, str) else "")


def evaluate(model: TopicModel, rows: Sequence[GoldRow]) -> Evaluation:
    """Score a model on gold rows; raises `SourceError` where a row's topic isn't the model's."""
    slugs = model.slugs
    known = {*slugs, OTHER}
    for number, row in enumerate(rows, start=1):
        if row.topic not in known:
            raise SourceError(
                f"Gold row {number} has the topic {row.topic!r}, which the model does not know; "
                f"it knows {', '.join(slugs)}."
            )
    texts = [(row.title, row.summary) for row in rows]
    model.rank(texts[:10])  # builds the lookup tables, which is not tagging
    begun = time.perf_counter()
    probability = model.rank(texts)
    seconds = max(time.perf_counter() - begun, 1e-9)
    order = np.argsort(-probability, axis=1, kind="stable")
    best = [slugs[topic] for topic in order[:, 0]]
    gold = [row.topic for row in rows]
    second = [slugs[topic] for topic in order[:, min(1, len(slugs) - 1)]]
    topics = {slug: _figures(slug, gold, best) for slug in slugs if slug in {*gold, *best}}
    large = [figures.f1 for figures in topics.values() if figures.support >= FEWEST_ROWS]
    hits = sum(a == b for a, b in zip(gold, best, strict=True))
    near = sum(a in (b, c) for a, b, c in zip(gold, best, second, strict=True))
    return Evaluation(
        articles=len(rows),
        macro_f1=round(sum(large) / len(large), 4) if large else 0.0,
        accuracy=round(hits / max(1, len(rows)), 4),
        top2_accuracy=round(near / max(1, len(rows)), 4),
        nmi=round(mutual_information(gold, best), 4),
        articles_per_second=round(len(rows) / seconds, 1),
        topics=topics,
    )


def _figures(slug: str, gold: Sequence[str], best: Sequence[str]) -> TopicFigures:
    right = sum(a == b == slug for a, b in zip(gold, best, strict=True))
    given, support = best.count(slug), gold.count(slug)
    precision = right / given if given else 0.0
    recall = right / support if support else 0.0
    f1 = 2 * right / (given + support) if given + support else 0.0
    return TopicFigures(round(precision, 4), round(recall, 4), round(f1, 4), support)


def mutual_information(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the mutual information of two labellings, over the mean of their entropies: 0 to 1."""
    if not first:
        return 0.0
    _, one = np.unique(first, return_inverse=True)
    _, two = np.unique(second, return_inverse=True)
    joint = np.zeros((one.max() + 1, two.max() + 1))
    np.add.at(joint, (one, two), 1 / len(first))
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    mean = (_entropy(rows) + _entropy(columns)) / 2
    shared = _entropy(rows) + _entropy(columns) - _entropy(joint.ravel())
    return float(min(1.0, max(0.0, shared / mean))) if mean > 0 else 1.0


def _entropy(parts: npt.NDArray[np.float64]) -> float:
    parts = parts[parts > 0]
    return float(-(parts * np.log(parts)).sum())
