"""Reads the pages that entries link to, for feeds subscribed with full text.

Only news is read, once, and only where its site's robots.txt allows; one page at a time of each
host, with a pause between two. What fails is noted, and the article stays with its summary.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.article import Entry, Rejection
from models.errors import UsageError
from store.store import Store

if TYPE_CHECKING:
    from ingest.fetching.fetch import Asker
    from ingest.parsed_source import ParsedSource
    from ingest.parsing.reader import Reader

PAGES_A_CHECK = 30
"""Pages of one feed that are read in one check, its newest."""
PAUSE = 1.0
"""Seconds between two pages of a host."""
LONGEST_PAUSE = 10.0
"""Seconds that a site's wish for a longer pause is followed to."""
HOSTS = 10_000
"""Hosts that are remembered, besides those whose turn is not over."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What came of the pages behind a feed: texts by article id, and why others have none."""

    texts: dict[str, str]
    notes: tuple[Rejection, ...]


@dataclass(slots=True)
class _Host:
    """A host's turn: who holds the lock may ask it, `after` a moment by `time.monotonic`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    after: float = 0.0


class PageReader:
    """Reads pages for many feeds at once; keep one for as long as feeds are checked."""

    def __init__(self, store: Store, pause: float = PAUSE) -> None:
        from ingest.fetching.robots import Robots

        self._store = store
        self._pause = pause
        self._robots = Robots()
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def read(
        self, part: ParsedSource, asker: Asker, reader: Reader, stopping: Callable[[], bool]
    ) -> Pages:
        """Read the pages of what is new in a feed; `stopping` ends it between two pages."""
        wanted = self._store.full_text.wanting(part.entries)
        wanted.sort(key=lambda entry: -(entry.published.timestamp() if entry.published else 0.0))
        texts: dict[str, str] = {}
        notes: list[Rejection] = []
        for n, entry in enumerate(wanted):
            if n >= PAGES_A_CHECK or stopping():
                left = f"{len(wanted) - n} articles stay with their summaries"
                why = (
                    "the watch is stopping" if n < PAGES_A_CHECK else f"{n} pages are read a check"
                )
                notes.append(Rejection(part.name, f"{left}: {why}"))
                break
            page = self._page(entry, asker, reader)
            if isinstance(page, str):
                texts[entry.id] = page
            else:
                notes.append(page)
        return Pages(texts, tuple(notes))

    def _page(self, entry: Entry, asker: Asker, reader: Reader) -> str | Rejection:
        from ingest.fetching.page import read_page

        host = self._host(urlsplit(entry.url).hostname or "")
        with host.lock:
            time.sleep(max(0.0, host.after - time.monotonic()))
            asked = 0.0
            try:
                found = read_page(entry.url, asker, self._robots, reader)
                asked = self._robots.delay(entry.url, asker)
            except Exception as error:  # whatever a page does, its article stays as its feed says
                return Rejection(entry.url, f"no full text ({type(error).__name__}: {error})")
            finally:
                host.after = time.monotonic() + min(LONGEST_PAUSE, max(self._pause, asked))
        return found.text or Rejection(entry.url, f"no full text: {found.why}")

    def _host(self, name: str) -> _Host:
        with self._lock:
            if len(self._hosts) >= HOSTS and name not in self._hosts:
                now = time.monotonic()
                self._hosts = {
                    known: host
                    for known, host in self._hosts.items()
                    if host.lock.locked() or host.after > now
                }
            return self._hosts.setdefault(name, _Host())


def page_reader(store: Store) -> PageReader | None:
    """Return what reads pages, None where the extra for that is not installed."""
    from ingest.formats.page_text import is_installed

    return PageReader(store) if is_installed() else None


def require_page_reader() -> None:
    """Raise UsageError where the extra that reads pages is not installed."""
    from ingest.formats.page_text import is_installed

    if not is_installed():
        raise UsageError("Full text needs trafilatura: pip install 'slugline[fulltext]'.")
