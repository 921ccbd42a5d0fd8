"""What is new in a mailbox: messages beyond the last that was taken, marked by nothing as read.

A mailbox numbers its messages upwards (UID) and says when it began to count anew (UIDVALIDITY), so
that both together are what has to be remembered: `1700000000:4711`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.mail import MAX_MESSAGE
from ingest.mailboxes.connection import GuardedImap, Limits
from ingest.parsed_source import UnreadableError
from models.batches import batches

_TOGETHER = 200  # messages whose sizes are asked for at once
_STATE = re.compile(r"(\d{1,10}):(\d{1,10})")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,20})\b")


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its number; `why` says why its bytes were not taken."""

    uid: int
    data: bytes = b""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadPosition:
    """How far a mailbox was read: the count its numbers belong to, and the highest of them."""

    validity: int = 0
    uid: int = 0

    @classmethod
    def read(cls, text: str) -> ReadPosition:
        """Return what was remembered; from the start where that can't be read."""
        found = _STATE.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else cls()

    def __str__(self) -> str:
        """Return what is to be remembered."""
        return f"{self.validity}:{self.uid}"


class NewMessages:
    """The messages of an open mailbox that were not seen, the oldest first, up to the limits.

    `begin` is how far it was read before, as its numbers count now; `cut` says after the last
    message why others were left for later, or "".
    """

    def __init__(self, server: GuardedImap, seen: ReadPosition, limits: Limits) -> None:
        self._server = server
        self._limits = limits
        validity = _number(server.response("UIDVALIDITY")[1])
        if not validity:
            raise UnreadableError("does not number its messages, as a mail server has to")
        self.begin = seen if seen.validity == validity else ReadPosition(validity)
        self.cut = ""

    def __iter__(self) -> Iterator[Message]:
        """Yield each message."""
        uids = self._unseen()
        taken = size = 0
        for group in batches(iter(uids[: self._limits.messages]), _TOGETHER):
            sizes = self._sizes(group)
            for uid in group:
                if taken and size + sizes.get(uid, 0) > self._limits.size:
                    self._leave(len(uids) - taken, f"{self._limits.size // 1_000_000} MB")
                    return
                message = self._message(uid, sizes.get(uid))
                taken += 1
                size += len(message.data)
                yield message
        if taken < len(uids):
            self._leave(len(uids) - taken, f"{self._limits.messages:,} messages")

    def _leave(self, count: int, limit: str) -> None:
        self.cut = f"{count:,} more messages are left for the next time (at most {limit} at once)"

    def _unseen(self) -> list[int]:
        """Return the numbers beyond the last that was seen; `*` is the last, seen or not."""
        first = self.begin.uid + 1
        answer, said = self._server.uid("SEARCH", f"UID {first}:*")
        if answer != "OK":
            raise UnreadableError("does not say which messages are new")
        words = b" ".join(each for each in said if isinstance(each, bytes)).split()
        return sorted(
            {
                int(word)
                for word in words
                if word.isdigit() and len(word) < 11 and int(word) >= first
            }
        )

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        _, said = self._server.uid("FETCH", ",".join(map(str, uids)), "(RFC822.SIZE)")
        sizes = {}
        for each in said:
            uid, size = _UID.search(each or b""), _SIZE.search(each or b"")
            if uid and size:
                sizes[int(uid[1])] = int(size[1])
        return sizes

    def _message(self, uid: int, size: int | None) -> Message:
        if size is None:
            return Message(uid, why="was removed from the mailbox before it was read")
        if size > MAX_MESSAGE:
            return Message(uid, why=f"is larger than {MAX_MESSAGE // 1_000_000} MB")
        _, said = self._server.uid("FETCH", str(uid), "(BODY.PEEK[])")
        for each in said:
            if isinstance(each, tuple) and b"BODY[]" in each[0].upper():
                return Message(uid, bytes(each[1]))
        return Message(uid, why="can't be had from the server")


def _number(said: Sequence[bytes | None]) -> int:
    last = said[-1] if said else None
    return int(last) if last and last.isdigit() and len(last) < 11 else 0
