"""Answers that were just made, given again to others who are not known either.

A page that many look at is made once for all of them, until anything is written to the store or the
index, for a minute at the most. Only pages that are made from these two alone are kept, and only
for readers without a cookie, a token, or a name that a proxy gives.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Response, g, request, session

MOST_BYTES = 16_000_000
"""What the pages that a process keeps may take."""
KEPT = frozenset(
    {
        *("front.front", "search.results", "article.article", "api.search.search"),
        *("topics.topics", "topics.topic", "stories.stories", "stories.story"),
        *("entities.entities", "entities.of_kind", "entities.entity"),
        *("sources.sources", "sources.source", "clusters.clusters", "clusters.cluster"),
        *("trends.trends", "briefing.of_day", "graph.graph"),
    }
)
"""The endpoints of pages that are made from the store and the index alone."""

_OWN = frozenset({"Date", "ETag"})
"""Headers that each answer gets anew."""


@dataclass(frozen=True, slots=True)
class _Page:
    """An answer: its content, its headers, and what names its content."""

    content: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str


class KeptPages:
    """The pages of one process, by what they were made from; safe for threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    def find(self, made_from: str, proxy_user: str) -> Response | None:
        """Return the answer to the current request that was kept; None where it is to be made."""
        if request.method != "GET" or request.endpoint not in KEPT or not _is_anybody(proxy_user):
            return None
        with self._lock:
            page = self._pages.get(made_from)
            if page is None:
                g.keep = self
                return None
            self._pages.move_to_end(made_from)
        answer = Response(page.content, headers=list(page.headers))
        answer.set_etag(page.etag)
        return answer

    def keep(self, made_from: str, answer: Response) -> None:
        """Keep an answer, unless it begins a session."""
        if session.modified or "Set-Cookie" in answer.headers:
            return
        content = answer.get_data()
        headers = tuple((name, value) for name, value in answer.headers if name not in _OWN)
        page = _Page(content, headers, str(answer.get_etag()[0]))
        with self._lock:
            if made_from in self._pages or len(content) > self._most_bytes:
                return
            self._pages[made_from] = page
            self._bytes += len(content)
            while self._bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.content)


def _is_anybody(proxy_user: str) -> bool:
    """Say whether nothing tells who asks."""
    identifying = ("Cookie", "Authorization", *([proxy_user] if proxy_user else []))
    return not any(name in request.headers for name in identifying)
