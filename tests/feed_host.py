"""A host of feeds on this machine, for tests: each path answers as its feed says."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


def rss(
    title: str,
    *,
    articles: int = 3,
    first: int = 1,
    every: timedelta = timedelta(hours=6),
    site: str = "https://harbourpost.example",
    links: bool = True,
) -> bytes:
    """Return a feed with invented articles, the newest an `every` ago."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>{escape(title)}: ministers meet in Oslo, day {n}</title>"
        + (f"<link>{site}/{n}</link>" if links else "")
        + f"<guid isPermaLink='false'>{site}#{n}</guid>"
        + f"<description>Ministers met for talks in Oslo on day {n}.</description>"
        + f"<pubDate>{format_datetime(now - every * (articles - n + first))}</pubDate></item>"
        for n in range(first, first + articles)
    )
    return (
        f"<rss version='2.0'><channel><title>{escape(title)}</title>"
        f"<link>{site}</link>{items}</channel></rss>"
    ).encode()


@dataclass(slots=True)
class Page:
    """What a path answers: a body with an ETag, or a bare status; `delay` in seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    etag: str = ""
    login: str = ""


class FeedHost:
    """Pages by path, and what was asked for; `busiest` is how many requests ran at one time."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.statuses: Counter[int] = Counter()
        self.busiest: Counter[str] = Counter()
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path; all of 127.0.0.0/8 leads here."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in their order."""
        return [path for path, _ in self.asked]

    @contextmanager
    def _counted(self, host: str) -> Iterator[None]:
        with self._lock:
            self._busy[host] += 1
            self._busy["all"] += 1
            for name in (host, "all"):
                self.busiest[name] = max(self.busiest[name], self._busy[name])
        try:
            yield
        finally:
            with self._lock:
                self._busy[host] -= 1
                self._busy["all"] -= 1

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append((handler.path, headers))
        with self._counted(headers.get("host", "").partition(":")[0]):
            page = self.pages.get(handler.path, Page(status=404))
            time.sleep(page.delay)
            status, body = page.status, page.body
            if page.login and headers.get("authorization") != page.login:
                status, body = 401, b""
            elif page.etag and headers.get("if-none-match") == page.etag:
                status, body = 304, b""
            self.statuses[status] += 1
            handler.send_response(status)
            for name, value in page.headers.items():
                handler.send_header(name, value)
            if page.etag:
                handler.send_header("ETag", page.etag)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)


@contextmanager
def feed_host() -> Iterator[FeedHost]:
    """Serve feeds on every address of this machine's loopback for the length of a block."""
    host = FeedHost()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                host.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104 - tests ask from 127.0.0.x
    server.daemon_threads = True
    host.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
