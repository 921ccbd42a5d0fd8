"""Compares headlines of a series: what distinguishes one part, day or name from the next.

"Your week in the stars, part one" is not "..., part two", whatever blurb stands under both.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_FILLED = 3  # words at most in one place of a headline that a series fills anew
_SENTENCE_CASE = 0.5  # of a headline's words with a capital; in more, capitals tell no names

_PARTS = (
    "part teil partie parte część deel del chapter kapitel chapitre capitolo capítulo rozdział "
    "episode folge épisode episodio odcinek aflevering avsnitt day tag jour día giorno dzień dag "
    "week woche semaine semana settimana tydzień vecka round runde volume vol band tom season "
    "staffel saison temporada stagione sezon issue no nr stage etappe étape etapa tappa etap "
    "lesson lektion question frage level"
)
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve first second third fourth "
    "fifth sixth seventh eighth ninth tenth last final "
    "eins zwei drei vier fünf sechs sieben acht neun zehn erster erste zweiter zweite dritter "
    "dritte vierter vierte fünfter fünfte letzter letzte "
    "un deux trois quatre cinq premier première deuxième troisième dernier dernière "
    "uno dos tres cuatro cinco primera primero segunda segundo tercera tercero última último "
    "due tre quattro cinque prima primo seconda secondo terza terzo ultima ultimo "
    "um dois três quatro primeira primeiro terceira terceiro "
    "jeden dwa trzy cztery pięć pierwsza pierwszy druga drugi trzecia trzeci ostatnia ostatni "
    "een twee drie vier vijf eerste tweede derde laatste ett två tre fyra fem första andra tredje"
)
_DAYS = tuple(
    re.compile(rf"\b(?:{names})\b")
    for names in (
        r"mondays?|montags?|lundi|lunes|lunedì|segunda-feira|maandag|måndag|poniedział\w+",
        r"tuesdays?|dienstags?|mardi|martes|martedì|terça-feira|dinsdag|tisdag|wtor\w{2,3}",
        r"wednesdays?|mittwochs?|mercredi|miércoles|mercoledì|quarta-feira|woensdag|onsdag|śro[dę]\w*",
        r"thursdays?|donnerstags?|jeudi|jueves|giovedì|quinta-feira|donderdag|torsdag|czwart(?:ek|ku)",
        r"fridays?|freitags?|vendredi|viernes|venerdì|sexta-feira|vrijdag|fredag|piąt(?:ek|ku)",
        r"saturdays?|samstags?|sonnabends?|samedi|sábado|sabato|zaterdag|lördag|sobot[aęy]",
        r"sundays?|sonntags?|dimanche|domingo|domenica|zondag|söndag|niedziel\w",
    )
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_NUMBER = rf"\d{{1,4}}|[ivx]{{1,5}}|{'|'.join(_NUMBERS.split())}"
_NAMED_PART = re.compile(
    rf"\b(?:{'|'.join(_PARTS.split())})\b[\s.:#-]{{0,3}}({_NUMBER})\b"
    rf"|\b({_NUMBER})[\s.:-]{{1,2}}(?:{'|'.join(_PARTS.split())})\b"
)
_WORD = re.compile(r"\w+")
_AT_A_START = re.compile(r"(?:^|[.?!\"“„«]\s*)\w")


def other_parts(one: str, other: str) -> bool:
    """Say whether two headlines name parts or days of a series, and not the same."""
    left, right = one.casefold(), other.casefold()
    return _differ(_parts(left), _parts(right)) or _differ(_days(left), _days(right))


def of_one_form(one: str, other: str) -> bool:
    """Say whether two headlines are the same but for a few words in the same places."""
    return bool(_fillings(_WORD.findall(one.casefold()), _WORD.findall(other.casefold())))


def other_names(one: str, other: str) -> bool:
    """Say whether two headlines of one form name others, in each place where they differ.

    Names are told by their capitals, so only headlines that are written as sentences are looked at.
    """
    left, right = (_WORD.findall(_AT_A_START.sub(_lower, text)) for text in (one, other))
    if not (_is_sentence(left) and _is_sentence(right)):
        return False
    lower = [[word.casefold() for word in words] for words in (left, right)]
    places = _fillings(*lower)
    return bool(places) and all(
        any(map(_is_name, left[a:b])) and any(map(_is_name, right[c:d])) for a, b, c, d in places
    )


def _parts(headline: str) -> set[str]:
    return {_number(before or behind) for before, behind in _NAMED_PART.findall(headline)}


def _days(headline: str) -> set[str]:
    return {str(day) for day, names in enumerate(_DAYS) if names.search(headline)}


def _number(word: str) -> str:
    """Return a Roman number in digits, others as they are."""
    if not set(word) <= _ROMAN.keys():
        return word
    values = [_ROMAN[letter] for letter in word]
    signed = (-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return str(sum(signed))


def _differ(some: set[str], others: set[str]) -> bool:
    return bool(some and others and some != others)


def _fillings(left: list[str], right: list[str]) -> list[tuple[int, int, int, int]]:
    """Return where two headlines of one form are filled otherwise; none where they are of two."""
    matched = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    changes = [change for change in matched if change[0] != "equal"]
    if len(changes) == len(matched):
        return []
    places = [change[1:] for change in changes]
    fit = all(
        kind == "replace" and b - a <= _FILLED and d - c <= _FILLED for kind, a, b, c, d in changes
    )
    return places if fit else []


def _is_sentence(words: list[str]) -> bool:
    capitals = sum(word[0].isupper() for word in words[1:])
    return len(words) > 2 and capitals <= _SENTENCE_CASE * (len(words) - 1)


def _lower(found: re.Match[str]) -> str:
    """Lower the capital that begins a sentence, since it tells no name."""
    return found[0].lower()


def _is_name(word: str) -> bool:
    return word[0].isupper()
