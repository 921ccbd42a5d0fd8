"""Real receivers of alerts on this machine: a mail server, and an HTTP server that misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Posted:
    """A request that was received."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What an HTTP server received; `behave` is how it answers: a status, "hang" or "endless"."""

    behave: int | str = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    got: list[Posted] = field(default_factory=list)
    port: int = 0
    sent: int = 0

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve a receiver for the length of a block."""
    here = Receiver()
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.got.append(Posted(self.path, headers, body))
            time.sleep(here.delay)
            if here.behave == "hang":
                stopped.wait(60)
                return
            status = here.behave if isinstance(here.behave, int) else 200
            self.send_response(status)
            for name, value in here.headers.items():
                self.send_header(name, value)
            length = 10_000_000_000 if here.behave == "endless" else 0
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if here.behave == "endless":
                self.flood()

        def flood(self) -> None:
            piece = b"x" * 65_536
            try:
                while not stopped.is_set() and here.sent < 10_000_000_000:
                    self.wfile.write(piece)
                    here.sent += len(piece)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()


class MailBox:
    """The handler of a mail server; it refuses with `refuse` where that is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = ""
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailBox]:
    """Run a real SMTP server for the length of a block."""
    box = MailBox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
