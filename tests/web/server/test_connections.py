"""Connections that say nothing keep nobody out, and whatever the server answers has our headers."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.web.sample_site import open_site
from web.server.channel import MOST_IDLE
from web.server.headers import HEADERS
from web.server.hosts import is_host

SERVER = """
from flask import Flask
from web.server import headers
from web.server.serve import serve

app = Flask("plain")
headers.register(app)

@app.get("/")
def hello():
    return "hello"

serve(app, "127.0.0.1", 0, 2, lambda url: print(url, flush=True))
"""


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        host, port = process.stdout.readline().strip()[7:-1].split(":")
        yield host, int(port)
        process.terminate()


def ask(place: tuple[str, int], text: bytes) -> bytes:
    with socket.create_connection(place, timeout=20) as asking:
        asking.sendall(text)
        return b"".join(iter(lambda: asking.recv(65536), b""))


def test_idle_connections_lock_nobody_out(place: tuple[str, int]) -> None:
    with ExitStack() as open_ones:
        for _ in range(MOST_IDLE + 150):
            open_ones.enter_context(socket.create_connection(place, timeout=20))
        answer = ask(place, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"hello")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nothing\r\n\r\n",
    ],
)
def test_the_servers_own_errors_have_the_headers(place: tuple[str, int], request_: bytes) -> None:
    answer = ask(place, request_)
    assert answer.split(b" ", 2)[1] in {b"400", b"431", b"501"}
    for name in HEADERS:
        assert name.lower().encode() in answer.lower()


@pytest.mark.parametrize("host", ["a..b", "x y", "-", "a" * 64 + ".example", "[zz]", "x:y", "ü"])
def test_a_host_that_is_none_is_refused_with_the_headers(tmp_path: Path, host: str) -> None:
    with open_site(tmp_path) as site:
        answer = site.client.get("/", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 400
    assert set(HEADERS) <= set(answer.headers.keys())


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1:8000",
        "[::1]:80",
        "news.example.",
        "a-b.c_d",
        "xn--bcher-kva.example",
    ],
)
def test_a_host_is_taken(host: str) -> None:
    assert is_host(host)
