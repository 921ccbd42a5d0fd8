"""Newsletters are articles, their senders the sources."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.mail import read_message
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.source import count_parts, read


def letter(number: int = 1, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Hafenblatt für alle <News@harbour.example>"
    message["Subject"] = "Fähre fährt & bleibt"
    message["Date"] = "Sun, 12 Nov 2023 22:00:18 +0100"
    message["Message-ID"] = f"<{number}@harbour.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("The line <runs> again.\n")
    message.add_alternative("<p>The line <i>runs</i> again.</p>", subtype="html")
    message.add_attachment("secret,1", subtype="csv", filename="a.csv")
    return bytes(message)


def test_a_newsletter_is_an_article_of_its_sender() -> None:
    part = read_message(letter(), "1.eml")
    (entry,) = part.entries
    assert entry.title == "Fähre fährt & bleibt"
    assert entry.summary == "The line runs again."
    assert (entry.source, entry.feed) == ("Hafenblatt für alle", "mailto:news@harbour.example")
    assert (entry.guid, entry.url) == ("1@harbour.example", "")
    assert entry.published == datetime(2023, 11, 12, 21, 0, 18, tzinfo=UTC)
    assert entry.id != read_message(letter(2), "2.eml").entries[0].id


def test_where_it_stands_on_the_web_is_its_address() -> None:
    link = "https://harbour.example/letters/1"
    assert read_message(letter(Archived_At=f"<{link}>"), "x").entries[0].url == link
    assert read_message(letter(Archived_At="<javascript:1>"), "x").entries[0].url == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no headers at all",
        b"Subject: nobody\n\ntext",
        b"From: a@b.example\n" + b"X: y\n" * 100_000 + b"\n",
        b"From: a@b.example\n\n" + b"boundary=" * 300,
    ],
)
def test_what_is_not_mail_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_message(data, "x")


def test_a_directory_and_a_maildir_are_read_whatever_one_message_is(tmp_path: Path) -> None:
    maildir = tmp_path / "maildir"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur" / "1:2,S").write_bytes(letter(1))
    (maildir / "new" / "2").write_bytes(letter(2))
    (maildir / "new" / "3").write_bytes(b"nothing")
    (maildir / "tmp" / "4").write_bytes(letter(4))
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.eml").write_bytes(letter(1))
    (plain / "b.eml").write_bytes(b"nothing")
    for folder, count in ((maildir, 3), (plain, 2)):
        parts = list(read(str(folder)))
        assert count_parts(str(folder)) == len(parts) == count
        assert sum(part.rejected for part in parts) == 1
        assert sum(len(part.entries) for part in parts) == count - 1


@pytest.mark.parametrize("cte", ["7bit", "base64", "quoted-printable"])
def test_of_a_long_message_the_beginning_is_read_and_the_cut_told(cte: str) -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("<p>The line runs again.</p>\n" * 200_000, subtype="html", cte=cte)
    part = read_message(bytes(message), "1.eml")
    assert part.entries[0].body.startswith("The line runs again. The line")
    assert part.notes[0].reason == "is long; the first 4 MB of its text are read"


@given(st.binary(max_size=300))
def test_any_message_is_read_or_unreadable(data: bytes) -> None:
    for wrapped in (b"From: a@b.example\n" + data + b"\n\n", data, letter()[:-200] + data):
        try:
            assert isinstance(read_message(wrapped, "x"), ParsedSource)
        except UnreadableError:
            continue


def test_messages_within_messages_are_refused_in_words() -> None:
    data = b"From: a@a.example\n" + b"Content-Type: message/rfc822\n\n" * 100_000
    with pytest.raises(UnreadableError, match="parts within each other"):
        read_message(data, "a.eml")
