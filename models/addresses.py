"""Decides which links may be shown to readers: links from outside may be harmful."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?:[/?#][!-~]*)?", re.IGNORECASE)
"""Nearly every address; the others take longer to judge."""


def outside_link(url: str) -> str:
    """Return an address that a reader may be sent to, "" where it is anything but a web page.

    Articles come from strangers: `javascript:` and the like must never become a link.
    """
    if len(url) > LONGEST_ADDRESS:
        return ""
    if _PLAIN.fullmatch(url):
        return url
    if any(c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and host else ""


@dataclass(frozen=True, slots=True)
class PastedAddress:
    """A web address that was typed as a search: the id that its article has, and its host.

    It is `certain` where it has a scheme; without one it may also be words with a slash. `part_id`
    is the id that the article has if it is one of several on that page, "" where no part is named.
    """

    article_id: str
    host: str
    certain: bool
    part_id: str = ""
