"""Names by their form alone: a given name and what follows it, and two names in one word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from nlp.entities.gazetteer import countries, famous, names, organisations, people, places
from nlp.entities.keys import folded
from nlp.entities.particles import PARTICLES, particle_names
from nlp.entities.word_lists import demonyms, given_names, kinds, not_names, small_words, titles

_COMPOUND = re.compile(
    r"(?<![\w-])[^\W\d_](?:\w|\.(?=\w))*\.?(?:[-\u2013/][^\W\d_](?:\w|\.(?=\w))*\.?)+"
)
_PART = re.compile(r"[^-\u2013/]+")
_JOINT = re.compile("[-\u2013/]")
_NAME_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*\w)?")
GENERATIONS = frozenset({"jr", "sr", "ii", "iii"})
"""What may stand behind a surname."""
MOST_FAMOUS = 2
"""Words of a famous full name that are looked at."""
MOST_WORDS = 4
"""So many words a person's name has at most, particles included."""


class Part(NamedTuple):
    """A part of a compound, in characters of the text; `kind` is person, org or place."""

    start: int
    end: int
    kind: str


def compounds(text: str) -> Iterator[list[Part]]:
    """Yield the parts of each word that joins names: Xi-Biden, US-China, UK/EU.

    A word that is one name (Guinea-Bissau, Rolls-Royce, Taylor-Joy) is none.
    """
    if _JOINT.search(text):
        for found in _COMPOUND.finditer(text):
            if parts := parts_of(text, found.start(), found.end()):
                yield parts


def parts_of(text: str, start: int, end: int) -> list[Part]:
    """Return the names that a word of a text joins, none where it joins none.

    All but one must be known; a person's neighbour that nobody knows is a person too.
    """
    written = text[start:end]
    is_whole = _kind_of(written) or _kind_of(written.replace("\u2013", "-"))
    if is_whole or not _JOINT.search(written):
        return []
    parts = [(part.start(), part.group()) for part in _PART.finditer(written)]
    if len(parts) < 2 or not all(len(part) > 1 and part[0].isupper() for _, part in parts):
        return []
    capitals = written.isupper()
    found = [
        _kind_of(part) or (capitals and _kind_of(part.capitalize())) or "" for _, part in parts
    ]
    if "org" in found:
        found = [names().get(part, kind) for (_, part), kind in zip(parts, found, strict=True)]
    famous = any(folded(part) in people() for _, part in parts)
    if not all(found):
        is_pair = famous and found.count("") == 1
        if not is_pair or any(_is_common(part) for _, part in parts):
            return []
    elif set(found) == {"person"} and not famous:
        return []  # a surname of two
    return [
        Part(start + at, start + at + len(part), kind or "person")
        for (at, part), kind in zip(parts, found, strict=True)
    ]


@lru_cache(maxsize=20_000)
def _kind_of(word: str) -> str:
    if places().find(word):
        return "place"
    if folded(word) in people():
        return "person"
    return names().get(word, "") or ("org" if organisations().find(word) else "")


def _is_common(word: str) -> bool:
    lower = word.lower()
    return any(lower in words() for words in (small_words, demonyms, not_names))


def people_by_form(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a given name and one or more words with capitals stand: Julia Child.

    A name whose particle is a person's needs no given name.
    """
    found = list(_by_given_name(text))
    yield from found
    ends = {end for _, end in found}
    for start, end in particle_names(text, _opens_no_name()):
        if end not in ends:
            yield start, end


def _by_given_name(text: str) -> Iterator[tuple[int, int]]:
    words = list(_NAME_WORD.finditer(text))
    at = 0
    while at < len(words):
        count = _length_of_name(text, words[at : at + MOST_WORDS])
        if count > MOST_FAMOUS and _famous_length(words[at : at + count]):
            count = _famous_length(words[at : at + count])  # Rishi Sunak Rearranges
        if count == MOST_FAMOUS and at and _is_verb(words[at - 1 : at + count]):
            count = 0  # Palestinians Sue Biden
        if count:
            last = words[at + count - 1]
            yield words[at].start(), last.start() + len(_bare(last.group()))
        at += count or 1


def _length_of_name(text: str, words: list[re.Match[str]]) -> int:
    """Return how many of the words are a person's name, 0 where they are none."""
    first = words[0].group()
    if not first[0].isupper() or len(first) < 2 or first.lower() not in given_names():
        return 0
    last = 0
    for at, word in enumerate(words[1:], start=1):
        gap = text[words[at - 1].end() : word.start()]
        initial = len(words[at - 1].group()) == 1 and gap == ". "
        if gap != " " and not initial:
            break
        bare = _bare(word.group())
        if bare in PARTICLES:
            continue
        if _is_other(word.group()[: len(bare)], first):
            break
        if not word.group()[0].isupper() or _ends_name(bare):
            break
        last = at
        if bare != word.group().lower():
            break  # a possessive
    if last == 1 and len(words[1].group()) == 1:
        return 0
    return last + 1 if last else 0


@cache
def _opens_no_name() -> frozenset[str]:
    return titles() | demonyms() | small_words()


def _famous_length(words: list[re.Match[str]]) -> int:
    """Return how many of the words are the full name of a famous person, 0 if none."""
    if len(words) > MOST_FAMOUS and folded(words[MOST_FAMOUS].group()) in GENERATIONS:
        return 0
    name = " ".join(word.group() for word in words[:MOST_FAMOUS])
    return MOST_FAMOUS if folded(name) in famous() else 0


def _is_verb(words: list[re.Match[str]]) -> bool:
    """Say whether the second of three words is a verb: a people before it, a famous one behind."""
    people_before, _, whom = (word.group().lower() for word in words)
    return people_before.endswith("s") and people_before in demonyms() and folded(whom) in people()


def _is_other(word: str, first: str) -> bool:
    """Say whether a word is an acronym, a country or an organisation: "Will EU ..."."""
    if word.isupper() and len(word) > 1 and not first.isupper():
        return True
    return bool(countries().find(word) or organisations().find(word))


def _bare(word: str) -> str:
    return re.sub("['\u2019]s$", "", word.lower())


def _ends_name(word: str) -> bool:
    """Say whether a word with a capital is rather no part of a person's name."""
    return word in kinds() or word in demonyms() or word in not_names() or word in titles()
