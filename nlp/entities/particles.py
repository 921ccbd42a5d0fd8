"""Small words inside people's names, and names kept whole with them: Ursula von der Leyen."""

from __future__ import annotations

import re

PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "der", "di", "dos", "du", "el", "ibn", "la", "le"}
    | {"mac", "san", "st", "ten", "ter", "van", "von"}
)
"""Small words inside people's names."""

_INSIDE = (
    "af|al|bin|bint|da|de|del|della|den|der|di|dos|du|el|ibn|la|las|los|ten|ter|van|von|zu|zur"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019]*(?:-[\w'\u2019]+)*"
_AHEAD = re.compile(
    rf"(?: (?:{_INSIDE}))+ (?:al-|el-)?{_WORD}|(?: (?:{_INSIDE}))* (?:al|el)-{_WORD}"
)
_REST = re.compile(rf"(?: (?:{_INSIDE}))* {_WORD}")
_BEHIND = re.compile(rf"(?:\b(?:{_INSIDE}|[VD]an|Von|Van|De|Bin) (?:(?:{_INSIDE}) )*)$")
_FIRST = re.compile(rf"({_WORD}) $")
_ENDS = re.compile(rf" (?:{_INSIDE})$")

STRONG = r"(?:[Vv]on(?: der| dem| zu)?|[Vv]an (?:der|den|de))"
"""Particles that stand in no name but a person's."""
_STRONG_NAME = re.compile(rf"(?:{_WORD} )*{STRONG} {_WORD}")
_WEAKER_NAME = re.compile(rf"{_WORD} (?:de la|della|dos|bin|ibn|van|von) {_WORD}")
_STRONG_INSIDE = re.compile(rf"\b(?:({_WORD}) )?({STRONG} {_WORD})")


def is_with_particle(written: str, given: frozenset[str]) -> bool:
    """Say whether a name is a person's by its particle, some behind a `given` name only."""
    if _STRONG_NAME.fullmatch(written):
        return True
    weaker = _WEAKER_NAME.fullmatch(written)
    return bool(weaker) and written.partition(" ")[0].lower() in given


def whole_name(text: str, start: int, end: int, given: frozenset[str]) -> tuple[int, int]:
    """Return where a person's name stands with its particles, of which `start:end` is a part.

    To the left a word is taken only where it is one of the `given` names, in small letters.
    """
    ahead = (_REST if _ENDS.search(text[start:end]) else _AHEAD).match(text, end)
    if ahead:
        end = ahead.end()
    if behind := _BEHIND.search(text, max(start - 20, 0), start):
        first = _FIRST.search(text, max(behind.start() - 30, 0), behind.start())
        is_name = first and first.group(1).lower() in given
        start = first.start(1) if first and is_name else behind.start()
    return start, end


def particle_names(text: str, not_first: frozenset[str]) -> list[tuple[int, int]]:
    """Return where names with a person's particle stand: Ursula von der Leyen, von der Leyen.

    `not_first` are words in small letters that no name begins with: titles, names of peoples.
    """
    found = []
    for match in _STRONG_INSIDE.finditer(text):
        first = match.group(1)
        is_title = first is None or first.lower() in not_first
        found.append((match.start(2) if is_title else match.start(), match.end()))
    return found
