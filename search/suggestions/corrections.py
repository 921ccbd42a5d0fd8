"""A query as typed, with its mistyped words replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping

from search.text.words import spans


def corrected(text: str, better: Mapping[str, str]) -> str:
    """Return a query as typed with some of its words replaced; names of fields stay."""
    pieces, at = [], 0
    for start, end, word in spans(text):
        if word in better and not text.startswith(":", end):
            pieces += [text[at:start], _like(text[start:end], better[word])]
            at = end
    return "".join(pieces) + text[at:]


def _like(written: str, word: str) -> str:
    """Return a word with the capital letter of the one it replaces."""
    return (
        word[:1].upper() + word[1:]
        if re.match(r"[^\W\d_]", written) and written[0].isupper()
        else word
    )
