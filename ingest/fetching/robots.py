"""What the owners of a site let robots fetch: robots.txt, as RFC 9309 reads it.

Wildcards and the longest match count, which the standard library's parser knows nothing of; hence
Protego. A feed itself is made for readers like us; what is asked here are the pages behind it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.errors import SourceError

if TYPE_CHECKING:
    from protego import Protego

    from ingest.fetching.fetch import Asker

NAME = "Slugline"
"""The name that a robots.txt knows us by."""
MAX_RULES = 512_000
"""Bytes of a robots.txt that are read; the RFC asks for 500 KiB at the least."""
MAX_SITES = 1_000
"""Sites whose rules are remembered."""
KEPT = 86_400.0
"""Seconds that the rules of a site are believed for."""
_EVERYTHING, _NOTHING = "", "User-agent: *\nDisallow: /"


class Robots:
    """The rules of sites, each asked for once a day; threads may share it."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, tuple[float, Protego]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, url: str, asker: Asker) -> bool:
        """Say whether a page may be fetched by us."""
        return bool(self._rules_for(url, asker).can_fetch(url, NAME))

    def delay(self, url: str, asker: Asker) -> float:
        """Return the seconds that the site asks for between two pages, 0 where it doesn't."""
        return float(self._rules_for(url, asker).crawl_delay(NAME) or 0.0)

    def _rules_for(self, url: str, asker: Asker) -> Protego:
        """Return the rules of a page's site, kept for a while for the newest sites."""
        from protego import Protego

        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        now = time.monotonic()
        with self._lock:
            known = self._rules.get(site)
        if known and now - known[0] < KEPT:
            return known[1]
        rules = Protego.parse(rules_of(f"{site}/robots.txt", asker))
        with self._lock:
            self._rules[site] = now, rules
            self._rules.move_to_end(site)
            while len(self._rules) > MAX_SITES:
                self._rules.popitem(last=False)
        return rules


def rules_of(url: str, asker: Asker) -> str:
    """Return the rules at `url`: all is allowed where there are none, nothing where no one says."""
    try:
        answer = asker.fetch(url)
    except SourceError:
        return _NOTHING
    if answer.status == HTTPStatus.OK:
        return answer.body[:MAX_RULES].decode("utf-8", "replace")
    missing = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    return _EVERYTHING if missing and not busy else _NOTHING
