"""Topics given to articles of the archive by their text alone: what the rebuild learns from, too.

The repository holds no articles: `labels/topics.txt` has a line for each, a hash of its title, its
topic and, where it is honestly about two, the second. The texts are read from the archive.
`labels/guide.md` says how the labels were given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import SourceError
from models.tags import OTHER
from nlp.topics.seed_terms import IntArray
from nlp.topics.shipped.corpus import CorpusText, title_key

LABELS = Path(__file__).with_name("text_labels") / "topics.txt"
READ = LABELS.with_name("read.npy")
"""The hashes, as numbers, of articles that the teacher reads, in order. They were
chosen evenly over topics; kept, so that another lexicon does not need other vectors."""
HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class TextLabel:
    """The topic of an article, known by the hash of its title; `second` is "" for most."""

    title_hash: str
    topic: str
    second: str = ""


def read_labels(topics: Iterable[str], path: Path = LABELS) -> tuple[TextLabel, ...]:
    """Read the labels of a file; raises `SourceError` that names the line at fault."""
    known = {*topics, OTHER}
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        title_hash, *said = line.split()
        if len(said) not in (1, 2) or not known.issuperset(said) or len(title_hash) != HASH_DIGITS:
            raise SourceError(f"{path}, line {number}: not a hash, a topic and perhaps a second.")
        labels.append(TextLabel(title_hash, *said))
    return tuple(labels)


def title_hash(title: str) -> str:
    """Return what stands for a title in a file of labels."""
    return hashlib.sha256(title_key(title).encode()).hexdigest()[:HASH_DIGITS]


def found_in(
    corpus: Sequence[CorpusText], labels: Sequence[TextLabel]
) -> list[tuple[CorpusText, TextLabel]]:
    """Pair labels with their texts, in the order of the labels.

    Labels of articles that the archive has not are left out, and so is `other`, which is no topic
    to learn.
    """
    texts = {title_hash(text.title): text for text in corpus}
    return [
        (texts[label.title_hash], label)
        for label in labels
        if label.topic != OTHER and label.title_hash in texts
    ]


def listed_in(corpus: Sequence[CorpusText], path: Path = READ) -> IntArray:
    """Return where in a corpus the listed articles stand, in the order of the list."""
    places = {int(title_hash(text.title), 16): place for place, text in enumerate(corpus)}
    listed = np.load(path, allow_pickle=False).tolist()
    return np.array([places[n] for n in listed if n in places], dtype=np.int64)
