"""Serving by several real processes: one is killed, all are stopped, slow clients do no harm."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

pytest.importorskip("gunicorn")

PATIENCE = 60.0
ROOT = Path(__file__).parents[3]
SERVER = """
import os, sys, time
from pathlib import Path
from flask import Flask
from web.server import balance
from web.server.processes import serve_processes

balance.LEAVE_SECONDS = 30.0  # so that a process slow to wake gets its share as well

LEADERS = Path(sys.argv[1])
LOADED = os.getpid()

def make():
    app = Flask("several")

    @app.get("/")
    def who():
        return {"process": os.getpid(), "loaded": LOADED}

    @app.get("/slow")
    def slow():
        print("asked", flush=True)
        time.sleep(0.8)
        return {"process": os.getpid(), "loaded": LOADED}

    return app

def lead(app):
    with LEADERS.open("a") as file:
        print(os.getpid(), file=file)
    return lambda: print("led", flush=True)

serve_processes(make, "127.0.0.1", 0, 2, 2, lambda url: print(url, flush=True), lead=lead)
print("stopped", flush=True)
"""


class Served:
    """A server of two processes, and where its leaders write their names."""

    def __init__(self, process: subprocess.Popen[str], url: str, leaders: Path) -> None:
        self.process = process
        self.url = url
        self._leaders = leaders

    @property
    def place(self) -> tuple[str, int]:
        host, port = self.url.removeprefix("http://").rstrip("/").split(":")
        return host, int(port)

    def answering(self) -> int:
        """Ask once; return the process that answers."""
        with urllib.request.urlopen(self.url, timeout=PATIENCE) as answer:  # noqa: S310 - ours
            found = json.load(answer)
        assert found["loaded"] == self.process.pid
        return int(found["process"])

    def children(self) -> set[int]:
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return set(map(int, text.split()))

    def leaders(self) -> list[int]:
        return list(map(int, self._leaders.read_text().split())) if self._leaders.exists() else []


@contextmanager
def serving(directory: Path) -> Iterator[Served]:
    leaders = directory / "leaders"
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(leaders)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout
            yield Served(process, process.stdout.readline().strip(), leaders)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as server:
        yield server


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def test_a_killed_process_is_replaced_while_requests_go_on(served: Served) -> None:
    until(lambda: len(served.children()) == 2 and bool(served.leaders()))
    first = served.leaders()[-1]
    before = served.children()
    assert served.answering() in before
    os.kill(first, signal.SIGKILL)
    for _ in range(20):  # nothing fails meanwhile: the socket is that of all processes
        assert served.answering() != first
    until(lambda: len(served.children() - {first}) == 2)
    until(lambda: len(served.leaders()) == 2)
    assert served.leaders()[-1] in before - {first}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_ends_all_after_the_requests_under_way(
    served: Served, number: signal.Signals
) -> None:
    until(lambda: len(served.children()) == 2 and bool(served.leaders()))
    children = served.children()
    out = served.process.stdout
    assert out
    with socket.create_connection(served.place, timeout=PATIENCE) as asking:
        asking.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert out.readline().strip() == "asked"
        os.kill(served.process.pid, number)
        answer = b"".join(iter(lambda: asking.recv(65536), b""))
    assert b'"loaded"' in answer
    assert [line.strip() for line in out] == ["led", "stopped"]
    assert served.process.wait(timeout=PATIENCE) == 0
    # They have ended, as the end of their output shows; who reaps them may need a moment more.
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_a_process_that_finishes_a_request_takes_no_lead(served: Served) -> None:
    until(lambda: len(served.children()) == 2 and bool(served.leaders()))
    out = served.process.stdout
    assert out
    with ExitStack() as open_ones:
        by_process = {}
        for _ in range(2):  # one of each: they are dealt out
            one = http.client.HTTPConnection(*served.place, timeout=PATIENCE)
            open_ones.callback(one.close)
            one.request("GET", "/")
            by_process[json.load(one.getresponse())["process"]] = one
        (led,) = served.leaders()
        del by_process[led]
        (other,) = by_process.values()
        other.request("GET", "/slow")
        assert out.readline().strip() == "asked"
        os.kill(served.process.pid, signal.SIGTERM)
        assert other.getresponse().status == 200
    assert [line.strip() for line in out] == ["led", "stopped"]
    assert served.leaders() == [led]


def test_clients_that_say_nothing_or_half_a_request_take_no_thread(served: Served) -> None:
    with ExitStack() as open_ones:
        for number in range(40):
            one = open_ones.enter_context(socket.create_connection(served.place, timeout=PATIENCE))
            one.sendall(b"GET / HTTP/1.1\r\nHo" if number % 2 else b"")
        for _ in range(10):
            served.answering()


def test_connections_that_stay_open_are_dealt_out_evenly(served: Served) -> None:
    until(lambda: len(served.children()) == 2)
    with ExitStack() as open_ones:
        answering: Counter[int] = Counter()
        for _ in range(8):
            one = http.client.HTTPConnection(*served.place, timeout=PATIENCE)
            open_ones.callback(one.close)
            one.request("GET", "/")
            answering[json.load(one.getresponse())["process"]] += 1
    assert sorted(answering.values()) == [4, 4]


def test_an_application_that_can_not_be_made_ends_the_server_in_words() -> None:
    failing = SERVER.replace('app = Flask("several")', 'raise OSError("no index")')
    ended = subprocess.run(
        [sys.executable, "-c", failing, "unused"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert "ServeError: A process of the server did not come up" in ended.stderr
    assert "no index" in ended.stderr
