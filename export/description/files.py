"""The descriptive files of an export, inside its directory or beside its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from export.description.card import card
from export.description.croissant import croissant
from export.description.datapackage import datapackage
from export.description.facts import Facts

CHANGES = "changes.jsonl"
"""What is different from an earlier export."""
BESIDE = frozenset(
    (
        *("croissant.json", "datapackage.json", "README.md", "CITATION.cff", "checksums.sha256"),
        CHANGES,
    )
)
"""What lies in the directory of an export beside its data."""


def descriptions(facts: Facts, prefix: str = "") -> Mapping[str, str]:
    """Return the files that describe an export, by name; `prefix` begins the name of each."""
    texts = {
        "croissant.json": _json(croissant(facts)),
        "datapackage.json": _json(datapackage(facts)),
        "README.md": card(facts),
        "CITATION.cff": citation_file(facts),
        "checksums.sha256": "".join(f"{file.sha256}  {file.path}\n" for file in facts.files),
    }
    return {prefix + name: text for name, text in texts.items()}


def holds_an_export(folder: Path) -> bool:
    """Say whether a directory holds an export of ours and nothing else."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        known = {resource["path"] for resource in package["resources"]}
        ours = "slugline" in package
    except (OSError, ValueError, TypeError, KeyError):
        return False
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return ours and found <= known | BESIDE


def citation_file(facts: Facts) -> str:
    """Return CITATION.cff (Citation File Format 1.2), which reference managers read."""
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in _cited(facts).items()}
    lines = ["cff-version: 1.2.0", "type: dataset", "authors:", '  - name: "Slugline"']
    return "\n".join((*lines, *(f"{name}: {value}" for name, value in quoted.items()))) + "\n"


def _cited(facts: Facts) -> dict[str, str]:
    return {
        "message": "Cite this dataset, and the publishers of the articles you quote.",
        "title": facts.title,
        "version": facts.version,
        "date-released": facts.moment[:10],
        "abstract": facts.citation,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
