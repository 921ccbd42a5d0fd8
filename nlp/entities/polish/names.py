"""The names in a Polish text: each with its span, its type and its nominative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.tags import EntityName
from nlp.entities.polish.institutions import Institutions
from nlp.entities.polish.lexicon import Lexicon, words
from nlp.entities.polish.morphology import SURNAME, Morphology
from nlp.entities.polish.name import NOTHING, Found, Name
from nlp.entities.polish.people import People, is_foreign_common
from nlp.entities.polish.places import Places
from nlp.entities.polish.tokens import Token, TokenPosition, here, tokens
from nlp.entities.word_lists import products

SHOUTING = 0.5
"""The share of words in capitals from which on capitals say nothing."""
SHORTEST = 3


class NameReader:
    """Reads Polish texts for names, by dictionary and rules."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self._lexicon = Lexicon(morphology)
        self._people = People(morphology)
        self._places = Places(morphology, self._lexicon)
        institutions = Institutions(morphology, self._people)
        self._rules = (
            institutions.institution,
            institutions.acronym,
            self._places.place,
            institutions.company,
            self._foreign,
        )

    def read(self, text: str) -> list[Name]:
        """Return the names of a text in its order; none overlaps another."""
        row = tokens(text)
        capitals = [at for at, token in enumerate(row) if token.is_capital]
        shouted = sum(len(row[at].text) > 1 and row[at].text.isupper() for at in capitals)
        if shouted > SHOUTING * len(row):
            return []
        found: list[Name] = []
        behind = 0
        for at in capitals:
            if at >= behind:
                name, taken = self._name(here(row, at))
                if name:
                    found.append(name)
                behind = at + taken
        return found

    def _name(self, spot: TokenPosition) -> Found:
        known = self._lexicon.match([token.text for token in spot.ahead])
        person, nominative = (
            (0, "") if self._places.is_placed(spot) else self._people.match(spot.ahead)
        )
        if person > (len(known.words) if known else 1):
            return self._full_name(spot.ahead[:person], nominative), person
        if known:
            return self._known(spot, known.entity, len(known.words))
        for rule in self._rules:
            name, taken = rule(spot)
            if name:
                return name, taken
        return self._surname(spot), 1

    def _full_name(self, said: Sequence[Token], nominative: str) -> Name:
        known = self._lexicon.match(nominative.split())
        entity = None
        if known and known.entity.type == "person" and len(known.words) == len(said):
            entity = known.entity
        return Name(said[0].start, said[-1].end, "person", nominative, entity)

    def _known(self, spot: TokenPosition, entity: EntityName, count: int) -> Found:
        first, last = spot.ahead[0], spot.ahead[count - 1]
        if count == 1 and not self._is_name(first, entity):
            return NOTHING
        if count == 1 and entity.type == "person":
            options = self._people.surname(first.text)
            return Name(first.start, first.end, "", entity.name, entity, options), 1
        return Name(first.start, last.end, entity.type, entity.name, entity), count

    def _is_name(self, token: Token, entity: EntityName) -> bool:
        """Say whether a word is a known name, and not one that only opens a sentence."""
        if token.text in words("nobody"):
            return False
        if not token.opens or token.text.isupper():
            return True
        if entity.country:
            return not self._morphology.is_adjective(token.text)  # Polski producent
        forms = self._morphology.forms(token.text)
        is_common = any(form.is_common and form.lemma.islower() for form in forms)
        return entity.type != "org" or not is_common

    def _foreign(self, spot: TokenPosition) -> Found:
        """Read two unknown words with capitals as somebody of another country."""
        said = spot.ahead[:2]
        if len(said) < 2 or not all(self._is_foreign(token.text) for token in said):
            return NOTHING
        more = len(spot.ahead) > 2 and self._is_foreign(spot.ahead[2].text)
        if more or " ".join(token.text for token in said).lower() in products():
            return NOTHING
        nominative = " ".join(self._people.unknown(token.text) for token in said)
        return self._full_name(said, nominative), 2

    def _is_foreign(self, word: str) -> bool:
        return (
            len(word) >= SHORTEST
            and word.isalpha()
            and word[0].isupper()
            and word[1:].islower()
            and not is_foreign_common(word)
            and not self._morphology.forms(word)
        )

    def _surname(self, spot: TokenPosition) -> Name | None:
        token = spot.token
        if not self._people.is_surname(token.text) or token.text in words("nobody"):
            return None
        forms = self._morphology.forms(token.text)
        surnames = [form for form in forms if SURNAME in form.kinds]
        options = self._people.surname(token.text)
        called = {spot.before.lower(), *self._morphology.lemmas(spot.before)} & words("roles")
        if called and (surnames or not forms) and len(token.text) >= SHORTEST:
            nominative = surnames[0].lemma if surnames else self._people.unknown(token.text)
            return Name(token.start, token.end, "person", nominative, None, options)
        return Name(token.start, token.end, "", "", None, options)


def full_names(found: Sequence[Name]) -> Iterator[Name]:
    """Yield the people named with more than one word."""
    return (name for name in found if name.kind == "person" and " " in name.nominative)
