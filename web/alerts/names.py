"""Finds the names of a long list in texts, in one pass."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from models.errors import UsageError
from search.text.words import words

LONGEST_ROW = 10_000
"""Characters of a row of a table of names."""
MOST_SHOWN = 10
"""Names of one article that are told."""
_HEADERS = {"name", "names"}


class NameList:
    """Names as they are found in texts: as whole words, whatever their case and accents."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for name in names:
            parts = tuple(words(name))
            if parts:
                self._by_first[parts[0]].append((parts[1:], name))
        for found in self._by_first.values():
            found.sort(key=lambda each: -len(each[0]))

    def found_in(self, texts: Sequence[str]) -> list[str]:
        """Return the names that stand in some texts, the longest one where several begin alike."""
        found: dict[str, None] = {}
        for text in texts:
            letters = words(text)
            for at, first in enumerate(letters):
                for rest, name in self._by_first.get(first, ()):
                    if tuple(letters[at + 1 : at + 1 + len(rest)]) == rest:
                        found.setdefault(name)
                        break
        return list(found)


def read_names(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first column of a CSV, row by row; a header `name` is left out.

    Raises UsageError for what is not a table of names.
    """
    try:
        for number, row in enumerate(csv.reader(_short(lines))):
            name = row[0].strip().lstrip("\ufeff") if row else ""
            if name and not (number == 0 and name.casefold() in _HEADERS):
                yield name
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"The list of names is not a CSV file in UTF-8: {error}.") from None


def _short(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_ROW:
            raise UsageError(f"Row {number} of the list of names is too long.")
        yield line
