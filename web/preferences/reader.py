"""What a reader prefers: how lists look, which language and which time zone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo, available_timezones

from flask import g, request

COOKIE = "slugline-reading"
SECONDS = 365 * 24 * 3600
LISTS = ("wide", "compact")
SIZES = (20, 50, 100)
LANGUAGES = {"en": "English", "pl": "Polski"}
"""The languages of the pages' own texts, each by its own name."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A reader's choices; "" and 0 leave it to the browser and to the settings.

    `list` is how hits look, `size` how many a page shows, `lang` the language of the pages' own
    texts, `zone` the time zone (IANA) that times are also shown in.
    """

    list: str = ""
    size: int = 0
    lang: str = ""
    zone: str = ""

    @property
    def compact(self) -> bool:
        """Whether hits are one line each."""
        return self.list == "compact"

    def changed(self, given: dict[str, str]) -> Preferences:
        """Return the choices with others in their place; what is not one is ignored."""
        values = asdict(self)
        for name, text in given.items():
            if name in values and _allowed(name, text):
                values[name] = int(text or 0) if name == "size" else text
        return Preferences(**values)

    def cookie(self) -> str:
        """Return the choices as the text of a cookie."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


def read_preferences(cookie: str) -> Preferences:
    """Return what a cookie says; what it may not say is left out, whoever wrote it."""
    given = {name: values[0] for name, values in parse_qs(cookie[:300]).items()}
    return Preferences().changed(given)


def preferences() -> Preferences:
    """Return the choices of whoever is asking."""
    found: Preferences | None = g.get("preferences")
    if found is None:
        found = g.preferences = read_preferences(request.cookies.get(COOKIE, ""))
    return found


def _allowed(name: str, text: str) -> bool:
    if name not in {field.name for field in fields(Preferences)}:
        return False
    if name == "list":
        return text in ("", *LISTS)
    if name == "size":
        return text in ("", "0", *map(str, SIZES))
    return text in ("", *LANGUAGES) if name == "lang" else not text or text in zones()


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the names of the time zones that can be chosen."""
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}


@lru_cache(maxsize=32)
def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, None for UTC and where none is chosen."""
    return ZoneInfo(name) if name and name != "UTC" else None
