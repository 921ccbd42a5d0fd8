"""Rebuilds the shipped topic model and its card: `python -m nlp.topics.shipped.build`.

The same archives and the same gold give the same bytes. The sentence vectors take most of the time
(about 60 articles a second on one core); `--cache` keeps them for the next time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from models.errors import SluglineError
from nlp.tfidf import FloatArray, Vocabulary
from nlp.topics.chances import Reliability, reliable, softmax
from nlp.topics.classifiers import STRICTNESS, TrainingRows, naive_bayes
from nlp.topics.evaluate import GoldRow, read_gold
from nlp.topics.fit import make_vocabulary
from nlp.topics.model import PRETRAINED, TopicModel
from nlp.topics.seed_terms import NONE, IntArray, lexicon_scores, lexicon_weights, pseudo_labels
from nlp.topics.shipped.calibration import Weights, best_temperature, measured_reliability
from nlp.topics.shipped.card import HeldOut, Measurements, card
from nlp.topics.shipped.corpus import CorpusText, read_corpus
from nlp.topics.shipped.encoder import encode_kept
from nlp.topics.shipped.ensemble import Material, learn, nameplate, nameplate_texts, reading_order
from nlp.topics.shipped.labels import TextLabel, found_in, listed_in, read_labels
from nlp.topics.shipped.languages import (
    SEVERAL,
    carried_card,
    carried_model,
    judged_model,
    several_section,
)
from nlp.topics.taxonomy import Topic, load_taxonomy

GOLD_FILE = "topics-train.jsonl"
GROUPS = 4
"""Publishers are left out in this many groups, to measure what a stranger's articles get."""
READ = 32_000
"""So many texts without labels are read by the sentence encoder."""
SHARD = 4_000
EVENNESS = 0.5
"""A publisher's say grows with this power of its labelled rows, so that none dominates."""
WORTH_OF_A_TEXT_LABEL = 3.0
"""A label given by the text alone counts like so many rows of gold, which are mostly sections."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nlp.topics.shipped.build", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True, help="folder of .zip archives")
    parser.add_argument("--gold", type=Path, required=True, help=f"folder with {GOLD_FILE}")
    parser.add_argument("--out", type=Path, default=PRETRAINED, help="where the model goes")
    parser.add_argument("--cache", type=Path, help="keep sentence vectors here")
    parser.add_argument("--language", default="en", help="ISO 639-1; others are carried over")
    parser.add_argument(
        "--verdicts-only", action="store_true", help="keep the English weights, set chances anew"
    )
    options = parser.parse_args(arguments)
    try:
        # One thread: more would share sums out otherwise on every machine.
        with threadpool_limits(limits=1):
            if options.language != "en":
                rebuild_other(options.archive, options.language, options.out, options.cache)
                return 0
            if not options.verdicts_only:
                rebuild(options.archive, options.gold, options.out, options.cache)
            set_verdicts(options.archive, options.gold, options.out, options.cache)
    except SluglineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def rebuild(archive: Path, gold_folder: Path, out: Path, cache: Path | None = None) -> TopicModel:
    """Fit, measure on publishers left out, calibrate, and write the model and its card."""
    taxonomy = load_taxonomy()
    slugs = tuple(topic.slug for topic in taxonomy)
    corpus = read_corpus(archive)
    gold = read_gold(gold_folder / GOLD_FILE)
    by_text = found_in(corpus, read_labels(slugs))
    taught = TrainingSet(gold, tuple(_as_gold(text, label) for text, label in by_text))
    _say(f"{len(corpus)} texts, {len(gold)} gold rows, {len(by_text)} labelled by their text")
    vocabulary = make_vocabulary([*_texts(corpus), *_texts(gold)], taxonomy)
    material = _material(corpus, taught, taxonomy, vocabulary, cache)
    _say("sentence vectors ready")
    labels = material.labels
    scores = np.zeros((len(labels), len(slugs)), dtype=np.float32)
    groups = publisher_groups(taught.rows)
    publishers = np.array([row.publisher for row in taught.rows])
    hosts = np.array([text.host for text in corpus])
    for group in groups:
        inside = np.isin(publishers, group)
        rest = material.without(np.isin(hosts, group), inside)
        model = learn(rest, vocabulary, taxonomy, temperature=1.0)
        said = material.labelled_rows[inside] @ model.weights[0] + model.bias[0]
        scores[inside] = said
        _say(f"measured without {len(group)} publishers, such as {group[0]}")
    # Text labels were drawn where a model was unsure: how sure to be is measured on gold alone.
    weights = _even_weights(gold)
    left_out = np.zeros_like(scores)
    of_gold = np.arange(len(labels)) < len(gold)
    for group in groups:
        inside = np.isin(publishers, group)
        others = (~inside)[of_gold]
        found = calibration(scores[of_gold & ~inside], labels[of_gold & ~inside], weights[others])
        left_out[inside] = reliable(softmax(scores[inside] / found[0]), found[1])
    measured = Measurements(
        HeldOut(taught.gold, left_out[of_gold], slugs, groups),
        HeldOut(taught.by_text, left_out[~of_gold], slugs, groups),
        tuple(label.second for _, label in by_text),
    )
    temperature, knots = calibration(scores[of_gold], labels[of_gold], weights)
    model = learn(material, vocabulary, taxonomy, temperature)
    model = replace(model, reliability=knots, notes=measured.notes())
    model.save(out)
    (out / "card.md").write_text(card(model, measured), encoding="utf-8")
    _say(f"{model.stamp} written to {out}")
    return model


def rebuild_other(archive: Path, language: str, out: Path, cache: Path | None) -> None:
    """Make the model of another language and its card, in a folder of `out` named after it."""
    corpus = read_corpus(archive, language)
    _say(f"{len(corpus)} texts in {language}")
    model = carried_model(read_corpus(archive), corpus, language, cache)
    model.save(out / language)
    (out / language / "card.md").write_text(carried_card(model, language), encoding="utf-8")
    _say(f"{model.stamp} written to {out / language}")


def set_verdicts(archive: Path, gold_folder: Path, out: Path, cache: Path | None) -> None:
    """Give the English model of `out` every topic's own yes or no, and its card a section."""
    gold = read_gold(gold_folder / GOLD_FILE)
    before = TopicModel.load(out)
    plain = replace(before, verdicts=None, opinion=None)
    model = judged_model(plain, read_corpus(archive), gold, cache)
    model.save(out)
    path = out / "card.md"
    kept, _, _ = path.read_text(encoding="utf-8").partition("\n" + SEVERAL)
    text = kept.replace(before.stamp, model.stamp).rstrip()
    path.write_text(f"{text}\n\n{several_section(model)}\n", encoding="utf-8")
    _say(f"{model.stamp} written to {out}")


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """All labelled rows: gold, and articles of the archive that were labelled by their text."""

    gold: tuple[GoldRow, ...]
    by_text: tuple[GoldRow, ...]

    @property
    def rows(self) -> tuple[GoldRow, ...]:
        """Return both, gold first."""
        return (*self.gold, *self.by_text)


def _material(
    corpus: Sequence[CorpusText],
    taught: TrainingSet,
    taxonomy: Sequence[Topic],
    vocabulary: Vocabulary,
    cache: Path | None,
) -> Material:
    """Gather what the model learns from: words, claims of seed terms, encoder vectors, labels."""
    texts = _texts(corpus)
    slugs = [topic.slug for topic in taxonomy]
    rows = vocabulary.matrix(texts)
    lexicon = lexicon_weights(taxonomy, vocabulary)
    claimed = pseudo_labels(lexicon_scores(vocabulary.counts(texts), lexicon))
    clear = claimed != NONE
    weights, bias = naive_bayes(TrainingRows(rows[clear], claimed[clear], STRICTNESS), len(slugs))
    known = np.isin([text.host for text in corpus], [row.publisher for row in taught.gold])
    order = reading_order((rows @ weights + bias).argmax(axis=1), known)
    listed = listed_in(corpus)
    read = np.concatenate([listed, order[~np.isin(order, listed)]])[:READ]
    _say("reading")
    labelled = [_texts(taught.gold), _texts(taught.by_text)]
    return Material(
        rows=rows,
        claimed=claimed,
        read=read,
        vectors=encode_kept([texts[i] for i in read], cache, SHARD),
        labelled_rows=vocabulary.matrix([*labelled[0], *labelled[1]]),
        labelled_vectors=np.concatenate([encode_kept(t, cache, SHARD) for t in labelled if t]),
        labels=np.array([slugs.index(row.topic) for row in taught.rows], dtype=np.int64),
        importance=np.concatenate(
            [_even_weights(taught.gold), np.full(len(taught.by_text), WORTH_OF_A_TEXT_LABEL)]
        ).astype(np.float32),
        nameplates=np.stack(
            [nameplate(encode_kept(nameplate_texts(t), cache, SHARD)) for t in taxonomy]
        ),
    )


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


def _even_weights(gold: Sequence[GoldRow]) -> Weights:
    """Return how much each row counts, 1 on average, so that no publisher dominates."""
    sizes = Counter(row.publisher for row in gold)
    weights = np.array([float(sizes[row.publisher]) ** -EVENNESS for row in gold])
    even: Weights = weights / weights.mean()
    return even


def _as_gold(text: CorpusText, label: TextLabel) -> GoldRow:
    return GoldRow(text.title, text.summary, label.topic, text.host)


def _texts(rows: Sequence[CorpusText] | Sequence[GoldRow]) -> list[tuple[str, str]]:
    return [(row.title, row.summary) for row in rows]


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


if __name__ == "__main__":
    sys.exit(main())
