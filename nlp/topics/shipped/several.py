"""Articles that were labelled with all their topics: they set the chances, and report in parts.

`text_labels/several-LANGUAGE.txt` has a line for each: a hash of its title, and its topics, the
main one first, with commas between; `text_labels/guide-several.md` says how they were given. Topics
behind a question mark were not expected by the reader, who would accept them if they were shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.errors import SourceError
from models.tags import OTHER
from nlp.tfidf import Texts
from nlp.topics.seed_terms import IntArray
from nlp.topics.shipped.corpus import CorpusText
from nlp.topics.shipped.labels import HASH_DIGITS, LABELS, title_hash
from nlp.topics.shipped.verdicts import Marks

PARTS = 5
"""Each part is measured by chances that the others set; what ships is set by all."""


@dataclass(frozen=True, eq=False)
class LabelledTexts:
    """Texts, and the topics of each; none where it is `other`.

    `parts` is the part of each, from 0, and `reports` whether a model may be measured on it; both
    have shape (texts,).
    """

    texts: Texts
    topics: Sequence[frozenset[str]]
    parts: IntArray
    reports: Marks


class Judgement(NamedTuple):
    """What one reader says of an article: topics that he expects, and all that he accepts.

    What is expected is accepted, too. Both are empty where the article is `other`.
    """

    expected: frozenset[str]
    accepted: frozenset[str]


def read_several(language: str, topics: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return expected topics by the hash of a title, as `readings` does."""
    return {title: reading.expected for title, reading in readings(language, topics).items()}


def readings(language: str, topics: Iterable[str]) -> dict[str, Judgement]:
    """Return a reader's word by the hash of a title, of a language or list such as `en-drawn`.

    Raises `SourceError` that names the line at fault.
    """
    path = several_file(language)
    known = {*topics, OTHER}
    found: dict[str, Judgement] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        title, _, said = line.partition(" ")
        expected, doubted, perhaps = said.partition(" ?")
        slugs = frozenset(expected.split(","))
        accepted = slugs | frozenset(perhaps.split(",") if doubted else ())
        if not accepted <= known or len(title) != HASH_DIGITS:
            raise SourceError(f"{path}, line {number}: not a hash and topics.")
        found[title] = Judgement(slugs - {OTHER}, accepted - {OTHER})
    return found


def several_file(language: str) -> Path:
    """Return the file of labels of a language."""
    return LABELS.with_name(f"several-{language}.txt")


def labelled(
    corpus: Iterable[CorpusText],
    labels: dict[str, frozenset[str]],
    not_reported: frozenset[str] = frozenset(),
) -> LabelledTexts:
    """Return the labelled articles that a corpus has, in the order of their hashes.

    `not_reported` are hashes of titles that a model has learned from: they set chances alone.
    """
    rows = {title_hash(text.title): (text.title, text.summary) for text in corpus}
    there = sorted(labels.keys() & rows.keys())
    return LabelledTexts(
        [rows[title] for title in there],
        [labels[title] for title in there],
        np.array([int(title, 16) % PARTS for title in there], dtype=np.int64),
        np.array([title not in not_reported for title in there], dtype=bool),
    )
