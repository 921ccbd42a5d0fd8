"""Pages of long lists: an opaque cursor that says where the next page begins, and of what list."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated

import msgspec

from web.api.problems import ProblemError

Offset = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


def cursor_of(offset: int, *question: object) -> str:
    """Return the cursor of the page that begins at `offset` in the answer to a question."""
    text = msgspec.json.encode((offset, _fingerprint(question)))
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def offset_of(cursor: str, *question: object) -> int:
    """Return where a page begins, 0 without a cursor.

    Raises ProblemError for a cursor that isn't one of ours, or is of another question.
    """
    if not cursor:
        return 0
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True)
        offset, fingerprint = msgspec.json.decode(decoded, type=tuple[Offset, str])
    except (ValueError, msgspec.MsgspecError):
        raise _refused("The cursor isn't one that this API gave.") from None
    if fingerprint != _fingerprint(question):
        raise _refused("The cursor belongs to another question; leave it out to begin anew.")
    return offset


def _refused(words: str) -> ProblemError:
    return ProblemError(400, words, parameter="cursor")


def _fingerprint(question: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(question).encode()).hexdigest()[:12]
