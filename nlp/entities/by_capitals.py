"""Names told by capitals and the words around, in languages without a reader of their own.

A known given name and what is written large behind it is a person; a university, court or club and
the name behind it is an organisation; a province or a city of a short name is a place behind a word
that places things ("in Ulm", "à Lyon"). `gazetteers/capitals.toml` has the words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from models.tags import EntityName
from nlp.entities.canonical import LABELS
from nlp.entities.data import read
from nlp.entities.gazetteer import organisations, places
from nlp.entities.keys import key_of
from nlp.entities.name_forms import people_by_form
from nlp.entities.word_lists import given_names, surnames
from nlp.ner.pipeline import Span

SHORTEST_PROVINCE = 4
_LARGE = r"[^\W\d_a-zß-öø-ÿа-яіїєґё][^\W\d_]*(?:[-'\u2019][^\W\d_]+)*"
_SHOUT_ENDS = re.compile(r"(?<=[^\W\d_a-zß-öø-ÿ]{2}) (?=[^\W\d_a-zß-öø-ÿ][a-zß-öø-ÿ])")
"""The blank behind words in capitals, where no name goes on: ANNA HOLM Avec."""
_OF = r"(?: (?:de la|del|de|du|di|della|der|des|für)| d['\u2019](?=\w))?"
_LONGEST_PLACING = 12
_LATIN = re.compile(r"[A-Za-zÀ-ž]")
_NOTES = re.compile(r"\s*[\[\](),/*]+\s*")


class Capitals(NamedTuple):
    """What tells names in one language; `organisation` and `person` are None where nothing does.

    `placing` finds a word before a place at the end of a text, `before_province` articles as well.
    """

    placing: re.Pattern[str]
    before_province: re.Pattern[str]
    provinces: Mapping[str, EntityName]
    organisation: re.Pattern[str] | None
    person: re.Pattern[str] | None


@cache
def capitals(language: str) -> Capitals | None:
    """Return what tells names in a language, None where nothing is known of it."""
    data: Mapping[str, list[str]] | None = tomllib.loads(read("capitals.toml")).get(language)
    if data is None:
        return None
    given = data.get("given")
    return Capitals(
        _ends_in(data["placing"]),
        _ends_in([*data["placing"], *data.get("articles", ())]),
        _provinces(data.get("countries", ()), frozenset(data.get("not_provinces", ()))),
        _organisation(data) if "bodies" in data else None,
        re.compile(rf"\b(?:{_any(given)}) {_LARGE}") if given else None,
    )


def names_by_capitals(text: str, language: str) -> Iterator[Span]:
    """Yield the people and organisations that their form tells."""
    rules = capitals(language)
    if rules is None:
        return
    if rules.person:
        for found in rules.person.finditer(text):
            yield Span(found.start(), found.end(), LABELS["person"], 0.0)
    else:
        for start, end in people_by_form(_SHOUT_ENDS.sub("\t", text)):
            if _is_person(text[start:end]):
                yield Span(start, end, LABELS["person"], 0.0)
    if rules.organisation:
        for found in rules.organisation.finditer(text):
            yield Span(found.start(), found.end(), LABELS["org"], 0.0)


def is_placed(text: str, start: int, language: str, *, is_province: bool = False) -> bool:
    """Say whether a word that places things stands before what begins at `start`."""
    rules = capitals(language)
    if rules is None:
        return False
    before = text[max(start - _LONGEST_PLACING, 0) : start].replace("\u2019", "'")
    return bool((rules.before_province if is_province else rules.placing).search(before))


def provinces(language: str) -> Mapping[str, EntityName]:
    """Return provinces of the countries that a language writes about, by how they are written."""
    rules = capitals(language)
    return rules.provinces if rules else {}


def _any(words: Sequence[str]) -> str:
    """Return an expression for any of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _ends_in(words: Sequence[str]) -> re.Pattern[str]:
    """Return what finds one of some words at an end, with a blank or an apostrophe behind it."""
    return re.compile(rf"(?:^|(?<=[\s(\"«„“']))(?:{_any(words)})(?:\s+|(?<='))$", re.IGNORECASE)


def _organisation(data: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    bodies, clubs, forms = (_any(data[each]) for each in ("bodies", "clubs", "forms"))
    return re.compile(
        rf"\b(?:{bodies}){_OF}(?: |(?<=['\u2019])){_LARGE}|\b(?:{clubs}) {_LARGE}"
        rf"|\b{_LARGE} (?:{forms})(?!\w)"
    )


def _is_person(name: str) -> bool:
    """Say whether a name is a given one and a surname: Santiago de Compostela is not."""
    first, _, rest = name.partition(" ")
    if not rest or first.lower() not in given_names():
        return False
    if places().find(name) or organisations().find(name):
        return False
    return not places().find(first) or rest.split()[-1].lower() in surnames()


def _provinces(countries: Sequence[str], words: frozenset[str]) -> dict[str, EntityName]:
    """Return the provinces of countries by their names, but for those that are `words`."""
    import pycountry

    found: dict[str, EntityName] = {}
    written = (
        name
        for province in pycountry.subdivisions
        if province.country_code in countries
        for name in _NOTES.split(province.name)
        if len(name) >= SHORTEST_PROVINCE and name not in words and _LATIN.match(name)
    )
    for name in written:
        known = places().find(name) or EntityName(key_of("place", name), name, "place")
        found.setdefault(name, known)
    return found
