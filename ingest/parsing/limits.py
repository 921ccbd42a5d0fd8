"""The limits on how much of a feed or file is read, and the messages that report them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

MAX_ENTRIES = 20_000
"""Entries of one feed or file that are read; a day of an archived feed has some dozens."""
MAX_REMARKS = 1_000
"""Rejections, and notes, of one feed or file that are kept with their reasons; more are counted."""
MEMORY = 256_000_000
"""Bytes of data that a process may hold that reads one feed or file."""
CHUNK = 4_000_000
"""Bytes of text after which what was read of a file is handed on, so that memory stays flat."""
MAX_WORDS = 200
"""Characters of a parser's own error that are shown."""
SECONDS = 20.0
"""Processor seconds that reading one feed or file may take."""


def why_failed(error: Exception) -> str:
    """Say, for people, why reading failed in a way that no reader foresaw."""
    if isinstance(error, MemoryError):
        return (
            f"needs more than {MEMORY // 1_000_000} MB of memory to be read, as no ordinary feed "
            "or archive does; split it into smaller files"
        )
    said = f"{type(error).__name__}: {error}"
    return f"can't be read ({said if len(said) <= MAX_WORDS else said[:MAX_WORDS] + '…'})"


@dataclass(slots=True)
class Budget:
    """What may still be read of one feed or file: entries, and seconds of this thread's processor.

    Wall-clock time would cut feeds on a busy machine that are read in full on an idle one.
    """

    entries: int = MAX_ENTRIES
    seconds: float = SECONDS
    _began: float = field(default_factory=time.thread_time)

    def exceeded(self, entries: int) -> str:
        """Say why reading stops after so many entries, or ""."""
        if entries >= self.entries:
            return f"only the first {self.entries:,} entries are read"
        if time.thread_time() - self._began > self.seconds:
            return f"reading stopped after {self.seconds:.0f} s of processor time"
        return ""
