"""Polish names that are known beforehand, found in any of their grammatical cases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from models.tags import EntityName
from nlp.entities.gazetteer import countries, local_countries
from nlp.entities.keys import key_of
from nlp.entities.polish.endings import stems
from nlp.entities.polish.morphology import GIVEN, REMEMBERED, SURNAME, Morphology

LANGUAGE = "pl"
PERSONAL = frozenset({GIVEN, SURNAME})
TABLES = {"places": "place", "organisations": "org", "people": "person"}


@dataclass(frozen=True, slots=True)
class KnownName:
    """A known name: its words in the nominative, and the entity, by the name in all languages."""

    words: tuple[str, ...]
    entity: EntityName


class Lexicon:
    """Looks up known names of one word or several, whatever case they stand in."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self._remembered: dict[tuple[str, bool], frozenset[str]] = {}
        self._by_first: dict[str, list[tuple[KnownName, tuple[frozenset[str], ...]]]] = {}
        for known in _all_known():
            words = tuple(self._bases(word) for word in known.words)
            for base in words[0]:
                self._by_first.setdefault(base, []).append((known, words))
        for found in self._by_first.values():
            found.sort(key=lambda each: -len(each[1]))

    def match(self, words: Sequence[str]) -> KnownName | None:
        """Return the longest known name that the first of these words are, None if none."""
        for base in self._said(words[0], whose=True):
            for known, expected in self._by_first.get(base, ()):
                if len(expected) <= len(words) and all(
                    bases & self._said(word, known.entity.type == "person")
                    and _is_written_alike(word, name)
                    for bases, word, name in zip(expected, words, known.words, strict=False)
                ):
                    return known
        return None

    def _bases(self, word: str) -> frozenset[str]:
        """Return what a word of a known name is looked up by."""
        if word.isupper() and len(word) > 1:
            return frozenset({word})
        lower = word.casefold()
        lemmas = {form.lemma.casefold() for form in self._morphology.forms(word)}
        return frozenset({lower} if lower in lemmas or not lemmas else {lower, *lemmas})

    def _said(self, word: str, whose: bool) -> frozenset[str]:
        """Return all basic forms that a word of a text may stand for, surnames where `whose`."""
        remembered = self._remembered.get((word, whose))
        if remembered is None:
            if len(self._remembered) > REMEMBERED:
                self._remembered.clear()
            remembered = self._remembered[word, whose] = self._look_up(word, whose)
        return remembered

    def _look_up(self, word: str, whose: bool) -> frozenset[str]:
        head = word.partition("-")[0].partition("'")[0].partition("\u2019")[0]
        if head.isupper() and len(head) > 1:
            return frozenset({head, word, word.casefold()})
        forms = self._morphology.forms(word)
        lemmas = {
            each.lemma.casefold()
            for each in forms
            if whose or each.kinds - PERSONAL or not each.kinds
        }
        guessed = stems(word.casefold()) if whose or not forms else ()
        return frozenset({word.casefold(), *lemmas, *guessed})


def _is_written_alike(word: str, name: str) -> bool:
    """Say whether capitals agree: "po" is no party, and "lech" no club."""
    return word[0].isupper() == name[0].isupper()


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    path = resources.files("nlp.entities") / "gazetteers" / "polish.toml"
    data: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of words that rules look at: heads, roles, nobody ..."""
    return frozenset(_table()["words"][name])


def local_names() -> str:
    """Return the Polish nominatives of entities that have another name elsewhere, as a table.

    Its lines are those of `models/local_names.tsv`, which `bench/entities/local_names.py` writes.
    """
    names = {_entity(kind, name): forms[0] for kind, name, forms in _entries()}
    keys = {entity.key for entity in names}
    names |= {
        entity: name
        for name, entity in local_countries(LANGUAGE).items()
        if entity.key not in keys and _is_nominative(name, entity)
    }
    return "".join(
        f"{LANGUAGE}\t{entity.key}\t{entity.name}\t{local}\n"
        for entity, local in sorted(names.items(), key=lambda pair: pair[0].key)
        if entity.name != local
    )


def _is_nominative(name: str, entity: EntityName) -> bool:
    import babel

    return babel.Locale(LANGUAGE).territories.get(entity.country) == name


def _entries() -> Iterator[tuple[str, str, list[str]]]:
    for table, kind in TABLES.items():
        for name, forms in _table()[table].items():
            yield kind, name, forms


def _entity(kind: str, name: str) -> EntityName:
    country = countries().find(name) if kind == "place" else None
    return country or EntityName(key_of(kind, name), name, kind)


def _all_known() -> Iterator[KnownName]:
    for kind, name, forms in _entries():
        for form in forms:
            yield KnownName(tuple(form.split()), _entity(kind, name))
    for name, entity in local_countries(LANGUAGE).items():
        if _is_nominative(name, entity):
            yield KnownName(tuple(name.split()), entity)
