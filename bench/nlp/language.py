"""How often the detected language is not the one that the feed claims, and who is right.

    SLUGLINE_ARCHIVE=... python -m bench.nlp.language

tests/data/ingest/language_claims.jsonl holds 200 disagreements, read and labelled by hand (ids and
labels only): every one of November 2023, the rest drawn at random from March. How well headlines
alone do is measured on articles with a longer text whose language the feed claims too.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

from ingest.source import read
from models.article import Entry
from nlp.language import LanguageDetector, said_once

ROOT = Path(__file__).resolve().parents[2]

LABELS = ROOT / "tests/data/ingest/language_claims.jsonl"
TOLD = 200
"""Characters of text that leave no doubt about their language."""
BANDS = ((1, 4), (5, 7), (8, 99))
"""Words of a headline."""


def claimed(entry: Entry) -> str:
    """Return the language that a feed claims, without its country."""
    return entry.language[:2].lower()


def compare(entries: list[Entry], detector: LanguageDetector, right: dict[str, str]) -> None:
    """Print how often detector and feed differ, and whose word a reader took."""
    began = time.perf_counter()
    found = detector.detect(
        [said_once(entry.title, entry.summary) for entry in entries],
        [entry.language for entry in entries],
    )
    seconds = time.perf_counter() - began
    differing = [
        (entry, language)
        for entry, language in zip(entries, found, strict=True)
        if language and claimed(entry) and claimed(entry) != language
    ]
    print(
        f"  {len(entries):,} articles, {len(entries) / seconds:,.0f} a second; "
        f"{sum(not language for language in found):,} without a language; "
        f"{len(differing):,} differ from the feed's claim"
    )
    pairs = Counter(f"{claimed(entry)} -> {language}" for entry, language in differing)
    print("  ", ", ".join(f"{pair} {count:,}" for pair, count in pairs.most_common(8)))
    said = Counter(right[entry.id] for entry, _ in differing if entry.id in right)
    print("   of those labelled, right is:", dict(said.most_common()))


def headlines(entries: list[Entry], detector: LanguageDetector) -> None:
    """Print how often a headline alone is told right, by its length."""
    longer = [entry for entry in entries if len(entry.summary) >= TOLD and claimed(entry)]
    languages = detector.detect([entry.summary for entry in longer])
    known = [
        entry
        for entry, language in zip(longer, languages, strict=True)
        if language == claimed(entry)
    ]
    for shortest, longest in BANDS:
        some = [e for e in known if shortest <= len(e.title.split()) <= longest]
        truth = [claimed(entry) for entry in some]
        alone = detector.detect([entry.title for entry in some])
        helped = detector.detect([entry.title for entry in some], truth)
        shares = [
            sum(a == b for a, b in zip(truth, found, strict=True)) / len(some)
            for found in (alone, helped)
        ]
        print(
            f"   headlines of {shortest} to {longest} words ({len(some):,}): right "
            f"{shares[0]:.2%} alone, {shares[1]:.2%} with the feed's claim"
        )


def main(directory: Path) -> None:
    """Measure each month of the archive that has labels."""
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    right = {row["id"]: row["right"] for row in rows}
    detector = LanguageDetector()
    for month in sorted({row["month"] for row in rows}):
        print(month)
        archive = str(directory / f"{month}.zip")
        entries = {entry.id: entry for part in read(archive) for entry in part.entries}
        compare(list(entries.values()), detector, right)
        headlines(list(entries.values()), detector)


if __name__ == "__main__":
    main(Path(os.environ["SLUGLINE_ARCHIVE"]))
