"""The stable name of an entity in URLs, exports and filters: `person/xi-jinping`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

MAX_SLUG = 80
"""Longer names are cut and closed with a few digits of their hash, so that they stay apart."""

_PLAIN = str.maketrans("łøđħıŧßæœþðŁØĐĦŦÆŒÞÐ\u2019\u2018\u02bc", "lodhitsaotdLODHTAOTD'''")
_LATIN_MARKS = re.compile("([a-zA-Z])[\u0300-\u036f]+")


_ASCII = {code: "" if chr(code) in "'." else " " for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """Return a name as it is compared: small letters, Latin ones without accents, no punctuation.

    Marks of other scripts stay, where they are letters (Devanagari vowels, Cyrillic short i).
    """
    if name.isascii():
        return " ".join(name.lower().translate(_ASCII).split())
    plain = unicodedata.normalize("NFKD", name).translate(_PLAIN).casefold()
    bare = "".join(_letter_or_gap(letter) for letter in unicodedata.normalize("NFKD", plain))
    return " ".join(unicodedata.normalize("NFKC", _LATIN_MARKS.sub(r"\1", bare)).split())


def key_of(type_: str, name: str) -> str:
    """Return the key of an entity: its type and a slug of its name, "" where no letter is left."""
    slug = folded(name).replace(" ", "-")
    if len(slug) > MAX_SLUG:
        slug = f"{slug[:MAX_SLUG]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return f"{type_}/{slug}" if slug else ""


def _letter_or_gap(letter: str) -> str:
    kind = unicodedata.category(letter)[0]
    if kind in "LNM":
        return letter
    return "" if letter in "'." else " "
