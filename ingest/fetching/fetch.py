"""The HTTP client for feeds and pages: safe and polite.

Safely: only http and https, only addresses of the public network (on every redirect), caps on time
and on decoded bytes, no proxies, cookies or scripts. Politely: we say who we are, ask only for what
changed, and report what the server asks of us (`Answer`) instead of trying again at once.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from ingest.fetching.address import Network
from ingest.fetching.decode import ENCODINGS, decoded
from ingest.fetching.target import login_at, redirected, target_of
from ingest.parsed_source import UnreadableError
from models.errors import SourceError
from models.feed import parted, shown_address

if TYPE_CHECKING:
    import httpcore

    from ingest.fetching.connect import Resolver

MAX_BODY = 20_000_000
"""Bytes of a document, decoded."""
MAX_REDIRECTS = 6
USER_AGENT = "Slugline/1.0 (self-hosted news reader; fetches feeds its owner subscribed to)"

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.9, text/html;q=0.5, */*;q=0.3"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document from the network: where it was in the end, and its decoded bytes."""

    url: str
    body: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with; "" where it gave nothing."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, in full: 200 with a body, 304 without, or an error's status.

    `url` is where the answer came from; `moved_to` is the feed's new address where every redirect
    on the way was a permanent one, else "". `retry_after` are seconds, None where nothing is said.
    `has_more` says that a mailbox has more to give at once.
    """

    status: int
    url: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators = Validators()
    moved_to: str = ""
    retry_after: float | None = None
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for the whole with redirects."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0


class Fetcher(Protocol):
    """Whatever gets documents from the network for `ingest.source.read`."""

    def get(self, url: str) -> Fetched:
        """Return the document at `url`; raises SourceError with the reason."""


class Asker(Protocol):
    """Whatever asks a server for a feed or a page; many threads may call it at once."""

    def fetch(self, url: str, validators: Validators | None = None) -> Answer:
        """Return what the server said; raises SourceError where no answer comes of it."""


class PoliteFetcher:
    """Fetches over HTTP; may be used by many threads at once. Close it when done.

    `allowed` are networks that may be connected to though they are not public.
    """

    def __init__(
        self,
        *,
        allowed: tuple[Network, ...] = (),
        timeouts: Timeouts | None = None,
        max_body: int = MAX_BODY,
        user_agent: str = USER_AGENT,
        at_once: int = 8,
        resolver: Resolver | None = None,
    ) -> None:
        import httpcore

        from ingest.fetching.connect import Clock, GuardedBackend, resolve

        self._timeouts = timeouts or Timeouts()
        self._max_body = max_body
        self._user_agent = user_agent
        self._clock = Clock()
        self._pool = httpcore.ConnectionPool(
            max_connections=4 * at_once,
            max_keepalive_connections=at_once,
            keepalive_expiry=10,
            network_backend=GuardedBackend(self._clock, allowed, resolver or resolve),
        )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._pool.close()

    def get(self, url: str) -> Fetched:
        """Return the document at `url`; raises SourceError with the reason."""
        answer = self.fetch(url)
        if answer.status != HTTPStatus.OK:
            raise SourceError(f"answered {phrase(answer.status)}.", shown_address(url))
        return Fetched(answer.url, answer.body, answer.content_type)

    def fetch(self, url: str, validators: Validators | None = None) -> Answer:
        """Ask for `url`, unless unchanged; raises SourceError where no answer comes of it.

        Follows redirects, checking each; no message shows the URL's credentials.
        """
        self._clock.end = time.monotonic() + self._timeouts.whole
        shown = shown_address(url)
        at, moved_to, permanent = url, "", True
        try:
            for _ in range(MAX_REDIRECTS):
                answer, target = self._once(at, validators or Validators(), login_at(url, at))
                if not target:
                    return replace(answer, moved_to=moved_to)
                permanent = permanent and answer.status in _PERMANENT
                at = target
                moved_to = at if permanent else moved_to
        except UnreadableError as error:
            raise SourceError(f"{error}.", shown) from None
        finally:
            self._clock.end = float("inf")
        raise SourceError(f"redirects more than {MAX_REDIRECTS} times.", shown)

    def _once(
        self, url: str, validators: Validators, login: tuple[str, str] | None
    ) -> tuple[Answer, str]:
        """Make one request; the second value is where it redirects to, or ""."""
        import httpcore

        from ingest.fetching.connect import ForbiddenAddressError

        try:
            with self._pool.stream(
                "GET",
                target_of(url),
                headers=self._headers(url, validators, login),
                extensions={"timeout": self._limits()},
            ) as response:
                answer = _answer(url, response)
                target = _header(response, "location")
                if response.status in _REDIRECTS and target:
                    return answer, redirected(url, target)
                if response.status == HTTPStatus.OK:
                    answer = replace(answer, body=self._body(response))
                return answer, ""
        except httpcore.TimeoutException:
            raise UnreadableError("takes too long to answer") from None
        except ForbiddenAddressError as error:
            raise UnreadableError(f"is not fetched: {error}") from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
        ) as error:
            raise UnreadableError(f"can't be fetched ({error or type(error).__name__})") from None

    def _headers(
        self, url: str, validators: Validators, login: tuple[str, str] | None
    ) -> list[tuple[str | bytes, str | bytes]]:
        """Return the headers of a request, conditional where validators are known."""
        headers: list[tuple[str | bytes, str | bytes]] = [
            ("Host", urlsplit(target_of(url)).netloc),
            ("User-Agent", self._user_agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", ENCODINGS),
        ]
        if validators.etag:
            headers.append(("If-None-Match", _sendable(validators.etag)))
        if validators.modified:
            headers.append(("If-Modified-Since", _sendable(validators.modified)))
        if login:
            token = base64.b64encode(":".join(login).encode()).decode()
            headers.append(("Authorization", f"Basic {token}"))
        return headers

    def _limits(self) -> dict[str, float]:
        limits = self._timeouts
        return {
            "connect": limits.connect,
            "read": limits.read,
            "write": limits.read,
            "pool": limits.whole,
        }

    def _body(self, response: httpcore.Response) -> bytes:
        body = bytearray()
        pieces: Iterator[bytes] = response.iter_stream()
        for piece in decoded(pieces, _header(response, "content-encoding"), self._max_body):
            body += piece
            self._clock.left(None)
        return bytes(body)


def _sendable(value: str) -> bytes:
    """Return what a server gave us as the bytes that it sent; the standard allows more than ASCII.

    Whatever could begin another header, or was never a byte, is left out.
    """
    clean = "".join(letter for letter in value if letter >= " " and letter != "\x7f")
    return clean.encode("latin-1", "ignore")


def phrase(status: int) -> str:
    """Return a status with its words: "404 Not Found"."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _answer(url: str, response: httpcore.Response) -> Answer:
    return Answer(
        status=response.status,
        url=parted(url)[0],
        content_type=_header(response, "content-type")[:200],
        validators=Validators(
            _header(response, "etag")[:1_000], _header(response, "last-modified")[:100]
        ),
        retry_after=read_retry_after(_header(response, "retry-after"), datetime.now(UTC)),
    )


def read_retry_after(text: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, None where it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _header(response: httpcore.Response, name: str) -> str:
    wanted = name.encode()
    values = [value for key, value in response.headers if key.lower() == wanted]
    return b", ".join(values).decode("latin-1").strip()
