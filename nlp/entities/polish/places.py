"""Places in Polish, in the nominative: by dictionary, and by the word before."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.entities.gazetteer import places
from nlp.entities.polish.lexicon import Lexicon
from nlp.entities.polish.morphology import GIVEN, PART_OF_PLACE, PLACE, SURNAME, Form, Morphology
from nlp.entities.polish.name import NOTHING, Found, Name
from nlp.entities.polish.tokens import Token, TokenPosition

PLACING = {
    "w": "loc", "we": "loc", "z": "gen", "ze": "gen", "do": "gen", "od": "gen", "koło": "gen",
    "spod": "gen", "pod": "inst", "nad": "inst", "okolice": "gen", "gmina": "nom",
    "gminie": "nom", "miejscowości": "nom", "wsi": "nom", "mieście": "nom", "miasto": "nom",
}  # fmt: skip
"""Words before a place, and the case that they ask for."""

WHOLE = frozenset({PLACE})
PARTS = frozenset({PLACE, PART_OF_PLACE})
"""Kinds of a place's name by itself, and behind its adjective: Nowy Sącz."""

STREETS = frozenset({"ul", "al", "ulica", "ulicy", "ulicą", "ulicę", "im", "alei", "aleja"})
"""Words before a name that is not itself the place."""


class Places:
    """Finds places of one word, or of a word and its adjective."""

    def __init__(self, morphology: Morphology, lexicon: Lexicon) -> None:
        self._morphology = morphology
        self._lexicon = lexicon

    def is_placed(self, here: TokenPosition) -> bool:
        """Say whether a word may be a place and stands behind a word that asks for one."""
        return here.before.lower() in PLACING and bool(self._forms(here.token.text))

    def place(self, here: TokenPosition) -> Found:
        """Read a place: Tczewie, Nowym Sączu, Gorzowie Wielkopolskim."""
        token, ahead = here.token, here.ahead
        case = PLACING.get(here.before.lower(), "")
        two = len(ahead) > 1 and ahead[1].is_capital
        if two and self._morphology.is_adjective(token.text) and (case or not token.opens):
            forms = self._forms(ahead[1].text, PARTS)
            if forms and not self._lexicon.match([ahead[1].text]):
                return self._name(ahead[:2], forms, 1, case), 2
        forms = self._forms(token.text)
        if not forms or here.before.lower() in STREETS or not self._is_meant(here, forms, case):
            return NOTHING
        count = 2 if two and self._morphology.is_adjective(ahead[1].text) else 1
        return self._name(ahead[:count], forms, 0, case), count

    def _is_meant(self, here: TokenPosition, forms: Sequence[Form], case: str) -> bool:
        every = self._morphology.forms(here.token.text)
        if any(form.lemma[0].isupper() and form.is_common for form in every):
            return False  # people who live there: Polaków
        if here.token.opens and any(form.is_common for form in every):
            return False
        somebody = any(form.kinds & {SURNAME, GIVEN} for form in every)
        return not somebody or bool(case) or any(places().find(form.lemma) for form in forms)

    def _forms(self, word: str, kinds: frozenset[str] = WHOLE) -> list[Form]:
        return [form for form in self._morphology.forms(word) if form.kinds & kinds]

    def _name(self, said: Sequence[Token], forms: Sequence[Form], noun: int, case: str) -> Name:
        """Return a place in the nominative: the likeliest lemma, with adjectives that agree."""

        # The case that is asked for, then what is known, then the singular: Pisa, not Pisy.
        def unlikely(form: Form) -> tuple[bool, bool, bool, bool, int]:
            return (
                bool(case) and case not in form.cases,
                not places().find(form.lemma),
                not ("nom" in form.cases and form.lemma == said[noun].text),
                "sg" not in form.numbers,
                len(form.lemma),
            )

        form = min(forms, key=unlikely)
        gender = min(form.genders & {"f", "n", "m1", "m2", "m3"}, default="m3")
        number = "sg" if "sg" in form.numbers else "pl"
        written = [
            form.lemma
            if at == noun
            else self._morphology.nominative(
                self._morphology.adjective(token.text), gender, number
            ).capitalize()
            for at, token in enumerate(said)
        ]
        name = " ".join(written)
        return Name(said[0].start, said[-1].end, "place", name, places().find(name))
