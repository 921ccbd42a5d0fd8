"""One entity, many names: from how an article writes a name to the entity that people browse."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from models.tags import EntityName
from nlp.entities.english.short_names import is_team
from nlp.entities.gazetteer import countries, organisations, people, places, possessives
from nlp.entities.keys import folded, key_of
from nlp.entities.particles import PARTICLES
from nlp.entities.word_lists import demonyms, other_senses, titles

TYPES = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "org",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
    "EVENT": "event",
    "PRODUCT": "product",
    "WORK_OF_ART": "work",
    "LAW": "law",
}
"""The type of the entities that a label names; a label not here (DATE, MONEY ...) names none."""

LABELS = {"person": "PERSON", "org": "ORG", "place": "GPE"}
"""The label of a name that no pipeline has labelled, by its type."""

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u0060\u00b4", "'"))
_POSSESSIVE = re.compile(r"(?<=\w)(?:'s|'S)$|(?<=[sS])'$")
_EDGES = " \t\r\n\"“”«»„\u201a'()[]{}<>,;:!?-\u2013—|/\\*_#@·•…"
_INITIALS_APART = re.compile(r"^([A-Z])\.? ([A-Z])\.? (?=[^\W\d_]{2})")
"""J. K. Rowling is J.K. Rowling."""
_ARTICLE = re.compile(r"^(?:the)\s+", re.IGNORECASE)


def type_of(label: str) -> str:
    """Return the type of entity that a pipeline's label names, "" for numbers, dates and such."""
    return TYPES.get(label, "")


def without_possessive(name: str) -> str:
    """Return a name without what hangs on it: quotes, brackets, "'s"."""
    name = " ".join(name.translate(_APOSTROPHES).split()).strip(_EDGES)
    if name in possessives():
        return name
    return _POSSESSIVE.sub("", name).strip(_EDGES)


def without_title(name: str) -> str:
    """Return a person's name without the titles before it, unless nothing else is left."""
    while match := _leading_title(name):
        name = name[match:]
    return name


def _leading_title(name: str) -> int:
    """Return how many characters of a name are a title before it, the longest that is known."""
    words = list(re.finditer(r"\S+", name))
    for count in range(min(3, len(words) - 1), 0, -1):
        title = name[: words[count - 1].end()].casefold().rstrip(".,")
        if title in titles():
            return words[count].start()
    return 0


def canonical(text: str, label: str) -> EntityName | None:
    """Return the entity that a text of that label names, looking at nothing else."""
    kind = type_of(label)
    name = without_possessive(text)
    if not kind or (len(name) == 1 and name.islower()):
        return None
    if kind == "person":
        name = _INITIALS_APART.sub(r"\1.\2. ", without_title(name))
        name = people().get(folded(name), name) if " " in name else name
    elif known := known_entity(name, kind):
        return known
    elif kind == "group" and name.endswith("s") and name[:-1].lower() in demonyms():
        name = name[:-1]
    name = _in_plain_case(name, kind)
    key = key_of(kind, name)
    return EntityName(key, name, kind) if key else None


def known_entity(name: str, kind: str) -> EntityName | None:
    """Return the place or organisation of that name, whichever of the two the model said."""
    if kind not in {"place", "org"}:
        return None
    bare = _ARTICLE.sub("", name)
    if kind == "place" and bare in other_senses():
        return places().find(bare)
    first, second = (places, organisations) if kind == "place" else (organisations, countries)
    return first().find(bare) or second().find(bare)


def _in_plain_case(name: str, kind: str) -> str:
    """Return a name in capitals that is no acronym as names are written: XI JINPING, OSTVAR."""
    bare = _ARTICLE.sub("", name)
    longest_acronym = 4 if kind in {"person", "place"} else 6
    if bare.isupper() and (" " in bare or len(bare) > longest_acronym):
        return " ".join(word.capitalize() for word in bare.split())
    return bare


def resolve(names: Sequence[EntityName | None]) -> list[EntityName | None]:
    """Return the entities of one article's mentions, short names given to their full ones.

    "Xi" is Xi Jinping where just one person of the article has that word in the name, or where
    nobody has and the news of the day means him. "Jets" are the New York Jets where the article
    names those.
    """
    persons = {name.key: name for name in names if name and name.type == "person"}
    teams = {n.name.split()[-1]: n for n in names if n and n.type == "org" and is_team(n.name)}
    owners: dict[str, set[str]] = {}
    for key, person in persons.items():
        words = folded(person.name).split()
        if len(words) > 1:
            for word in words:
                owners.setdefault(word, set()).add(key)
    return [
        teams.get(name.name, name) if name and name.type == "org" else _full(name, persons, owners)
        for name in names
    ]


def _full(
    name: EntityName | None, persons: Mapping[str, EntityName], owners: Mapping[str, set[str]]
) -> EntityName | None:
    if name is None or name.type != "person":
        return name
    word = folded(name.name)
    if " " in name.name:
        if word.split()[0] not in PARTICLES:
            return name
        candidates = {key for key, p in persons.items() if folded(p.name).endswith(f" {word}")}
    else:
        candidates = owners.get(word, set())
    if len(candidates) == 1:
        return persons[next(iter(candidates))]
    if not candidates and (full := people().get(word)):
        return EntityName(key_of("person", full), full, "person")
    return name
