"""Restores letters that a publisher read in a wrong encoding before it wrote its feed.

Some feeds are right but for the letters that Latin-1 has too: `ó` arrives as `Ăł`, the two bytes of
its UTF-8 read as ISO 8859-2, beside Polish letters that are as they should be. So the file as a
whole can't be decoded again, but each such pair can: no language writes one.
"""

from __future__ import annotations

import re

_FIRST = "\N{LATIN CAPITAL LETTER A WITH BREVE}"
_ROMANIAN = "\N{LATIN CAPITAL LETTER S WITH CEDILLA}"  # follows it in words written in capitals
_SECOND = bytes(range(0xA1, 0xC0)).decode("iso8859-2").replace(_ROMANIAN, "")
_PAIR = re.compile(f"{_FIRST}[{re.escape(_SECOND)}]")


def letters_restored(text: str) -> str:
    """Return a text with each letter that was taken for two put back."""
    return _PAIR.sub(_letter, text) if _FIRST in text else text


def _letter(pair: re.Match[str]) -> str:
    return pair[0].encode("iso8859-2").decode("utf-8")
