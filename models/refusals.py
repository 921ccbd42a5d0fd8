"""What the system's refusals mean for a person, in one place: a full disk, above all."""

from __future__ import annotations

import errno

FULL = "the disk is full; free some space, then run this again"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def why_refused(error: OSError) -> str:
    """Return why the system refused something, and what to do where that is known."""
    if error.errno in _FULL:
        return FULL
    return error.strerror or str(error)
