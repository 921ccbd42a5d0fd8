"""A connection to a mail server that goes only where it may, and ends when its time is up.

The protocol is `imaplib`'s; every byte passes here, so that a server which sends without end, one
byte at a time or more than it may, is left. Nothing is sent in clear but to this very machine.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpcore

from ingest.fetching.address import Network, is_loopback
from ingest.fetching.connect import (
    Clock,
    ForbiddenAddressError,
    GuardedBackend,
    Resolver,
    resolve,
)
from ingest.fetching.fetch import Timeouts
from ingest.formats.mail import MAX_MESSAGE
from ingest.mailboxes.address import Mailbox, as_sent, as_shown
from ingest.parsed_source import UnreadableError

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_LINE = 4_000_000
"""Bytes of one line: the numbers of some 500,000 new messages."""
MAX_LINES = 50_000
"""Lines that answer one command."""
OVERHEAD = 20_000_000
"""Bytes beside the messages that a server may send in all."""
NAMED = 10
"""Mailboxes that are named where the one that was asked for is not there."""
_WORDS = 200  # characters of a server's own words that are shown
_STEP = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken of a mailbox at one time: messages, their bytes, seconds by the clock."""

    messages: int = 500
    size: int = 50_000_000
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Access:
    """Where connections may go, and how long they may take."""

    allowed: tuple[Network, ...] = ()
    limits: Limits = Limits()
    timeouts: Timeouts = field(default_factory=Timeouts)
    resolver: Resolver = resolve


class GuardedImap(imaplib.IMAP4):
    """`imaplib`, with every byte counted and within the time of the whole."""

    def __init__(self, mailbox: Mailbox, access: Access) -> None:
        self.clock = Clock()
        self.clock.end = time.monotonic() + access.limits.seconds
        self._backend = GuardedBackend(self.clock, access.allowed, access.resolver)
        self._mailbox = mailbox
        self._timeouts = access.timeouts
        self._left = access.limits.size + MAX_MESSAGE + OVERHEAD
        self._buffer = bytearray()
        self._lines = 0
        super().__init__(mailbox.host, mailbox.port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002 - imaplib's signature
        """Connect, to an address that was looked at."""
        self.host, self.port = host, port
        stream = self._backend.connect_tcp(host, port, self._timeouts.connect)
        found = stream.get_extra_info("socket")
        assert isinstance(found, socket.socket)  # noqa: S101 - httpcore's own
        self.sock = found
        self.is_this_machine = is_loopback(str(found.getpeername()[0]))
        if self._mailbox.is_tls:
            self._go_encrypted()

    def start_encryption(self) -> None:
        """Go on by STARTTLS; raises UnreadableError where the server sent more than its answer."""
        answer, _ = self.xatom("STARTTLS")
        if answer != "OK":
            raise UnreadableError("offers STARTTLS, but does not begin it")
        if self._buffer:  # whoever sits between could have put it there
            raise UnreadableError("sends in clear what belongs into the encrypted part")
        self.untagged_responses = {}
        self._go_encrypted()
        self._get_capabilities()  # as imaplib's own starttls does

    def _go_encrypted(self) -> None:
        self.sock.settimeout(self.clock.left(self._timeouts.connect))
        context = httpcore.default_ssl_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self._mailbox.host)

    def can(self, capability: str) -> bool:
        """Say whether the server offers something, as it said when it was asked last."""
        return capability in self.capabilities

    def read(self, size: int) -> bytes:
        """Return that many bytes; raises UnreadableError where no message is so large."""
        if size > MAX_MESSAGE:
            raise UnreadableError(f"sends a piece of {size:,} bytes, which no message has")
        while len(self._buffer) < size:
            self._receive()
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def readline(self) -> bytes:
        """Return the next line."""
        self._lines += 1
        if self._lines > MAX_LINES:
            raise UnreadableError(f"answers with more than {MAX_LINES:,} lines")
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            if looked > MAX_LINE:
                raise UnreadableError(f"sends a line of more than {MAX_LINE:,} bytes")
            self._receive()
        found = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return found

    def send(self, data: Buffer) -> None:
        """Send a command."""
        self._lines = 0
        self.sock.settimeout(self.clock.left(self._timeouts.read))
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the connection."""
        with suppress(OSError, AttributeError):
            self.sock.close()

    def _receive(self) -> None:
        self.sock.settimeout(self.clock.left(self._timeouts.read))
        piece = self.sock.recv(_STEP)
        if not piece:
            raise self.abort("the connection ended")
        self._left -= len(piece)
        if self._left < 0:
            raise UnreadableError("sends more than its messages come to")
        self._buffer += piece


@contextmanager
def opened(mailbox: Mailbox, password: str, access: Access) -> Iterator[GuardedImap]:
    """Open a mailbox to be read and never changed; raises UnreadableError with the reason."""
    with _errors_in_words(mailbox, password):
        server = GuardedImap(mailbox, access)
        try:
            _encrypt(server, mailbox)
            _sign_in(server, mailbox, password)
            _examine(server, mailbox)
            yield server
        finally:
            server.clock.end = min(server.clock.end, time.monotonic() + 2)
            with suppress(imaplib.IMAP4.error, OSError, UnreadableError, httpcore.TimeoutException):
                server.logout()
            server.shutdown()


_BROKE_OFF = (
    *(imaplib.IMAP4.abort, ConnectionResetError, BrokenPipeError),
    *(httpcore.ReadError, httpcore.WriteError),
)
"""What says that a server ended a connection that there was."""


@contextmanager
def _errors_in_words(mailbox: Mailbox, password: str) -> Iterator[None]:
    """Tell in words what may go wrong on the way."""
    at = f"{mailbox.host} at port {mailbox.port}"
    try:
        yield
    except UnreadableError:
        raise
    except (TimeoutError, httpcore.TimeoutException):
        raise UnreadableError("takes too long to answer") from None
    except ForbiddenAddressError as error:
        raise UnreadableError(f"is not fetched: {error}") from None
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
        raise UnreadableError(f"has a certificate that does not hold ({why})") from None
    except ssl.SSLError as error:
        why = error.reason or str(error)
        hint = ". For STARTTLS write imap:// in place of imaps://" if mailbox.is_tls else ""
        raise UnreadableError(f"{at} does not speak TLS ({why}){hint}") from None
    except _BROKE_OFF as error:
        raise UnreadableError(f"broke off ({_words(error, password)})") from None
    except imaplib.IMAP4.error as error:
        raise UnreadableError(
            f"is not a mail server's mailbox ({_words(error, password)})"
        ) from None
    except ValueError:  # a number that is none, bytes where words have to be
        raise UnreadableError("answers what no mail server does") from None
    except (httpcore.NetworkError, OSError) as error:
        raise UnreadableError(f"can't be reached: {at} ({error})") from None


def _encrypt(server: GuardedImap, mailbox: Mailbox) -> None:
    """Begin TLS where it is not spoken yet; without it only this machine gets a password."""
    if mailbox.is_tls:
        return
    if server.can("STARTTLS"):
        server.start_encryption()
    elif not server.is_this_machine:
        raise UnreadableError(
            "offers no encryption (STARTTLS), and a password is not sent in clear. "
            "Where the server speaks TLS, write imaps:// in place of imap://"
        )


def _sign_in(server: GuardedImap, mailbox: Mailbox, password: str) -> None:
    """Sign in, by SASL PLAIN where it is offered, which takes any character."""
    if server.state == "AUTH":
        raise UnreadableError("lets anybody in before a password was given")
    try:
        if server.can("AUTH=PLAIN"):
            login = f"\0{mailbox.user}\0{password}".encode()
            server.authenticate("PLAIN", lambda _: login)
        elif server.can("LOGINDISABLED"):
            raise UnreadableError("takes no password that Slugline can give")
        else:
            server.login(mailbox.user, password)
    except imaplib.IMAP4.abort:
        raise
    except UnicodeEncodeError:
        raise UnreadableError("takes a user and password of ASCII only") from None
    except imaplib.IMAP4.error as error:
        said = _words(error, password)
        raise UnreadableError(f"does not accept this user and password ({said})") from None


def _examine(server: GuardedImap, mailbox: Mailbox) -> None:
    """Open the mailbox so that nothing in it can change."""
    answer, said = server.select(as_sent(mailbox.name), readonly=True)
    if answer == "OK":
        return
    _, listed = server.list()
    found = [as_shown(m[1]) for each in listed if (m := _listed(each))]
    names = f"; there are {', '.join(sorted(found)[:NAMED])}" if found else ""
    why = _shown(said[-1] or b"")
    raise UnreadableError(f"has no mailbox {mailbox.name!r} ({why}){names}")


def _listed(line: object) -> re.Match[str] | None:
    r"""Match the name in a line of LIST: `(\HasNoChildren) "/" "News"`."""
    text = _shown(line) if isinstance(line, bytes) else ""
    return re.search(r'\) (?:"[^"]*"|NIL) "?([^"]+)"?$', text)


def _words(error: Exception, password: str) -> str:
    """Return what a server said, without the password that it may have said too."""
    said = error.args[0] if error.args else ""
    text = said if isinstance(said, bytes) else str(said).encode()
    return _shown(text.replace(password.encode(), b"***") if password else text)


def _shown(said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_WORDS].strip()
