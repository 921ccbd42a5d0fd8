"""HTTP connections that refuse forbidden addresses and end when their time is up.

The address is checked where the connection is made: the name is resolved once, each address is
looked at, and the connection goes to the very address that was looked at. A name that changes its
address between check and connect has no moment to do so.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError

import httpcore

from ingest.fetching.address import Network, why_forbidden

Resolver = Callable[[str, int], list[str]]
"""Returns the IP addresses of a host; raises OSError where it has none."""


class ForbiddenAddressError(Exception):
    """A host leads to an address where no connection may go."""


class Clock(threading.local):
    """When the request that runs in this thread has to be over, by `time.monotonic`."""

    end: float = float("inf")

    def left(self, timeout: float | None) -> float:
        """Return what remains of `timeout` seconds; raises ReadTimeout where nothing does."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the whole took too long")
        return min(seconds, timeout if timeout is not None else seconds)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write also ends with the whole request's time."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, up to `max_bytes`."""
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        left = self._clock.left(timeout)
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._clock)

    def get_extra_info(self, info: str) -> object:
        """Tell what the connection knows of itself."""
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Makes connections, and none to where `why_forbidden` says no."""

    def __init__(
        self, clock: Clock, allowed: tuple[Network, ...] = (), resolver: Resolver = resolve
    ) -> None:
        self._clock = clock
        self._allowed = allowed
        self._resolve = resolver
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that may be connected to and answers."""
        last: Exception = httpcore.ConnectError("the host has no address")
        for address in self._permitted(host, port, timeout):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._clock.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
                continue
            return TimedStream(stream, self._clock)
        raise last

    def _permitted(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            addresses = self._resolved(host, port, self._clock.left(timeout))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the host is not known ({error})") from None
        permitted = [a for a in addresses if not why_forbidden(a, self._allowed)]
        if addresses and not permitted:
            why = why_forbidden(addresses[0], self._allowed)
            raise ForbiddenAddressError(f"{host} leads to {addresses[0]}, which {why}")
        return permitted

    def _resolved(self, host: str, port: int, seconds: float) -> list[str]:
        """Ask for a name in a thread of its own: the system's resolver knows no time limit."""
        found: Future[list[str]] = Future()

        def ask() -> None:
            try:
                found.set_result(self._resolve(host, port))
            except BaseException as error:  # it is raised where it is awaited
                found.set_exception(error)

        threading.Thread(target=ask, daemon=True, name="resolve").start()
        try:
            return found.result(seconds)
        except FutureTimeoutError:
            raise httpcore.ConnectTimeout("its name is not answered for") from None
