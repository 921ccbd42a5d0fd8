"""Makes untrusted text safe to print on a terminal."""

from __future__ import annotations

import re

from models.feed import without_logins

# C0 but for tab and line feed, DEL, C1: what a terminal obeys. The marks and overrides of the
# writing direction let a name pretend to be another.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Bold, dim and their end, which our own reports use, change nothing but the look of a line.
_STYLE = re.compile("(\x1b\\[[012]m)")


def printable(text: str) -> str:
    """Return a message without characters that a terminal obeys, and without logins.

    Only bold, dim and their end stay, for `click.style`.
    """
    parts = _STYLE.split(without_logins(text))
    shown = (part if at % 2 else _OBEYED.sub("\ufffd", part) for at, part in enumerate(parts))
    return "".join(shown)


def printable_json(text: str) -> str:
    """Return JSON that says the same, with the characters that a terminal obeys escaped."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
