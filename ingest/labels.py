"""Reads corrected annotations back from doccano, Label Studio and Argilla."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.parsing.limits import why_failed
from models.article import Rejection
from models.errors import SourceError

MAX_BYTES = 500_000_000
"""The largest file that is read; the lists of Label Studio and Argilla are read at once."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledText:
    """What a person says of one exported text.

    `spans` are (start, end, label) in characters of `text`, `topics` slugs; each is None where the
    file says nothing of it, so that what nobody was asked is not taken for an answer.
    """

    where: str
    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...] | None
    topics: tuple[str, ...] | None


def read_labels(path: Path) -> Iterator[LabelledText | Rejection]:
    """Yield what people say of each text, or why it can't be read.

    Raises SourceError where the file is not from any of these tools.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"is larger than {MAX_BYTES // 1_000_000} MB.", str(path))
        with path.open(encoding="utf-8-sig") as file:
            begins = file.read(1)
            while begins.isspace():
                begins = file.read(1)
            file.seek(0)
            rows = _listed(path, file.read()) if begins == "[" else _lines(path, file)
            for where, row in rows:
                yield row if isinstance(row, Rejection) else _read_row(where, row)
    except UnicodeDecodeError as error:
        raise SourceError(f"is not UTF-8 ({error.reason}).", str(path)) from error
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}.", str(path)) from error


def _listed(path: Path, text: str) -> Iterator[tuple[str, Row | Rejection]]:
    try:
        rows = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"is not JSON: {error}.", str(path)) from error
    for number, row in enumerate(rows, 1):
        where = f"{path.name}, item {number}"
        yield where, row if isinstance(row, dict) else Rejection(where, "is not an object")


def _lines(path: Path, file: Any) -> Iterator[tuple[str, Row | Rejection]]:
    for number, line in enumerate(file, 1):
        where = f"{path.name}, line {number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            yield where, Rejection(where, f"is not JSON ({error})")
            continue
        yield where, row if isinstance(row, dict) else Rejection(where, "is not an object")


def _read_row(where: str, row: Row) -> LabelledText | Rejection:
    try:
        if "fields" in row:
            return _argilla(where, row)
        if "data" in row:
            return _label_studio(where, row)
        if "label" in row or "cats" in row or "entities" in row:
            return _doccano(where, row)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return Rejection(where, why_failed(error))
    return Rejection(where, "is not from doccano, Label Studio or Argilla")


def _doccano(where: str, row: Row) -> LabelledText:
    labels = row.get("label", row.get("entities"))
    topics = row.get("cats")
    spans = None
    if isinstance(labels, list) and labels and all(isinstance(one, str) for one in labels):
        topics = labels  # a project for text classification
    elif labels is not None:
        spans = tuple(_span(one) for one in labels)
    return LabelledText(where, str(row["slugline_id"]), str(row["text"]), spans, _slugs(topics))


def _label_studio(where: str, row: Row) -> LabelledText | Rejection:
    said = [one for one in row.get("annotations", []) if not one.get("was_cancelled")]
    if not said:
        return Rejection(where, "was not annotated")
    data, spans, topics = row["data"], [], []
    for result in said[-1]["result"]:
        value = result["value"]
        if result["type"] == "labels":
            start, end = _characters(str(data["text"]), value)
            spans += [(start, end, str(label)) for label in value["labels"]]
        elif result["type"] == "choices":
            topics += [str(choice) for choice in value["choices"]]
    return LabelledText(
        where, str(data["slugline_id"]), str(data["text"]), tuple(spans), tuple(topics)
    )


def _argilla(where: str, row: Row) -> LabelledText | Rejection:
    responses = row.get("responses") or {}
    said = {name: _submitted(answers) for name, answers in responses.items()}
    if all(value is None for value in said.values()):
        return Rejection(where, "was not annotated")
    entities = said.get("entities")
    spans = None if entities is None else tuple(_span(one) for one in entities)
    text = str(row["fields"]["text"])
    return LabelledText(where, str(row["id"]), text, spans, _slugs(said.get("topics")))


def _submitted(answers: Any) -> Any:
    """Return the last answer that was submitted, None where there is none."""
    found = [one["value"] for one in answers if one.get("status", "submitted") == "submitted"]
    return found[-1] if found else None


def _span(one: Any) -> tuple[int, int, str]:
    if isinstance(one, Mapping):
        start, end = (
            one.get("start", one.get("start_offset")),
            one.get("end", one.get("end_offset")),
        )
        return _offset(start), _offset(end), str(one["label"])
    return _offset(one[0]), _offset(one[1]), str(one[2])


def _offset(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is not an offset")
    return value


def _characters(text: str, value: Row) -> tuple[int, int]:
    """Return a span in characters; some versions of Label Studio count UTF-16 code units."""
    start, end = _offset(value["start"]), _offset(value["end"])
    expected = value.get("text")
    if expected is None or text[start:end] == expected:
        return start, end
    units = text.encode("utf-16-le")
    before = len(units[: 2 * start].decode("utf-16-le", "ignore"))
    length = len(units[2 * start : 2 * end].decode("utf-16-le", "ignore"))
    if text[before : before + length] != expected:
        raise ValueError(f"the text at {start} is not {str(expected)[:60]!r}")
    return before, before + length


def _slugs(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(dict.fromkeys(str(one) for one in value))
