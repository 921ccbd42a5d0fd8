"""Serving: a clean stop, and clear words where a port can't be had."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from web.server.serve import ServeError, serve

SERVER = """
import sys, time
from flask import Flask
from web.server.serve import serve

app = Flask("slow")

@app.get("/")
def slow():
    print("asked", flush=True)
    time.sleep(0.8)
    return "done at leisure"

serve(app, "127.0.0.1", 0, 2, lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_stop(number: signal.Signals) -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert process.stdout.readline().strip() == "asked"
            os.kill(process.pid, number)
            answer = b"".join(iter(lambda: asking.recv(65536), b""))
        assert b"done at leisure" in answer
        assert process.stdout.readline().strip() == "stopped"
        assert process.wait(timeout=10) == 0


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} of 127.0.0.1 is taken .* --port"):
            serve(Flask("x"), "127.0.0.1", port, 1)


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("no.such.host.invalid", 0, "can't be listened on"),
        ("127.0.0.1", 99_999, "ports are 0 to 65535"),
    ],
)
def test_an_address_that_is_none_is_named(host: str, port: int, words: str) -> None:
    with pytest.raises(ServeError, match=words):
        serve(Flask("x"), host, port, 1)


def test_signals_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def ready(url: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(Flask("x"), "127.0.0.1", 0, 1, ready)
    assert signal.getsignal(signal.SIGTERM) is before


def test_several_requests_are_answered_at_once() -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        began = time.perf_counter()
        first = subprocess.Popen(
            [sys.executable, "-c", f"import urllib.request as u; u.urlopen({url!r}).read()"]
        )
        assert process.stdout.readline().strip() == "asked"
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
            assert answer.read() == b"done at leisure"
        assert first.wait(timeout=10) == 0
        assert time.perf_counter() - began < 30
        process.terminate()
        assert process.wait(timeout=10) == 0


PROXIED = """
from flask import Flask, request
from web.server.peer import PEER
from web.server.serve import serve

app = Flask("proxied")

@app.get("/")
def who():
    return PEER.get() + " " + request.remote_addr

serve(app, "127.0.0.1", 0, 2, lambda url: print(url, flush=True), trusted_proxy="127.0.0.1")
"""


def test_the_address_of_the_proxy_is_known_beside_that_of_its_visitor() -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", PROXIED], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        asking = urllib.request.Request(url, headers={"X-Forwarded-For": "10.1.2.3"})  # noqa: S310 - our own
        with urllib.request.urlopen(asking, timeout=10) as answer:  # noqa: S310 - our own
            assert answer.read() == b"127.0.0.1 10.1.2.3"
        process.terminate()
        assert process.wait(timeout=10) == 0
