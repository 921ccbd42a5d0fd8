"""What a reader is told where nothing is found: the words that no article has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from search.query.notices import Notice
from search.text.words import spans

MOST = 10
"""Words of a query that are looked up; a text that was pasted in has many."""


def absent_words(words: Iterable[str], is_known: Callable[[str], bool], text: str) -> Notice | None:
    """Say which words of a query no article has; None where each is in some article.

    `text` is the query as typed: a word is named as it stands there, with its accents and capitals.
    """
    absent = [word for word in islice(dict.fromkeys(words), MOST) if not is_known(word)]
    if not absent:
        return None
    typed = {word: text[start:end] for start, end, word in spans(text)}
    shown = ", ".join(f"\u201c{typed.get(word, word)}\u201d" for word in absent)
    return Notice(f"No article has the {'word' if len(absent) == 1 else 'words'} {shown}.")
