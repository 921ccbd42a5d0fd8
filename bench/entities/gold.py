"""The annotated articles of real news: which names stand where, without their text.

`tests/data/entities/gold.jsonl` holds ids, offsets, labels and a short hash of what stands there;
the text is read from the archive (SLUGLINE_ARCHIVE) and, for the rows that say so, from a folder of
labelled topics (SLUGLINE_TOPICS, files `topics-*.jsonl`), which has other months than the archive.
Guidelines: docs/entities.md.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.source import read

GOLD = Path(__file__).parents[2] / "tests" / "data" / "entities" / "gold.jsonl"

PARTS = ("tune", "report", "fresh", "drawn", "later")
"""The parts of the annotated articles; weights are learnt from `tune` alone."""

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
    """An annotated article with its text; `part` is tune, or one that is not looked at."""

    id: str
    part: str
    title: str
    summary: str
    names: tuple[Name, ...]


def gold(archive: Path, parts: Sequence[str] = PARTS) -> Iterator[Row]:
    """Yield the annotated articles of those parts, with their texts."""
    raws = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    raws = [raw for raw in raws if raw["part"] in parts]
    for month in sorted({raw["month"] for raw in raws if "of" not in raw}):
        wanted = {raw["id"]: raw for raw in raws if raw["month"] == month and "of" not in raw}
        for part in read(str(archive / f"{month}.zip")):
            for entry in part.entries:
                raw = wanted.pop(entry.id, None)
                if raw:
                    yield _row(raw, entry.title, cut(entry.summary))
            if not wanted:
                break
        for missing in wanted:
            print(f"not in the archive: {month} {missing}")
    yield from _of_topics({raw["id"]: raw for raw in raws if raw.get("of") == "topics"})


def _of_topics(wanted: dict[str, Mapping[str, object]]) -> Iterator[Row]:
    folder = os.environ.get("SLUGLINE_TOPICS")
    for path in sorted(Path(folder).glob("topics-*.jsonl")) if folder and wanted else ():
        for line in path.open(encoding="utf-8"):
            topic = json.loads(line)
            text = f"{topic['title']}\n{topic['summary']}"
            raw = wanted.pop(hashlib.sha256(text.encode()).hexdigest()[:20], None)
            if raw:
                yield _row(raw, topic["title"], cut(topic["summary"]))
    if wanted:
        print(f"{len(wanted)} articles are in no topics-*.jsonl of SLUGLINE_TOPICS")


def cut(summary: str) -> str:
    """Return the part of a summary that was annotated."""
    return summary if len(summary) <= CUT else summary[:CUT].rsplit(" ", 1)[0]


def _row(raw: Mapping[str, object], title: str, summary: str) -> Row:
    names = []
    for name in raw["names"]:  # type: ignore[attr-defined]  # the file is ours
        text = title if name["field"] == "title" else summary
        start = _where(text, name["start"], name["end"] - name["start"], name["check"])
        if start is None:
            print(f"cleaned differently by now: {raw['id']} {name['field']} {name['start']}")
            continue
        end = start + name["end"] - name["start"]
        names.append(Name(name["field"], start, end, name["label"]))
    return Row(str(raw["id"]), str(raw["part"]), title, summary, tuple(names))


def _where(text: str, start: int, length: int, check: str) -> int | None:
    """Return the offset of the annotated text, the nearest where cleaning has moved it."""
    candidates = sorted(range(len(text) - length + 1), key=lambda at: abs(at - start))
    return next((at for at in candidates if digest(text[at : at + length]) == check), None)


def digest(text: str) -> str:
    """Return the short hash by which an annotated text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
