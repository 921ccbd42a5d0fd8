"""People in Polish: a given name and a surname that agree in case and gender, in the nominative."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from nlp.entities.keys import folded
from nlp.entities.particles import PARTICLES
from nlp.entities.polish.endings import stems
from nlp.entities.polish.lexicon import words
from nlp.entities.polish.morphology import GIVEN, PLACE, SURNAME, Form, Morphology
from nlp.entities.polish.tokens import Token
from nlp.entities.word_lists import given_names, small_words

MOST_WORDS = 5
CASES = ("nom", "gen", "acc", "inst", "dat", "loc", "voc")
"""The cases in the order in which they are believed where several fit."""

Agreement = tuple[str, str]
"""A case and a gender."""


class People:
    """Finds people's names in a row of words and tells their nominative."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology

    def match(self, row: Sequence[Token]) -> tuple[int, str]:
        """Return how many of the words are a person's full name, and its nominative; 0 if none."""
        if not (self.is_given(row[0].text) or self._is_foreign(row)) or row[0].text.endswith(
            ("'s", "\u2019s")
        ):
            return 0, ""
        count = self._length(row)
        return (count, self.nominative([token.text for token in row[:count]])) if count else (0, "")

    def is_given(self, word: str) -> bool:
        """Say whether a word may be a given name, in any case."""
        forms = self._morphology.forms(word)
        if forms:
            return any(GIVEN in form.kinds and "sg" in form.numbers for form in forms)
        if len(word) == 2 and word[1] == "." and word[0].isupper():
            return True
        return any(folded(each) in given_names() for each in (word, *stems(word)))

    def _is_foreign(self, row: Sequence[Token]) -> bool:
        """Say whether a given name that is a Polish word too stands before a foreign surname."""
        if len(row) < 2 or not row[0].text.isalpha() or folded(row[0].text) not in given_names():
            return False
        word = row[1].text
        return word[0].isupper() and word[1:].islower() and not self._morphology.forms(word)

    def is_surname(self, word: str) -> bool:
        """Say whether a word may be a surname: known as one, or not known at all."""
        return all(self._is_surname(part) for part in word.split("-") if part)

    def _is_surname(self, word: str) -> bool:
        if word.isupper() and len(word) > 1:
            return False
        forms = self._morphology.forms(word)
        if not forms:
            return not any(letter.isdigit() for letter in word)
        return any(form.kinds & {SURNAME, GIVEN} for form in forms)

    def _length(self, row: Sequence[Token]) -> int:
        """Return of how many tokens a person's name consists, 0 where no surname follows."""
        last = at = 0
        while at + 1 < min(len(row), MOST_WORDS) and row[at + 1].joined:
            word = row[at + 1].text
            if word.lower() in PARTICLES and at + 2 < len(row):
                at += 1
                continue
            if not word[0].isupper() or not self.is_surname(word) or word in words("nobody"):
                break
            if last and any(PLACE in form.kinds for form in self._morphology.forms(word)):
                break
            at += 1
            last = at
            if last > 1 and not self.is_given(row[last - 1].text):
                break
        return last + 1 if last else 0

    def nominative(self, name: Sequence[str]) -> str:
        """Return a full name in the nominative, as far as it can be told."""
        shared: set[Agreement] | None = None
        for at, word in enumerate(name):
            found = self._agreements(word, GIVEN if at == 0 else SURNAME)
            if found and (shared is None or shared & found):
                shared = found if shared is None else shared & found
        options = shared or set()
        case, gender = min(
            options, key=lambda each: (CASES.index(each[0]), each[1] != "m1"), default=("", "")
        )
        return " ".join(
            self._basic(word, GIVEN if at == 0 else SURNAME, case, gender)
            for at, word in enumerate(name)
        )

    def surname(self, word: str) -> frozenset[str]:
        """Return all that a surname alone may be in the nominative."""
        if "-" in word:
            parts = [self.surname(part) or {part} for part in word.split("-", 1)]
            return frozenset(f"{a}-{b}" for a in parts[0] for b in parts[1])
        forms = self._morphology.forms(word)
        found = {form.lemma for form in forms if SURNAME in form.kinds}
        return frozenset(
            {word, *(found or (with_capitals_of(each, word) for each in stems(word.lower())))}
        )

    def _agreements(self, word: str, kind: str) -> set[Agreement]:
        parts = word.split("-")
        forms = [form for form in self._morphology.forms(parts[-1]) if form.kinds & {kind, GIVEN}]
        return {
            (case, gender)
            for form in forms
            if "sg" in form.numbers
            for case in form.cases & set(CASES)
            for gender in form.genders & {"m1", "f"}
        }

    def _basic(self, word: str, kind: str, case: str, gender: str) -> str:
        if "-" in word:
            return "-".join(self._basic(part, kind, case, gender) for part in word.split("-"))
        if not word[:1].isupper() or word.endswith("."):
            return word
        forms = [form for form in self._morphology.forms(word) if form.kinds & {kind, GIVEN}]
        fitting = [form for form in forms if _fits(form, case, gender)]
        if fitting:
            return min(fitting, key=lambda form: (kind not in form.kinds, form.lemma != word)).lemma
        return self.unknown(word, case, gender)

    def unknown(self, word: str, case: str = "", gender: str = "") -> str:
        """Return the nominative of a word that the dictionary does not have."""
        options = [with_capitals_of(each, word) for each in stems(word.lower(), gender)]
        for option in options:
            if option in basic_forms() and (word not in basic_forms() or case not in ("", "nom")):
                return option
        if word in basic_forms() or case in ("", "nom") or not options:
            return word
        if gender == "f":
            return options[0] if word.endswith(("skiej", "ckiej", "ską", "cką")) else word
        return options[0]


def _believed(agreement: Agreement) -> tuple[int, bool]:
    case, gender = agreement
    return CASES.index(case), gender != "m1"


def _fits(form: Form, case: str, gender: str) -> bool:
    agrees = (not case or case in form.cases) and (not gender or gender in form.genders)
    return agrees and "sg" in form.numbers


def with_capitals_of(lower: str, word: str) -> str:
    """Return a word of small letters with the capitals that another form of it has."""
    same = 0
    while same < min(len(lower), len(word)) and lower[same] == word[same].lower():
        same += 1
    return word[:same] + lower[same:]


@cache
def basic_forms() -> frozenset[str]:
    """Return names that the dictionary does not have, in the nominative: counted in an archive."""
    path = resources.files("nlp.entities") / "gazetteers" / "polish_forms.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_foreign_common(word: str) -> bool:
    """Say whether a word is an ordinary English one: in a Polish text it opens a product's name."""
    return word.lower() in small_words()
