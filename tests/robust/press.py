"""Feeds on this machine that change, fail, hang and lie, and know what was taken of them.

What a feed served is known to have been taken when it is asked again with the ETag of that version:
from then on its articles have to be in the store, and may leave the feed.
"""

from __future__ import annotations

import gzip
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

PEOPLE = "Ana Weiss|Piotr Zając|Chen Yulan|Omar Haddad|Élodie Marchand|Grace Mwangi|Lars Holm"
PLACES = "Oslo|Nairobi|Gdańsk|Lima|Taipei|Beirut|Montréal|Canberra|Ghent|Osaka|Tbilisi|Quito"
GROUPS = "the harbour union|the finance ministry|Northwind Bank|the city court|the air force"
DEEDS = "rejects|delays|praises|opens|sells|investigates|rebuilds|leaves|doubles|taxes|cancels"
THINGS = "a tram line|the grain deal|a chip factory|new tariffs|the flood wall|a vaccine trial"
WORDS = tuple(
    word
    for group in (PLACES, "union|ministry|bank|court|tariffs|grain")
    for word in group.split("|")
)
"""What readers search for."""
KEPT = 10
"""Articles that a feed goes on showing after they were taken."""
HANGS = 90.0
"""Seconds until a server that hangs lets go, where nobody else does."""

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written to a connection; `says` is the length it claims, if not that of the body."""

    status: int = 200
    body: bytes = b""
    headers: Headers = field(default_factory=dict)
    says: int | None = None
    whole: bool = False


def _fails(status: int, **headers: str) -> Callable[[bytes], Answer]:
    return lambda _body: Answer(
        status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


PAGE = b"<!doctype html><title>Sign in</title><p>Please sign in to read this feed.</p>"
BOMB = gzip.compress(b"<rss version='2.0'><channel>" + b" " * 30_000_000)
FAULTS: Mapping[str, Callable[[bytes], Answer]] = {
    "500": _fails(500),
    "404": _fails(404),
    "503": _fails(503, Retry_After="3"),
    "429": _fails(429, Retry_After="3"),
    "cut off": lambda body: Answer(body=body[: len(body) // 2], says=len(body)),
    "too short a length": lambda body: Answer(body=body[: len(body) * 2 // 3]),
    "too long a length": lambda body: Answer(body=body, says=len(body) + 5_000),
    "not gzip": lambda body: Answer(body=body, headers={"Content-Encoding": "gzip"}),
    "bomb": lambda _body: Answer(body=BOMB, headers={"Content-Encoding": "gzip"}),
    "page": lambda _body: Answer(body=PAGE, headers={"Content-Type": "text/html"}),
    "noise": lambda body: Answer(body=random.Random(len(body)).randbytes(3_000)),  # noqa: S311 - noise
    "empty": lambda _body: Answer(),
    "round and round": _fails(302, Location="?again"),
    "not HTTP": lambda _body: Answer(status=0),
    "hang": lambda _body: Answer(status=-1),
    "hang halfway": lambda body: Answer(status=-2, body=body),
}
"""Answers with which no feed comes whole."""
LIES: Mapping[str, Headers] = {
    "wrong type": {"Content-Type": "image/png"},
    "wrong encoding": {"Content-Type": "application/rss+xml; charset=utf-16"},
    "encoding that is none": {"Content-Type": "text/xml; charset=klingon"},
}
"""Headers that are not true of a feed that comes whole."""


@dataclass(frozen=True, slots=True)
class News:
    """An article of a feed."""

    url: str
    title: str
    summary: str
    published: datetime


class PressFeed:
    """One feed: what it has published, and what of it was served and taken."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self._chance = random.Random(f"{seed}-{number}")  # noqa: S311 - noise - news, no secrets
        self._steady = self._chance.choice((0.95, 0.95, 0.95, 0.5, 0.1))
        self._news: list[News] = []
        self._first = 0
        self._served: dict[str, int] = {}
        self._whole = 0
        self._taken = 0
        self.lock = threading.Lock()

    def served(self) -> set[str]:
        """Return the addresses of articles that were served whole at least once."""
        return {news.url for news in self._news[: self._whole]}

    def taken(self) -> set[str]:
        """Return the addresses of articles of versions that whoever asks says to have."""
        return {news.url for news in self._news[: self._taken]}

    def answer(self, known: str, honest: bool) -> tuple[str, Answer]:
        """Return what becomes of a request that names the ETag `known`, and a word for it."""
        if known in self._served:
            self._taken = max(self._taken, self._served[known])
            self._first = max(self._first, self._taken - KEPT)
        if not honest and (not self._news or self._chance.random() < 0.4):
            self._publish()
        tag = f'"{self.number}-{len(self._news)}"'
        kind = self._kind(honest)
        if kind in FAULTS:
            answer = FAULTS[kind](self._body())
            self._served[tag] = len(self._news)
            return kind, Answer(
                answer.status, answer.body, {**answer.headers, "ETag": tag}, answer.says
            )
        if known == tag:
            return "unchanged", Answer(304, headers={"ETag": tag})
        self._served[tag] = self._whole = len(self._news)
        return kind, Answer(
            body=self._body(),
            headers={"Content-Type": "application/rss+xml", **LIES.get(kind, {}), "ETag": tag},
            whole=True,
        )

    def _kind(self, honest: bool) -> str:
        if honest or self._chance.random() < self._steady * 0.9:
            return "whole"
        if self._chance.random() < self._steady:
            return self._chance.choice(tuple(LIES))
        return self._chance.choice(tuple(FAULTS))

    def _publish(self) -> None:
        for _ in range(self._chance.randint(1, 3)):
            who, where, group, does, what = (
                self._chance.choice(words.split("|"))
                for words in (PEOPLE, PLACES, GROUPS, DEEDS, THINGS)
            )
            count = len(self._news)
            self._news.append(
                News(
                    f"https://paper{self.number}.example/{count}",
                    f"{group[0].upper()}{group[1:]} {does} {what} in {where}",
                    f"{who} told reporters in {where} on day {count} that {group} {does} {what}"
                    f" worth {self._chance.randint(2, 900)} million.",
                    datetime.now(UTC),
                )
            )

    def _body(self) -> bytes:
        items = "".join(
            f"<item><title>{escape(news.title)}</title><link>{news.url}</link>"
            f"<description>{escape(news.summary)}</description>"
            f"<pubDate>{format_datetime(news.published)}</pubDate></item>"
            for news in reversed(self._news[self._first :])
        )
        return (
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>Paper {self.number}</title><link>https://paper{self.number}.example</link>"
            f"{items}</channel></rss>"
        ).encode()


class Press:
    """All feeds; `answers` counts what they answered, by a word for it.

    Once `honest` is set, they publish nothing more and answer as they should.
    """

    def __init__(self, feeds: int, seed: int = 1) -> None:
        self.feeds = [PressFeed(number, seed) for number in range(feeds)]
        self.answers: Counter[str] = Counter()
        self.honest = False
        self.port = 0
        self._lock = threading.Lock()
        self.let_go = threading.Event()

    def urls(self) -> list[str]:
        """Return the addresses of all feeds, each with a host of its own."""
        hosts = (f"127.0.{1 + at // 250}.{1 + at % 250}" for at in range(len(self.feeds)))
        return [f"http://{host}:{self.port}/{number}" for number, host in enumerate(hosts)]

    def served(self) -> set[str]:
        """Return the addresses of all articles that were served whole."""
        return {url for feed in self.feeds for url in feed.served()}

    def taken(self) -> set[str]:
        """Return the addresses of all articles that whoever asks says to have."""
        return {url for feed in self.feeds for url in feed.taken()}

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        number = handler.path.strip("/").partition("?")[0]
        if not number.isdigit():  # robots.txt and the like
            handler.send_error(404)
            return
        feed = self.feeds[int(number)]
        with feed.lock:
            kind, answer = feed.answer(handler.headers.get("If-None-Match", ""), self.honest)
        with self._lock:
            self.answers[kind] += 1
        handler.close_connection = not answer.whole and answer.status != 304
        if answer.status == -1:
            self.let_go.wait(HANGS)
        elif answer.status == 0:
            handler.wfile.write(b"220 ready\r\n" * 3)
        else:
            _write(handler, answer)
            if answer.status == -2:
                self.let_go.wait(HANGS)


def _write(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    halfway = answer.status < 0
    handler.send_response(200 if halfway else answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    length = len(answer.body) if answer.says is None else answer.says
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(answer.body[: len(answer.body) // 2] if halfway else answer.body)
    handler.wfile.flush()


@contextmanager
def press(feeds: int, seed: int = 1) -> Iterator[Press]:
    """Publish so many feeds on the loopback addresses of this machine for the length of a block."""
    published = Press(feeds, seed)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = HANGS

        def do_GET(self) -> None:
            try:
                published.reply(self)
            except OSError:  # whoever asked is gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Say nothing of whoever went away."""

    server = Server(("0.0.0.0", 0), Handler)  # noqa: S104 - feeds ask 127.0.x.y
    published.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield published
    finally:
        published.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
