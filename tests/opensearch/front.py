"""Stands before a real OpenSearch and asks for a login, speaks TLS, is busy or slow: for tests."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Front:
    """What it demands and how it behaves; may be changed while it runs.

    `login` is user:password, `busy` how many bulks more are turned away, `halved` in how many every
    other article is said to be turned away, `slow` the seconds before each answer. `bulks` counts
    those that came through, `largest` is the largest that came.
    """

    behind: str
    login: str = ""
    busy: int = 0
    halved: int = 0
    slow: float = 0.0
    url: str = ""
    bulks: int = 0
    largest: int = 0

    def allows(self, authorization: str) -> bool:
        expected = "Basic " + base64.b64encode(self.login.encode()).decode()
        return not self.login or authorization == expected


def half_refused(answer: bytes) -> bytes:
    """Return the answer to a bulk as if OpenSearch had had no room for every other article."""
    said = json.loads(answer)
    said["errors"] = True
    error = {"type": "rejected", "reason": "queue is full"}
    for item in said.setdefault("items", [])[::2]:
        for result in item.values():
            result |= {"status": 429, "error": error}
    return json.dumps(said).encode()


@contextmanager
def front(behind: str, certificate: Path | None = None, **behaviour: Any) -> Iterator[Front]:
    """Run one; with a certificate (a PEM of it and its key) it speaks TLS."""
    state = Front(behind, **behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            time.sleep(state.slow)
            if not state.allows(self.headers.get("Authorization", "")):
                self.answer(401, b'{"error":"Unauthorized"}')
            elif state.busy and "_bulk" in self.path:
                state.busy -= 1
                self.answer(429, b'{"error":{"type":"rejected","reason":"queue is full"}}')
            else:
                if "_bulk" in self.path:
                    state.bulks += 1
                    state.largest = max(state.largest, body.count(b"\n") // 2)
                self.forward(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - http.server's names

        def forward(self, body: bytes) -> None:
            target = urlsplit(state.behind)
            assert target.hostname
            there = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
            kind = self.headers.get("Content-Type", "application/json")
            there.request(self.command, self.path, body or None, {"Content-Type": kind})
            answer = there.getresponse()
            said = answer.read()
            if state.halved and "_bulk" in self.path:
                state.halved -= 1
                said = half_refused(said)
            self.answer(answer.status, said)
            there.close()

        def answer(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
            except OSError:  # who asked has hung up
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # of clients that trust nobody
    state.url = f"{scheme}://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_certificate(directory: Path) -> Path:
    """Make a certificate for localhost that signs itself; return the PEM of it and its key."""
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both = directory / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    return both
