"""Gives tests mailboxes of their own on the Dovecot that `SLUGLINE_TEST_IMAP` names."""

from __future__ import annotations

import imaplib
import json
import os
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SERVER = os.environ.get("SLUGLINE_TEST_IMAP", "")

needs_imap = pytest.mark.skipif(not SERVER, reason="Dovecot is missing: tests/dovecot/start")


@dataclass(frozen=True)
class MailServer:
    """Where the server is, and a user there whom no other test has."""

    imap: int
    imaps: int
    password: str
    user: str

    @property
    def certificate(self) -> str:
        """The file of the server's certificate, for `SSL_CERT_FILE`."""
        return str(Path(SERVER) / "certificate.pem")

    def address(self, mailbox: str = "INBOX", *, scheme: str = "imaps", user: str = "") -> str:
        port = self.imaps if scheme == "imaps" else self.imap
        return f"{scheme}://{user or self.user}@localhost:{port}/{mailbox}"

    def deliver(self, *messages: bytes, mailbox: str = "INBOX") -> None:
        """Put messages into a mailbox, making it where there is none."""
        with self.signed_in() as server:
            server.create(mailbox)
            for message in messages:
                assert server.append(mailbox, "", None, message)[0] == "OK"

    def unread(self, mailbox: str = "INBOX") -> int:
        """Return how many messages nobody has read."""
        with self.signed_in() as server:
            server.select(mailbox, readonly=True)
            return len(server.search(None, "UNSEEN")[1][0].split())

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4_SSL]:
        """Open a connection of the user's own."""
        context = ssl.create_default_context(cafile=self.certificate)
        server = imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=context, timeout=60)
        try:
            server.authenticate("PLAIN", lambda _: f"\0{self.user}\0{self.password}".encode())
            yield server
        finally:
            server.logout()


@pytest.fixture
def mail_server() -> MailServer:
    said = json.loads((Path(SERVER) / "server.json").read_text(encoding="utf-8"))
    return MailServer(**said, user=f"reader-{uuid.uuid4().hex[:12]}")


def newsletter(number: int, *, text: str = "The harbour is open again.", size: int = 0) -> bytes:
    """Return a message, padded to about `size` bytes."""
    lines = [
        "From: Harbour Letter <letter@harbour.example>",
        f"Subject: Ferry number {number} leaves the harbour",
        f"Message-ID: <{number}@harbour.example>",
        f"Date: Mon, 13 Nov 2023 08:{number % 60:02}:00 +0000",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    ]
    return ("\r\n".join(lines) + "\r\n" + "x" * 76 * (size // 76)).encode()
