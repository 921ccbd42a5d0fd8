"""Texts whose accents stand as letters of their own (decomposed), read as if they did not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from models.tags import Mention


def composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """Return a text with accents on their letters, and where each of its characters stood.

    The places end with the length of the text; they are None where nothing changed.
    """
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        places += [start] * len(piece)
        start = end
    return "".join(pieces), (*places, len(text))


def as_written(
    mentions: Iterable[Mention], places: dict[str, tuple[int, ...] | None], texts: dict[str, str]
) -> tuple[Mention, ...]:
    """Return mentions of composed fields at their places in the fields as they came."""
    return tuple(_as_written(each, places.get(each.field), texts[each.field]) for each in mentions)


def _as_written(mention: Mention, places: tuple[int, ...] | None, text: str) -> Mention:
    if places is None:
        return mention
    start, end = places[mention.start], places[mention.end]
    return replace(mention, start=start, end=end, text=text[start:end])
