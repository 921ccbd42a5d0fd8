"""What the owners of a site let robots fetch: robots.txt, asked for once a day.

A feed itself is made for readers like us; what is asked here are the pages behind it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.fetching.robots_rules import Rules, read_rules
from models.errors import SourceError

if TYPE_CHECKING:
    from ingest.fetching.fetch import Asker

NAME = "Slugline"
"""The name that a robots.txt knows us by."""
MAX_SITES = 1_000
"""Sites whose rules are remembered."""
MAX_KEPT = 20_000_000
"""Bytes that the rules of all sites may come to; the ones asked for first are forgotten first."""
KEPT = 86_400.0
"""Seconds that the rules of a site are believed for."""
_EVERYTHING, _NOTHING = Rules(), Rules((("/", False),))


class Robots:
    """The rules of sites, each asked for once a day; threads may share it.

    `held` are the bytes that they come to, roughly.
    """

    def __init__(self) -> None:
        self._rules: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self.held = 0
        self._lock = threading.Lock()

    def allows(self, url: str, asker: Asker) -> bool:
        """Say whether a page may be fetched by us."""
        return self._rules_for(url, asker).allow(url)

    def delay(self, url: str, asker: Asker) -> float:
        """Return the seconds that the site asks for between two pages, 0 where it doesn't."""
        return self._rules_for(url, asker).delay

    def _rules_for(self, url: str, asker: Asker) -> Rules:
        """Return the rules of a page's site, kept for a while for the newest sites."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        now = time.monotonic()
        with self._lock:
            known = self._rules.get(site)
        if known and now - known[0] < KEPT:
            return known[1]
        rules = rules_of(f"{site}/robots.txt", asker)
        with self._lock:
            self._keep(site, now, rules)
        return rules

    def _keep(self, site: str, now: float, rules: Rules) -> None:
        if old := self._rules.pop(site, None):
            self.held -= old[1].size
        self._rules[site] = now, rules
        self.held += rules.size
        while len(self._rules) > MAX_SITES or (self.held > MAX_KEPT and len(self._rules) > 1):
            _, (_, forgotten) = self._rules.popitem(last=False)
            self.held -= forgotten.size


def rules_of(url: str, asker: Asker) -> Rules:
    """Return the rules at `url`: all is allowed where there are none, nothing where no one says."""
    try:
        answer = asker.fetch(url)
    except SourceError:
        return _NOTHING
    if answer.status == HTTPStatus.OK:
        return read_rules(answer.body, NAME)
    missing = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    return _EVERYTHING if missing and not busy else _NOTHING
