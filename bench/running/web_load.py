"""Loads the pages of a home from bounded clients on this machine, for threads and for processes.

    python -m bench.running.web_load HOME [--clients 1,8,32] [--seconds 10] [--processes 1,2]
        [--ingest FILE] [--anew]

HOME is only read; with `--ingest`, an archive is ingested and indexed into it meanwhile, so give a
copy. Each client asks a mix of pages, one request after another, on one connection. With `--anew`
each has a cookie of its own in each round, so that no page is one that was made before. Servers are
asked in turn within one run, so that they can be compared on a machine that does other things: look
at the ratios, and at the processor time that a request takes. Prints requests a second, the median
and the 99th percentile in milliseconds, failures, processor milliseconds a request of the server
and of the clients, which share the machine with it, and memory (what processes share is counted
once).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

WORDS = ("gaza", "ukraine+war", "apple", "climate+change", "trump+trial", "election", "openai")
PATHS = (
    *(f"/search?q={word}" for word in WORDS),
    *("/", "/topics/politics", "/entities", "/sources", "/search?q=gaza&topic=politics"),
    "/api/v1/search?q=election",
)
START = 120.0


def slugline(home: Path, *arguments: str) -> list[str]:
    """Return the command line of our own program."""
    main = "from slugline.cli import main; main()"
    return [sys.executable, "-c", main, "--home", str(home), *arguments]


@contextlib.contextmanager
def serving(home: Path, processes: int) -> Iterator[tuple[int, int]]:
    """Serve a home; give the process and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = slugline(home, "-q", "serve", "--port", str(port), "--processes", str(processes))
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + START
        while ask(http.client.HTTPConnection("127.0.0.1", port), "/readyz") != 200:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.2)
        yield server.pid, port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def ask(connection: http.client.HTTPConnection, path: str, cookie: str = "") -> int:
    """Ask for a page; return its status, or 0 without an answer."""
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        connection.close()
        return 0
    return answer.status


def group(leader: int) -> list[Path]:
    """Return the directories below /proc of a server's processes."""
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    return [Path(f"/proc/{number}") for number in (leader, *children)]


def processor_seconds(leader: int) -> float:
    """Return how long a server's processes have used a processor."""
    ticks = 0
    for process in group(leader):
        ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(leader: int) -> float:
    """Return the memory of a server's processes, what they share counted once."""
    kilobytes = 0
    for process in group(leader):
        rollup = (process / "smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return kilobytes / 1024


def load(port: int, clients: int, seconds: float, *, anew: bool) -> tuple[list[float], int, float]:
    """Ask from so many clients; return the seconds of each answer, failures, and the whole time."""
    taken: list[float] = []
    failures = 0
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        nonlocal failures
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        mine, failed, turn = [], 0, number
        while time.monotonic() < end:
            began = time.monotonic()
            cookie = f"round={turn}" if anew else ""
            failed += ask(connection, PATHS[turn % len(PATHS)], cookie) != 200
            mine.append(time.monotonic() - began)
            turn += 1
        connection.close()
        with lock:
            taken.extend(mine)
            failures += failed

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, failures, time.monotonic() - began


def main() -> None:
    """Load each server in turn and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--processes", default="1,2")
    parser.add_argument("--ingest")
    parser.add_argument("--anew", action="store_true", help="ask for no page that was made before")
    given = parser.parse_args()
    feeding = None
    if given.ingest:
        command = slugline(given.home, "-q", "run", given.ingest)
        feeding = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    print("processes clients requests/s  p50 ms  p99 ms failures server ms  client ms   MB")
    for processes in map(int, given.processes.split(",")):
        with serving(given.home, processes) as (leader, port):
            load(port, 2 * processes, 3, anew=given.anew)  # warm
            for clients in map(int, given.clients.split(",")):
                before, own = processor_seconds(leader), time.process_time()
                taken, failures, whole = load(port, clients, given.seconds, anew=given.anew)
                used = processor_seconds(leader) - before
                own = time.process_time() - own
                p99 = sorted(taken)[int(len(taken) * 0.99) - 1]
                print(
                    f"{processes:9} {clients:7} {len(taken) / whole:10.1f} "
                    f"{statistics.median(taken) * 1000:7.0f} {p99 * 1000:7.0f} {failures:8} "
                    f"{used / len(taken) * 1000:9.1f} {own / len(taken) * 1000:10.2f} "
                    f"{memory_mb(leader):4.0f}",
                    flush=True,
                )
    if feeding:
        ended = feeding.poll()
        if ended is None:
            feeding.terminate()
            feeding.wait()
        print("ingest:", "still going, stopped" if ended is None else f"ended with code {ended}")


if __name__ == "__main__":
    main()
