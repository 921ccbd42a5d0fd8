"""Articles that were labelled with all their topics: half set the chances, half report.

`text_labels/several-LANGUAGE.txt` has a line for each: a hash of its title, and its topics, the
main one first, with commas between; `text_labels/guide-several.md` says how they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import SourceError
from models.tags import OTHER
from nlp.tfidf import Texts
from nlp.topics.shipped.corpus import CorpusText
from nlp.topics.shipped.labels import HASH_DIGITS, LABELS, title_hash


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, and the topics of each; none where it is `other`."""

    texts: Texts
    topics: Sequence[frozenset[str]]


def read_several(language: str, topics: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return topics by the hash of a title; raises `SourceError` that names the line at fault."""
    path = several_file(language)
    known = {*topics, OTHER}
    found: dict[str, frozenset[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        title, _, said = line.partition(" ")
        slugs = frozenset(said.split(","))
        if not slugs <= known or len(title) != HASH_DIGITS:
            raise SourceError(f"{path}, line {number}: not a hash and topics.")
        found[title] = slugs - {OTHER}
    return found


def several_file(language: str) -> Path:
    """Return the file of labels of a language."""
    return LABELS.with_name(f"several-{language}.txt")


def halves(
    corpus: Iterable[CorpusText],
    labels: dict[str, frozenset[str]],
    not_reported: frozenset[str] = frozenset(),
) -> tuple[Labelled, Labelled]:
    """Return the labelled articles that set the chances, and those that report.

    `not_reported` are hashes of titles that a model has learned from.
    """
    rows = {title_hash(text.title): (text.title, text.summary) for text in corpus}
    there = sorted(labels.keys() & rows.keys())
    even = [title for title in there if int(title, 16) % 2 == 0]
    odd = [title for title in there if int(title, 16) % 2 and title not in not_reported]
    first, second = (
        Labelled([rows[title] for title in part], [labels[title] for title in part])
        for part in (even, odd)
    )
    return first, second
