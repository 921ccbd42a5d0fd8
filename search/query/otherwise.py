"""What words may have been typed for that are a field's value: a date, or the host of a source."""

from __future__ import annotations

import re
from collections.abc import Callable

from search.query.notices import Notice

_DATE = re.compile(
    r"\d{4}-\d{2}(?:-\d{2})?|today|yesterday|(?:this|last) (?:week|month|year)"
    r"|(?:last|past) \d{1,3} (?:hour|day|week|month)s?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}", re.IGNORECASE)


def otherwise(text: str, is_source: Callable[[str], bool]) -> Notice | None:
    """Return the search for a date or a source that words may have been meant as.

    It is offered beside what the words find; None for other words. `is_source` says whether there
    are articles of a host.
    """
    text = " ".join(text.split())
    shown = f"\u201c{text}\u201d is searched for as words."
    if _DATE.fullmatch(text):
        date = f'"{text}"' if " " in text else text
        return Notice(shown, f"published:{date}")
    if _HOST.fullmatch(text):
        host = text.lower().removeprefix("www.")
        return Notice(shown, f"source:{host}") if is_source(host) else None
    return None
