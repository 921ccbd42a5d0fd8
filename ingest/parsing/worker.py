"""The process that reads feeds for another: `python -m ingest.parsing.worker`, jobs on stdin.

The kernel ends it where a feed costs more processor time or memory than it may, whatever the
parser is doing. It goes when the other process closes the pipe.
"""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from ingest.feeds import read_parts
from ingest.parsed_source import UnreadableError
from ingest.parsing.frames import Job, Result, packed, read_job
from ingest.parsing.limits import MEMORY, why_failed

GRACE = 5
"""Seconds of processor time between the moment reading should have stopped and the end."""


def main() -> None:
    """Read feeds until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # not every system has such a limit
        _limit(resource.RLIMIT_DATA, MEMORY)
    jobs, results = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints does not get between the results
    while job := read_job(jobs):
        _limit(resource.RLIMIT_CPU, _processor_seconds() + int(job.seconds) + GRACE)
        _answer(job, results)
        results.flush()


def _answer(job: Job, results: BinaryIO) -> None:
    try:
        parts = read_parts(job.data, job.name, job.url, job.content_type, job.seconds)
        for part in parts:
            results.write(packed(Result(part)))
        last = Result(last=True)
    except UnreadableError as error:
        last = Result(error=str(error), last=True)
    except Exception as error:  # whatever a feed does to its reader, the next one is read
        last = Result(error=why_failed(error), last=True)
    results.write(packed(last))


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _processor_seconds() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime) + 1


if __name__ == "__main__":
    main()
