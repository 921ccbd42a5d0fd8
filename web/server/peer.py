"""Keeps the address of a connection, where that of a proxy's visitor takes its place."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PEER: ContextVar[str] = ContextVar("peer", default="")
"""The address at the other end of the connection; "" where no server keeps it."""


def keeping_peer(application: WSGIApplication) -> WSGIApplication:
    """Return an application that keeps the address of the connection while it answers."""

    def kept(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        before = PEER.set(str(environment.get("REMOTE_ADDR", "")))
        try:
            return application(environment, start)
        finally:
            PEER.reset(before)

    return kept
