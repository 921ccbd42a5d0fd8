"""What is to be exported: which articles, in which format, with which options."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from export.description.facts import slug
from export.format import FormatEntry
from export.request import ExportRequest
from search.request import Filters


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """Articles that `query` and `filters` find, to be written in a format as `request` says.

    With `spellings` a name is found in its other spellings too, as on the page.
    """

    format: FormatEntry
    request: ExportRequest
    query: str
    filters: Filters
    spellings: bool = False

    def asked(self, kept: str = "") -> dict[str, object]:
        """Return what was asked for, without what was left open; `kept` is the name of a list."""
        named = self._selection()
        named |= {field.name: getattr(self.request, field.name) for field in fields(self.request)}
        named |= {"list": kept}
        return {name: _shown(value) for name, value in named.items() if value}

    def title(self, kept: str = "") -> str:
        """Return the title of a dataset or feed that says what was asked for."""
        named = self._selection() | {"list": kept}
        said = [f"{name} {_in_words(value)}" for name, value in named.items() if value]
        return "Tagged news" + (f": {'; '.join(said)}" if said else "")

    def file_name(self) -> str:
        """Return the name of a file that says what was asked for, without an ending."""
        named = self.filters
        words = (self.query, *named.topics, *named.entities, *named.sources, *named.languages)
        return "-".join(("slugline", *filter(None, map(_word, words))))[:60].strip("-.")

    def _selection(self) -> dict[str, object]:
        named: dict[str, object] = {"query": self.query}
        return named | {
            field.name: getattr(self.filters, field.name) for field in fields(self.filters)
        }


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return ", ".join(value) if isinstance(value, tuple) else f'"{value}"'


def _word(text: str) -> str:
    return slug(text).replace(".", "-") if any(c.isascii() and c.isalnum() for c in text) else ""


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    return list(value) if isinstance(value, tuple) else value
