"""The dateline that an agency's text opens with: OSLO (Meridian Wire) \u2014 The talks ended."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DATELINE = re.compile(
    r"([A-Z][A-Z'. -]{1,28}[A-Z])(?:, [\w. ]{2,20})?\s*(\([^()]{2,30}\))?\s*"
    r"(?::|\u2014|\u2013|--?)\s"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A place in capitals, where the agency is named (None: it is not), and where the text goes on.

    Without an agency the place may be no place: EXCLUSIVE: looks the same.
    """

    place: str
    agency: range | None
    end: int


def dateline(text: str) -> Dateline | None:
    """Return what stands before the first sentence of a text, None where it begins with that."""
    found = _DATELINE.match(text)
    if not found:
        return None
    agency = range(*found.span(2)) if found[2] else None
    return Dateline(found[1], agency, found.end())
