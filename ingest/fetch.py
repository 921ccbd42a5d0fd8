"""Getting a feed over HTTP: one request, timed and capped."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from models.errors import SourceError

MAX_BODY = 20_000_000
"""Bytes of a feed, decoded."""
SECONDS = 60.0
"""How long one request may take as a whole."""
USER_AGENT = "Slugline/0.1 (news reader)"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document from the network: where it was in the end, and its decoded bytes."""

    url: str
    body: bytes
    content_type: str = ""


class Fetcher(Protocol):
    """Whatever gets documents from the network for `ingest.source.read`."""

    def get(self, url: str) -> Fetched:
        """Return the document at `url`; raises SourceError with the reason."""


class PlainFetcher:
    """One GET a call, following redirects."""

    def get(self, url: str) -> Fetched:
        """Return the document at `url`; raises SourceError with the reason."""
        import httpx

        limit = time.monotonic() + SECONDS
        body = bytearray()
        try:
            with (
                httpx.Client(follow_redirects=True, timeout=15, max_redirects=5) as client,
                client.stream("GET", url, headers={"User-Agent": USER_AGENT}) as response,
            ):
                response.raise_for_status()
                for piece in response.iter_bytes(65_536):
                    body += piece
                    if len(body) > MAX_BODY:
                        raise SourceError(f"{url} is larger than {MAX_BODY // 1_000_000} MB.")
                    if time.monotonic() > limit:
                        raise SourceError(f"{url} took longer than {SECONDS:.0f} s.")
                kind = response.headers.get("content-type", "")
                return Fetched(str(response.url), bytes(body), kind)
        except httpx.HTTPStatusError as error:
            status = f"{error.response.status_code} {error.response.reason_phrase}"
            raise SourceError(f"{url} answered {status}.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"{url} can't be fetched ({error}).") from None
