"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

MOST_WORDS = 5_000
"""Comparing takes time by the square of the words; longer texts are shown as replaced whole."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class ChangeKind(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text and what became of it."""

    kind: ChangeKind
    text: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the pieces that lead from one text to the other.

    Without the new pieces they are the text before, without the gone ones the text after. A single
    word that two changes have between them by accident is changed with them: a sentence that was
    written anew is read as one.
    """
    if before == after:
        return (Change(ChangeKind.KEPT, after),) if after else ()
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return _pieces([("", before, after)])
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    steps = []
    codes = matcher.get_opcodes()
    for index, (kind, i, j, k, m) in enumerate(codes):
        between = 0 < index < len(codes) - 1
        if kind == "equal" and not (between and _is_accident(old[i:j])):
            steps.append(("".join(old[i:j]), "", ""))
        else:
            steps.append(("", "".join(old[i:j]), "".join(new[k:m])))
    return _pieces(steps)


def _is_accident(words: list[str]) -> bool:
    return sum(word[0].isalnum() for word in words) <= 1


def _pieces(steps: list[tuple[str, str, str]]) -> tuple[Change, ...]:
    """Join (kept, gone, new) steps that follow each other to as few pieces as there can be."""
    found: list[Change] = []
    gone = new = ""
    for kept, lost, gained in [*steps, ("", "", "")]:
        if lost or gained:
            gone, new = gone + lost, new + gained
            continue
        found += [
            Change(ChangeKind.GONE, gone),
            Change(ChangeKind.NEW, new),
            Change(ChangeKind.KEPT, kept),
        ]
        gone = new = ""
    return tuple(change for change in found if change.text)
