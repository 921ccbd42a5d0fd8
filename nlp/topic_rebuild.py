"""Rebuilds the shipped topic model and its card: python -m nlp.topic_rebuild --archive --gold.

The same archives and the same gold give the same bytes. The sentence vectors take most of the time
(about 80 articles a second on one core); `--cache` keeps them for the next time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import SluglineError
from nlp.lexicon import IntArray
from nlp.taxonomy import load_taxonomy
from nlp.topic_calibration import Weights, best_temperature, measured_reliability
from nlp.topic_card import LeftOut, card
from nlp.topic_corpus import CorpusText, read_corpus
from nlp.topic_evaluate import GoldRow, read_gold
from nlp.topic_student import Material, learn, nameplate, nameplate_texts
from nlp.topic_teacher import encode_kept
from nlp.topic_words import FloatArray
from nlp.topics import PRETRAINED, Reliability, TopicModel, reliable, softmax

GOLD_FILE = "topics-train.jsonl"
GROUPS = 4
"""Publishers are left out in this many groups, to measure what a stranger's articles get."""
ENCODED = 56_000
SHARD = 4_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nlp.topic_rebuild", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True, help="folder of .zip archives")
    parser.add_argument("--gold", type=Path, required=True, help=f"folder with {GOLD_FILE}")
    parser.add_argument("--out", type=Path, default=PRETRAINED, help="where the model goes")
    parser.add_argument("--cache", type=Path, help="keep sentence vectors here")
    options = parser.parse_args(arguments)
    try:
        rebuild(options.archive, options.gold, options.out, options.cache)
    except SluglineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def rebuild(archive: Path, gold_folder: Path, out: Path, cache: Path | None = None) -> TopicModel:
    """Fit, measure on publishers left out, calibrate, and write the model and its card."""
    taxonomy = load_taxonomy()
    corpus = read_corpus(archive)
    gold = read_gold(gold_folder / GOLD_FILE)
    _say(f"{len(corpus)} texts, {len(gold)} gold rows")
    slugs = [topic.slug for topic in taxonomy]
    labels = np.array([slugs.index(row.topic) for row in gold], dtype=np.int64)
    texts = [(text.title, text.summary) for text in corpus]
    labelled = [(row.title, row.summary) for row in gold]
    material = Material(
        texts=texts,
        vectors=encode_kept(texts[:ENCODED], cache, SHARD),
        labelled=labelled,
        labelled_vectors=encode_kept(labelled, cache, len(labelled)),
        labels=labels,
        nameplates=np.stack(
            [nameplate(encode_kept(nameplate_texts(t), cache, SHARD)) for t in taxonomy]
        ),
    )
    _say("sentence vectors ready")
    scores = np.zeros((len(gold), len(taxonomy)), dtype=np.float32)
    groups = publisher_groups(gold)
    for group in groups:
        out_texts, out_gold = _left_out(group, corpus, gold)
        model = learn(material.without(out_texts, out_gold), taxonomy, temperature=1.0)
        held = [text for text, held_out in zip(labelled, out_gold, strict=True) if held_out]
        scores[out_gold] = model.vocabulary.matrix(held) @ model.weights[0] + model.bias[0]
        _say(f"measured without {', '.join(group)}")
    weights = _publisher_weights(gold)
    publishers = np.array([row.publisher for row in gold])
    left_out = np.zeros_like(scores)
    for group in groups:
        inside = np.isin(publishers, group)
        found = calibration(scores[~inside], labels[~inside], weights[~inside])
        left_out[inside] = reliable(softmax(scores[inside] / found[0]), found[1])
    measured = LeftOut(gold, left_out, tuple(slugs), groups)
    temperature, knots = calibration(scores, labels, weights)
    model = learn(material, taxonomy, temperature)
    model = replace(model, reliability=knots, notes=measured.notes())
    model.save(out)
    (out / "card.md").write_text(card(model, measured), encoding="utf-8")
    _say(f"{model.stamp} written to {out}")
    return model


def publisher_groups(gold: Sequence[GoldRow]) -> tuple[tuple[str, ...], ...]:
    """Deal publishers into `GROUPS` groups of about equal rows, the largest publishers first."""
    sizes = Counter(row.publisher for row in gold)
    groups: list[list[str]] = [[] for _ in range(GROUPS)]
    totals = [0] * GROUPS
    for publisher, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        smallest = totals.index(min(totals))
        groups[smallest].append(publisher)
        totals[smallest] += size
    return tuple(tuple(group) for group in groups if group)


def calibration(
    scores: FloatArray, labels: IntArray, weights: Weights
) -> tuple[float, Reliability]:
    """Return the temperature and the reliability table of scores on publishers left out."""
    temperature = best_temperature(scores, labels, weights)
    probability = softmax(scores / np.float32(temperature))
    return temperature, measured_reliability(probability, labels, weights)


def _publisher_weights(gold: Sequence[GoldRow]) -> Weights:
    """Let a publisher's say grow with the square root of its rows, so that none dominates."""
    sizes = Counter(row.publisher for row in gold)
    return np.array([sizes[row.publisher] ** -0.5 for row in gold])


def _left_out(
    group: Sequence[str], corpus: Sequence[CorpusText], gold: Sequence[GoldRow]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    hosts = frozenset(group)
    return (
        np.array([text.host in hosts for text in corpus]),
        np.array([row.publisher in hosts for row in gold]),
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


if __name__ == "__main__":
    sys.exit(main())
