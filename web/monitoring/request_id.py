"""The id of the request that is being answered: in its answer, and in all that is logged of it."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

HEADER = "X-Request-Id"

_current: ContextVar[str] = ContextVar("request_id", default="")


def begin() -> str:
    """Give the request that begins an id, and return it. What a stranger calls it is not taken."""
    made = secrets.token_hex(8)
    _current.set(made)
    return made


def end() -> None:
    """Forget the request: its thread answers others."""
    _current.set("")


def current() -> str:
    """Return the id of the request that is being answered, "" outside of one."""
    return _current.get()
