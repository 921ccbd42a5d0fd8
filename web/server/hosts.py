"""Refuses a request whose Host header cannot be a host's name, before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from web.server.headers import HEADERS

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])(?::\d{{1,5}})?")
_LONGEST = 260


def is_host(text: str) -> bool:
    """Say whether a Host header is a name or an address, with a port or without (RFC 9110, 7.2)."""
    return len(text) <= _LONGEST and _NAME.fullmatch(text) is not None


def only_hosts(application: Application) -> Application:
    """Answer 400 in the place of an application where the host cannot be one."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not host or is_host(host):
            return application(environ, start_response)
        body = b"Bad Request\n\nThe Host header is not the name of a host.\n"
        start_response(
            "400 Bad Request",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                *HEADERS.items(),
            ],
        )
        return [body]

    return answer
