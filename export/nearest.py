"""Finds the known name that is closest to a mistyped one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names what was probably meant, or ""."""
    found = difflib.get_close_matches(name.lower(), list(known), 1)
    return f" Did you mean {found[0]}?" if found else ""
