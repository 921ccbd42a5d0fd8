"""Mail servers that nobody should meet: each is left in time, and told in words."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ingest.fetching.address import networks
from ingest.fetching.fetch import Timeouts
from ingest.mailboxes.address import Mailbox
from ingest.mailboxes.connection import MAX_LINES, Access, Limits, opened
from ingest.mailboxes.messages import NewMessages, ReadPosition
from ingest.parsed_source import UnreadableError

PASSWORD = "open sesame"  # noqa: S105 - of no real server
LOCAL = Access(
    networks(["127.0.0.0/8"]), Limits(seconds=30), Timeouts(connect=20, read=20, whole=30)
)

Script = Callable[[socket.socket], None]


@contextmanager
def scripted(script: Script) -> Iterator[int]:
    """Let one connection be answered by a script; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    script(connection)
            except OSError:  # the client has left
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.close()
        thread.join(60)
        assert not thread.is_alive()


def conversation(**answers: bytes) -> Script:
    """Answer commands by their names; `%` stands for the command's tag."""

    def run(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, command = line.split()[:2]
                if command == b"UID":
                    command += b"_" + line.split()[2]
                answer = answers.get(command.decode().lower(), b"% OK done\r\n")
                connection.sendall(answer.replace(b"%", tag))

    return run


PLAIN = b"* CAPABILITY IMAP4rev1\r\n% OK done\r\n"
EXAMINED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] it\r\n% OK [READ-ONLY] done\r\n"
ONE = b"* SEARCH 1\r\n% OK done\r\n"
SIZE = b"* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n% OK done\r\n"


def mailbox(port: int, *, is_tls: bool = False) -> Mailbox:
    return Mailbox("127.0.0.1", port, "ann", "News", is_tls)


def why(script: Script, access: Access = LOCAL, *, is_tls: bool = False) -> str:
    """Return why nothing is read of what such a server gives."""
    with (
        scripted(script) as port,
        pytest.raises(UnreadableError) as refused,
        opened(mailbox(port, is_tls=is_tls), PASSWORD, access) as server,
    ):
        list(NewMessages(server, ReadPosition(), access.limits))
    assert PASSWORD not in str(refused.value)
    return str(refused.value)


def test_a_plain_server_of_this_machine_is_read() -> None:
    message = b"* 1 FETCH (UID 1 BODY[] {5}\r\nabcde)\r\n% OK done\r\n"

    def run(connection: socket.socket) -> None:
        fetched = iter((SIZE, message))
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, command = line.split()[:2]
                answers = {b"CAPABILITY": PLAIN, b"EXAMINE": EXAMINED, b"UID": ONE}
                answer = answers.get(command, b"% OK done\r\n")
                if b"FETCH" in line:
                    answer = next(fetched)
                connection.sendall(answer.replace(b"%", tag))

    with scripted(run) as port, opened(mailbox(port), PASSWORD, LOCAL) as server:
        new = NewMessages(server, ReadPosition(), LOCAL.limits)
        assert [(each.uid, each.data) for each in new] == [(1, b"abcde")]
        assert new.begin.validity == 7


def test_no_private_address_is_reached() -> None:
    access = Access(limits=Limits(seconds=20))
    with (
        pytest.raises(UnreadableError, match="not an address of the public network"),
        opened(mailbox(143), PASSWORD, access),
    ):
        pass


def test_a_password_leaves_this_machine_encrypted_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.mailboxes.connection.is_loopback", lambda _: False)
    assert "not sent in clear" in why(conversation(capability=PLAIN))


def test_what_comes_in_clear_before_encryption_is_not_believed() -> None:
    starttls = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n% OK done\r\n"
    forged = b"% OK go on\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"
    assert "in clear" in why(conversation(capability=starttls, starttls=forged))


def test_a_server_without_tls_is_reported() -> None:
    said = why(lambda connection: connection.sendall(b"* OK ready\r\n"), is_tls=True)
    assert "does not speak TLS" in said
    assert "imap://" in said


def test_a_server_that_repeats_the_password_is_not_quoted() -> None:
    refused = b"% NO your password open sesame is wrong\r\n"
    assert "***" in why(conversation(capability=PLAIN, login=refused))


def test_terminal_escapes_of_a_server_are_not_quoted() -> None:
    said = why(conversation(capability=PLAIN, login=b"% NO \x1b[2Jgone\r\n"))
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"uid_fetch": b"* 1 FETCH (UID 1 BODY[] {999999999999}\r\n"}, "which no message has"),
        ({"uid_fetch": b"* 1 FETCH (UID 1 X {" + b"9" * 5_000 + b"}\r\n"}, "no mail server does"),
        ({"uid_search": b"* SEARCH " + b"1 " * 2_500_000}, "a line of more than"),
        ({"uid_search": b"* 1 EXISTS\r\n" * (MAX_LINES + 1)}, f"more than {MAX_LINES:,} lines"),
        ({"uid_search": b"% NO not now\r\n"}, "which messages are new"),
        ({"examine": b"* 1 EXISTS\r\n% OK done\r\n"}, "does not number its messages"),
        ({"examine": b"\xff\xfe\r\n"}, "broke off"),
    ],
)
def test_a_server_that_sends_what_none_does_is_left(answers: dict[str, bytes], said: str) -> None:
    import re

    usual = {"capability": PLAIN, "examine": EXAMINED, "uid_search": ONE, "uid_fetch": SIZE}
    assert re.search(said, why(conversation(**(usual | answers))))


def test_a_server_that_drips_is_left_when_the_time_of_the_whole_is_up() -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(10_000):
            connection.sendall(b"x")
            gone.wait(0.05)

    gone = threading.Event()
    access = Access(LOCAL.allowed, Limits(seconds=1), LOCAL.timeouts)
    assert "takes too long" in why(drip, access)


def test_a_server_that_says_nothing_is_left() -> None:
    def wait(connection: socket.socket) -> None:
        connection.recv(1)

    access = Access(LOCAL.allowed, Limits(seconds=1), LOCAL.timeouts)
    assert "takes too long" in why(wait, access)


def test_a_connection_that_ends_is_reported() -> None:
    assert "broke off" in why(lambda connection: connection.sendall(b"* OK ready\r\n"))


def test_a_connection_that_is_reset_is_reported_as_one_that_ended() -> None:
    def reset(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        connection.recv(1_000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    assert "broke off" in why(reset)
