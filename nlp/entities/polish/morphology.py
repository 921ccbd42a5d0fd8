"""What Polish words are: lemma, case, number, gender and kind, by the dictionary of Morfeusz 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.errors import ModelError

REMEMBERED = 100_000
"""Words whose forms are kept in memory; beyond that, memory starts afresh."""

GIVEN, SURNAME, PLACE = "imię", "nazwisko", "nazwa_geograficzna"
PART_OF_PLACE = "człon_nazwy_geograficznej"
ORGANISATION, COMPANY, COMMON = "nazwa_organizacji", "nazwa_firmy", "nazwa_pospolita"


NO_LEMMA: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word.

    `lemma` is its basic form, `part` the part of speech; `numbers`, `cases` and `genders` are all
    that the form can be at once; `kinds` say what the lemma names, none for most words.
    """

    lemma: str
    part: str
    numbers: frozenset[str]
    cases: frozenset[str]
    genders: frozenset[str]
    kinds: frozenset[str]

    @property
    def is_common(self) -> bool:
        """Say whether this reading is an ordinary word and no name."""
        return not self.kinds or COMMON in self.kinds


class Morphology:
    """The dictionary: looks words up, and forms adjectives. Loading takes a fifth of a second.

    Raises `ModelError`, with the command that installs it, where Morfeusz is missing.
    """

    def __init__(self) -> None:
        try:
            import morfeusz2
        except ImportError as error:
            raise ModelError(
                "Polish names need the dictionary of Morfeusz 2. "
                "Install it with: python -m pip install morfeusz2"
            ) from error
        self._analyser: Any = morfeusz2.Morfeusz(generate=True)
        self.stamp = f"morfeusz2-{self._analyser.dict_id()}"
        self._forms: dict[str, tuple[Form, ...]] = {}
        self._lemmas: dict[str, frozenset[str]] = {}

    def forms(self, word: str) -> tuple[Form, ...]:
        """Return the readings of one word, none where the dictionary does not have it."""
        known = self._forms.get(word)
        if known is None:
            if len(self._forms) > REMEMBERED:
                self._forms.clear()
            known = self._forms[word] = tuple(self._look_up(word))
        return known

    def lemmas(self, word: str) -> frozenset[str]:
        """Return the basic forms of a word in small letters."""
        known = self._lemmas.get(word)
        if known is None:
            if len(self._lemmas) > REMEMBERED:
                self._lemmas.clear()
            known = frozenset(form.lemma.lower() for form in self.forms(word)) if word else NO_LEMMA
            self._lemmas[word] = known
        return known

    def adjective(self, word: str) -> str:
        """Return the lemma of a word as an adjective, "" where it is none."""
        return next((form.lemma for form in self.forms(word) if form.part == "adj"), "")

    def is_adjective(self, word: str) -> bool:
        """Say whether a word may be an adjective."""
        return bool(self.adjective(word))

    def _look_up(self, word: str) -> list[Form]:
        """Return the forms that a word can be, none where it is unknown or two words."""
        found = []
        for start, end, (_, lemma, tag, kinds, _labels) in self._analyser.analyse(word):
            if (start, end) != (0, 1) or tag == "ign":
                return []  # unknown, or read as several words
            parts = tag.split(":")
            found.append(
                Form(
                    lemma.partition(":")[0].replace("_", " "),
                    parts[0],
                    _values(parts, 1),
                    _values(parts, 2),
                    _values(parts, 3),
                    frozenset(kinds),
                )
            )
        return found

    def nominative(self, lemma: str, gender: str, number: str) -> str:
        """Return the nominative of an adjective for a noun, the lemma where there is none."""
        for word, base, tag, _kinds, _labels in self._analyser.generate(lemma):
            parts = tag.split(":")
            if (
                parts[0] == "adj"
                and number in _values(parts, 1)
                and "nom" in _values(parts, 2)
                and gender in _values(parts, 3)
                and parts[-1] == "pos"
                and base.partition(":")[0] == lemma
            ):
                return str(word)
        return lemma


def _values(parts: list[str], at: int) -> frozenset[str]:
    return frozenset(parts[at].split(".")) if len(parts) > at else frozenset()
