"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

MOST_WORDS = 5_000
"""Comparing takes time by the square of the words; longer texts are shown as replaced whole."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text and what became of it."""

    fate: Fate
    text: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the pieces that lead from one text to the other.

    Without the new pieces they are the text before, without the gone ones the text after.
    """
    if before == after:
        return (Change(Fate.KEPT, after),) if after else ()
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return _pieces((Fate.GONE, before), (Fate.NEW, after))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[Fate, str]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found.append((Fate.KEPT, "".join(old[i:j])))
        else:
            found.append((Fate.GONE, "".join(old[i:j])))
            found.append((Fate.NEW, "".join(new[k:m])))
    return _pieces(*found)


def _pieces(*found: tuple[Fate, str]) -> tuple[Change, ...]:
    return tuple(Change(fate, text) for fate, text in found if text)
