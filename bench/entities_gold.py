"""The annotated articles of the real archive: which names stand where, without their text.

`tests/data/entities/gold.jsonl` holds ids, offsets, labels and a short hash of what stands there;
the text is read from the archive (SLUGLINE_ARCHIVE). Guidelines: docs/entities.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.source import read

GOLD = Path(__file__).parent.parent / "tests" / "data" / "entities" / "gold.jsonl"

CUT = 350
"""Characters of the summary that were annotated, back to the last blank."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that was marked; `label` is PERSON, ORG or PLACE, "" for what is not judged."""

    field: str
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """An annotated article with its text; `half` is tune, or report for those not looked at."""

    id: str
    half: str
    title: str
    summary: str
    names: tuple[Name, ...]


def gold(archive: Path) -> Iterator[Row]:
    """Yield the annotated articles, with their texts from the archive's months."""
    raws = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    for month in sorted({raw["month"] for raw in raws}):
        wanted = {raw["id"]: raw for raw in raws if raw["month"] == month}
        for part in read(str(archive / f"{month}.zip")):
            for entry in part.entries:
                raw = wanted.pop(entry.id, None)
                if raw:
                    yield _row(raw, entry.title, cut(entry.summary))
            if not wanted:
                break
        for missing in wanted:
            print(f"not in the archive: {month} {missing}")


def cut(summary: str) -> str:
    """Return the part of a summary that was annotated."""
    return summary if len(summary) <= CUT else summary[:CUT].rsplit(" ", 1)[0]


def _row(raw: dict[str, object], title: str, summary: str) -> Row:
    names = []
    for name in raw["names"]:  # type: ignore[attr-defined]  # the file is ours
        text = title if name["field"] == "title" else summary
        start = _where(text, name["start"], name["end"] - name["start"], name["check"])
        if start is None:
            print(f"cleaned differently by now: {raw['id']} {name['field']} {name['start']}")
            continue
        end = start + name["end"] - name["start"]
        names.append(Name(name["field"], start, end, name["label"]))
    return Row(str(raw["id"]), str(raw["half"]), title, summary, tuple(names))


def _where(text: str, start: int, length: int, check: str) -> int | None:
    """Return the offset of the annotated text, the nearest where cleaning has moved it."""
    candidates = sorted(range(len(text) - length + 1), key=lambda at: abs(at - start))
    return next((at for at in candidates if digest(text[at : at + length]) == check), None)


def digest(text: str) -> str:
    """Return the short hash by which an annotated text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
