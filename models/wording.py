"""English wording that messages share: numbers with nouns, and reasons of the operating system."""

from __future__ import annotations

import errno

FULL = "the disk is full; free some space, then run this again"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 article, 2,000 articles; `many` where "s" is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def why_refused(error: OSError) -> str:
    """Return why the operating system refused something, and what to do where that is known."""
    if error.errno in _FULL:
        return FULL
    return error.strerror or str(error)
