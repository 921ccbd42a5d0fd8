"""Headlines as running text would write them: a Title Case word is not a name for its capital."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from nlp.entities.word_lists import small_words

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
MIN_WORDS = 3
"""Fewer words than this do not show how a headline is written."""

SHARE = 0.6
"""The share of long words with a capital from which on a capital says nothing."""

ALWAYS_CAPITAL = frozenset({"I"})


def running(text: str, kept: Set[str] = frozenset()) -> str:
    """Return a headline with its common words in small letters, all else at its place.

    Text that is written like a sentence is returned as it is. `kept` are words that stay as they
    are, because the article itself writes them with a capital inside a sentence.
    """
    words = list(_WORD.finditer(text))
    long = [word.group() for word in words[1:] if len(word.group()) > 3]
    if len(long) < MIN_WORDS:
        return text
    if sum(word.isupper() for word in long) >= SHARE * len(long):
        return _rewrite(text, words, kept, _from_capitals)
    if sum(word[0].isupper() for word in long) >= SHARE * len(long):
        return _rewrite(text, words, kept, _from_title_case)
    return text


def _from_title_case(word: str) -> str:
    return word.lower() if _is_small(word) and not _is_acronym(word) else word


def _from_capitals(word: str) -> str:
    if _is_small(word):
        return word.lower()
    return word if len(word) <= 3 or not word.isupper() else word.capitalize()


def _rewrite(
    text: str, words: list[re.Match[str]], kept: Set[str], rule: Callable[[str], str]
) -> str:
    """Write words anew by a rule; those that are kept, and all lengths, stay as they are."""
    pieces, done = [], 0
    for at, word in enumerate(words):
        written = word.group()
        abbreviated = len(written) == 1 and text[word.end() : word.end() + 1] == "."
        keeps = abbreviated or written in kept or written in ALWAYS_CAPITAL
        new = written if keeps else rule(written)
        if len(new) != len(written):
            new = written
        if at == 0 and new.islower():
            new = new[0].upper() + new[1:]
        pieces += [text[done : word.start()], new]
        done = word.end()
    return "".join([*pieces, text[done:]])


def _is_small(word: str) -> bool:
    bare = re.sub("['\u2019]s$", "", word.lower()).replace("\u2019", "'")
    return bare in small_words() or len(bare) == 1


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()
