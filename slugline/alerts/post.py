"""Sends HTTP requests to URLs that users gave: guarded, bounded, without redirects.

The guard is the fetcher's own: the name is resolved once, each address is looked at, and the
connection goes to that very address. Of an answer only the status and one header are read, however
long it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.fetching.address import Network
from ingest.fetching.fetch import USER_AGENT, phrase, read_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.fetching.connect import Resolver

SECONDS = 15.0
"""How long one request may take in all, from the name to the status."""
GONE = 410


class UndeliveredError(Exception):
    """A message was not taken; `retry_after` are the seconds that the receiver asks for.

    `final` says that trying again makes no sense.
    """

    def __init__(self, reason: str, retry_after: float | None = None, *, final: bool = False):
        super().__init__(reason)
        self.retry_after = retry_after
        self.final = final


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts to addresses of the public network, and to `private_hosts` by name wherever they are.

    Private hosts may have addresses in `private`.
    """

    private_hosts: frozenset[str] = frozenset()
    private: tuple[Network, ...] = ()
    seconds: float = SECONDS
    resolver: Resolver | None = None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post a body; raises UndeliveredError unless the answer is a 2xx."""
        import httpcore

        from ingest.fetching.connect import Clock, ForbiddenAddressError, GuardedBackend, resolve

        clock = Clock()
        clock.end = time.monotonic() + self.seconds
        parts = urlsplit(url)
        named = {(parts.hostname or "").lower(), parts.netloc.lower()} & self.private_hosts
        allowed = self.private if named else ()
        sent = [("Host", parts.netloc), ("User-Agent", USER_AGENT), *headers.items()]
        sent.append(("Content-Length", str(len(body))))
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self.seconds)
        backend = GuardedBackend(clock, allowed, self.resolver or resolve)
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend) as pool,
                pool.stream(
                    "POST", url, headers=sent, content=body, extensions={"timeout": limits}
                ) as answer,
            ):
                status, found = answer.status, dict(answer.headers)
        except httpcore.TimeoutException:
            raise UndeliveredError("takes too long to answer") from None
        except ForbiddenAddressError as error:
            raise UndeliveredError(
                f"is not sent to: {str(error).rstrip('.')} (alerts.private_hosts may name it)"
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise UndeliveredError(f"can't be reached ({error or type(error).__name__})") from None
        if not 200 <= status < 300:
            asked = next((v for k, v in found.items() if k.lower() == b"retry-after"), b"")
            after = read_retry_after(asked.decode("latin-1"), datetime.now(UTC))
            raise UndeliveredError(f"answered {phrase(status)}", after, final=status == GONE)
