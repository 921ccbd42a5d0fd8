"""Serves an application by waitress: in threads, with a clean stop and clear words on ports."""

from __future__ import annotations

import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from models.errors import SluglineError
from web.server.peer import keeping_peer

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)

LONGEST_HEADER = 32_768
LARGEST_BODY = 1_000_000
PROXY_HEADERS = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")


class ServeError(SluglineError):
    """The address can't be listened on."""


def serve(
    app: Flask,
    host: str,
    port: int,
    workers: int,
    ready: Callable[[str], None] = lambda _url: None,
    *,
    trusted_proxy: str = "",
) -> None:
    """Answer requests with `workers` threads until SIGTERM or SIGINT; requests under way finish.

    What a proxy at the address `trusted_proxy` says of who asks, and whether by TLS, is believed.

    `ready` is called with the address once it is listened on (port 0 takes any free one). Raises
    `ServeError` where that fails. Call it from the main thread.
    """
    listening = listen(host, port)
    with listening, _stopped_by_signals():
        server = make_server(app, listening, workers, trusted_proxy)
        try:
            ready(address_of(listening))
            log.info("Serving at %s with %d threads.", address_of(listening), workers)
            server.run()  # returns after SystemExit, when its threads are done
            log.info("Stopped.")
        finally:
            server.close()


def make_server(app: Flask, listening: socket.socket, workers: int, trusted_proxy: str) -> Any:
    """Return the waitress server that answers on a socket, once it is run."""
    from waitress import create_server

    from web.server import channel

    # Waitress warns of each request that waits a moment for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app,
        sockets=[listening],
        threads=max(1, workers),
        ident=None,
        max_request_header_size=LONGEST_HEADER,
        max_request_body_size=int(app.config["MAX_CONTENT_LENGTH"] or LARGEST_BODY),
        trusted_proxy=trusted_proxy or None,
        trusted_proxy_headers=set(PROXY_HEADERS if trusted_proxy else ()),
        clear_untrusted_proxy_headers=True,
        connection_limit=channel.MOST_CONNECTIONS,
        channel_timeout=channel.IDLE_SECONDS,
        cleanup_interval=channel.LOOK_EVERY,
        asyncore_use_poll=True,
    )
    server.channel_class = channel.RoomyChannel
    # Outside of waitress' own layer, which believes what a trusted proxy forwards.
    server.application = keeping_peer(server.application)
    return server


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address; raises `ServeError` with the reason."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise ServeError(_explained(host, port, error)) from error
    return listening


def _explained(host: str, port: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program; name another with --port."
    if number == errno.EACCES:
        return f"Port {port} needs the rights of an administrator; take one above 1023."
    if isinstance(error, OverflowError):
        return f"There is no port {port}; ports are 0 to 65535."
    reason = getattr(error, "strerror", None) or str(error)
    return f"{host} port {port} can't be listened on: {reason}."


def address_of(listening: socket.socket) -> str:
    """Return the address of a socket, as a browser on this machine can ask for it."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
