"""datapackage.json as Frictionless Data describes it (https://datapackage.org)."""

from __future__ import annotations

from typing import Any

from export.columns import COLUMNS, CSV_MEANINGS
from export.description.facts import Facts

_TYPES = {"text": "string", "time": "datetime", "integer": "integer"}
_COLUMNS = {column.name: column for column in COLUMNS}


def datapackage(facts: Facts) -> dict[str, Any]:
    """Return the descriptor of an export; CSV is described field by field."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": facts.name,
        "title": facts.title,
        "description": facts.rights,
        "created": facts.moment,
        "sources": [{"title": f"Slugline {facts.version}, store {facts.store}"}],
        "licenses": [{"name": "other", "title": facts.rights}],
        "resources": [_resource(facts, number) for number in range(len(facts.files))],
        "slugline": {
            "query": dict(facts.asked),
            "counts": facts.tally.as_dict(),
            "citation": facts.citation,
        },
    }


def _resource(facts: Facts, number: int) -> dict[str, Any]:
    """Return one file as a Data Package resource; a CSV with the schema of its columns."""
    file = facts.files[number]
    resource: dict[str, Any] = {
        "name": f"{facts.name}-{number}" if len(facts.files) > 1 else facts.name,
        "path": file.path,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "mediatype": facts.media_type or "application/octet-stream",
    }
    if facts.format == "csv":
        fields = [_csv_field(name) for name in facts.columns]
        return resource | {
            "type": "table",
            "format": "csv",
            "encoding": "utf-8-sig",
            "schema": {"fields": fields},
        }
    # Rows with nested lists are more than a Table Schema can say; the card has their columns.
    return resource | {"type": "file"}


def _csv_field(name: str) -> dict[str, Any]:
    column = _COLUMNS.get(name)
    if column is None or column.kind not in _TYPES:
        return {"name": name, "type": "string", "description": CSV_MEANINGS.get(name, name)}
    field = {"name": name, "type": _TYPES[column.kind], "description": column.meaning}
    return field | ({"format": "any"} if column.kind == "time" else {})
