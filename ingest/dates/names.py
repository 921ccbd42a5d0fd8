"""What months, weekdays and time zones are called: CLDR's names, and the zones that feeds write."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "pl", "fi", "sv", "da", "nb", "cs", "tr", "ro"),
    *("hu", "sk", "hr", "sl", "et", "lv", "lt", "ca", "id", "uk", "ru", "be", "bg", "sr", "el"),
    *("ar", "fa", "he", "hi"),
)
"""Languages whose names are known; where two mean different months by a word, the first is right
(`listopad` is November in Polish and October in Croatian), unless the feed says its language."""

_MORE = {"mrz": 3, "sept": 9, "déc": 12, "fev": 2, "abr": 4, "ago": 8, "set": 9, "dez": 12}
"""Short forms that feeds write and CLDR does not list, or lists otherwise."""

_SHORTEST = 3
"""Letters of the beginning of a name that stand for it (`Lok` for lokakuuta)."""

_ZONES = {
    # RFC 822 and RFC 5322
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    # the rest of the Americas
    "akst": -540,
    "akdt": -480,
    "hst": -600,
    "ast": -240,
    "adt": -180,
    "nst": -210,
    "ndt": -150,
    "brt": -180,
    "brst": -120,
    "art": -180,
    "clt": -240,
    "clst": -180,
    "cot": -300,
    "pet": -300,
    # Europe and Africa
    "wet": 0,
    "west": 60,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "trt": 180,
    "wat": 60,
    "cat": 120,
    "eat": 180,
    "sast": 120,
    "met": 60,
    "mest": 120,
    # Asia and the Pacific; IST is India's, which writes most of the feeds that say so
    "gst": 240,
    "pkt": 300,
    "ist": 330,
    "npt": 345,
    "ict": 420,
    "wib": 420,
    "sgt": 480,
    "hkt": 480,
    "myt": 480,
    "pht": 480,
    "awst": 480,
    "wita": 480,
    "jst": 540,
    "kst": 540,
    "wit": 540,
    "acst": 570,
    "acdt": 630,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}
"""Minutes east of UTC, by the IANA time zone database and RFC 5322."""


def offset_of_zone(word: str) -> int | None:
    """Return the minutes east of UTC of a zone's abbreviation, None where it isn't one."""
    return _ZONES.get(word.lower())


@lru_cache(maxsize=4096)
def month_of(word: str, language: str = "") -> int | None:
    """Return the month (1 to 12) that a word names, None where it names none.

    The beginning of a name will do, from three letters on.
    """
    folded = _plain(word)
    if len(folded) < _SHORTEST:
        return None
    first = language.lower().replace("_", "-").partition("-")[0]
    for code in dict.fromkeys((first, *LANGUAGES)):
        if code in LANGUAGES and (month := _month_in(folded, code)):
            return month
    return _MORE.get(folded)


@lru_cache(maxsize=1)
def weekdays() -> frozenset[str]:
    """Return the names of weekdays and their short forms, folded."""
    found = set()
    for code in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for name in _locale(code).days["format"][width].values():
                found.add(_plain(str(name)))
    return frozenset(found)


def _month_in(folded: str, code: str) -> int | None:
    names = _months(code)
    if folded in names:
        return names[folded]
    longer = {month for name, month in names.items() if name.startswith(folded)}
    return longer.pop() if len(longer) == 1 else None


@lru_cache(maxsize=len(LANGUAGES))
def _months(code: str) -> dict[str, int]:
    found: dict[str, int] = {}
    months = _locale(code).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in months[context][width].items():
                found.setdefault(_plain(str(name)), int(number))
    return found


@lru_cache(maxsize=len(LANGUAGES))
def _locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code)


def _plain(name: str) -> str:
    """Return a name in small letters without accents and full stops."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())
