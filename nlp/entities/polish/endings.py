"""Words that no dictionary has: what their basic form may be, by how Polish inflects names."""

from __future__ import annotations

from functools import lru_cache

FEWEST_LETTERS = 3

MASCULINE = (
    ("skiego", "ski"), ("ckiego", "cki"), ("skiemu", "ski"), ("ckiemu", "cki"),
    ("skim", "ski"), ("ckim", "cki"), ("iego", "i"), ("iemu", "i"), ("ego", "y"), ("emu", "y"),
    ("iem", ""), ("owi", ""), ("em", ""), ("ym", "y"), ("im", "i"), ("ą", "a"), ("ę", "a"),
    ("ie", ""), ("a", ""), ("u", ""),
)  # fmt: skip
FEMININE = (
    ("skiej", "ska"), ("ckiej", "cka"), ("iej", "a"), ("ej", "a"), ("ię", "ia"), ("ią", "ia"),
    ("ii", "ia"), ("li", "la"), ("ę", "a"), ("ą", "a"), ("y", "a"), ("ie", "a"), ("i", "a"),
)  # fmt: skip
"""Endings of the oblique cases and what stands for them in the nominative, the longest first."""


@lru_cache(maxsize=50_000)
def stems(word: str, gender: str = "") -> tuple[str, ...]:
    """Return what a word may be the inflected form of, likeliest first, itself not among it.

    `gender` is m1 or f where it is known from the words around.
    """
    bare = word
    for mark in ("'", "\u2019"):
        head, apart, tail = word.partition(mark)
        if apart and len(tail) <= 4 and len(head) > 1:
            return (head,)
    tables = {"m1": (MASCULINE,), "f": (FEMININE,)}.get(gender, (MASCULINE, FEMININE))
    found = [
        bare[: -len(ending)] + basic
        for table in tables
        for ending, basic in table
        if bare.endswith(ending) and len(bare) - len(ending) >= FEWEST_LETTERS
    ]
    return tuple(dict.fromkeys(each for each in found if each != word))
