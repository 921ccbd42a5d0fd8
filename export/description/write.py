"""Writes what describes an export: into its directory, or beside its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from export.description.card import card
from export.description.croissant import croissant
from export.description.datapackage import datapackage
from export.description.facts import Facts


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


def write_descriptions(facts: Facts, folder: Path, prefix: str = "") -> tuple[Path, ...]:
    """Write these files to a directory; return their paths."""
    found = descriptions(facts, prefix)
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in found)


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
