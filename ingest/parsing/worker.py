"""The worker process for parsing: `python -m ingest.parsing.worker`, jobs on stdin.

The kernel ends it where a file costs more processor time or memory than it may, whatever the
parser is doing. It goes when the other process closes the pipe.
"""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from ingest.parsed_source import UnreadableError
from ingest.parsing.frames import Job, ReadFeed, Result, read_job, write
from ingest.parsing.limits import MEMORY, why_failed
from ingest.parsing.tasks import results
from models.errors import SourceError

PAGE = resource.getpagesize()
GRACE = 5
"""Seconds of processor time between the moment reading should have stopped and the end."""


def main() -> None:
    """Do tasks until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # not every system has such a limit
        _limit(resource.RLIMIT_DATA, MEMORY)
    jobs, pipe = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints does not get between the results
    while job := read_job(jobs):
        _answer(job, pipe)
        del job


def _answer(job: Job, pipe: IO[bytes]) -> None:
    _renew(job)
    last = Result(last=True)
    try:
        for result in results(job.task, job.seconds):
            write(result, pipe)
            if not isinstance(job.task, ReadFeed):  # a table may have millions of rows
                _renew(job)
    except SourceError as error:
        last = Result(error=error.reason, place=error.place, last=True)
    except UnreadableError as error:
        last = Result(error=str(error), last=True)
    except Exception as error:  # whatever a file does to its reader, the next one is read
        last = Result(error=why_failed(error), last=True)
    write(msgspec.structs.replace(last, is_swollen=_data() > MEMORY // 2), pipe)


def _renew(job: Job) -> None:
    """Let the task take its seconds from now on."""
    _limit(resource.RLIMIT_CPU, _processor_seconds() + int(job.seconds) + GRACE)


def _data() -> int:
    """Return the bytes of data that the process holds, 0 where the system doesn't say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _processor_seconds() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime) + 1


if __name__ == "__main__":
    main()
