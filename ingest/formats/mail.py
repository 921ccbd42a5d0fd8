"""Newsletters: messages as .eml files, or in a Maildir; the sender is the source.

A message is an article by its Message-ID, or by the address that its Archived-At header names
(RFC 5064). Attachments are passed over.
"""

from __future__ import annotations

from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from html import escape
from pathlib import Path

from ingest.clean import MAX_NAME, plain
from ingest.intake import Intake, RawEntry, claimed_language
from ingest.parsed_source import ParsedSource, UnreadableError
from models.feed import Feed

SUFFIX = ".eml"
MAX_MESSAGE = 20_000_000
"""Bytes of a message that is read."""
MAX_PARTS = 200
"""Parts within a message; the time to parse it grows with the parts that hold others."""
MAX_LINES_OF_PARTS = 2_000
"""Lines that may begin a part, whatever their boundary."""
MAX_HEADERS = 256_000
"""Bytes of a message's headers."""
MAX_TEXT = 4_000_000
"""Characters of the text of a message that are read, as it is sent; far more than is kept."""
_LONGEST = 2_000  # characters of a header that are looked at
_MAILDIR = ("cur", "new", "tmp")


def is_maildir(path: Path) -> bool:
    """Say whether a directory is a Maildir."""
    return all((path / name).is_dir() for name in _MAILDIR)


def maildir_names(path: Path) -> list[str]:
    """Return the messages of a Maildir, those that were delivered whole, sorted."""
    return sorted(
        f"{folder}/{one.name}"
        for folder in _MAILDIR[:2]
        for one in (path / folder).iterdir()
        if one.is_file() and not one.name.startswith(".")
    )


def read_message(data: bytes, name: str) -> ParsedSource:
    """Read one message; raises UnreadableError if it can't be parsed."""
    if len(data) > MAX_MESSAGE:
        raise UnreadableError(f"is larger than {MAX_MESSAGE // 1_000_000} MB")
    ends = [end for mark in (b"\n\n", b"\r\n\r\n") if (end := data.find(mark)) >= 0]
    if not ends or min(ends) > MAX_HEADERS:
        raise UnreadableError("is not a mail message (its headers have no end)")
    lower = data.lower()
    if lower.count(b"boundary=") + lower.count(b"message/rfc822") > MAX_PARTS:
        raise UnreadableError(f"has more than {MAX_PARTS} parts within each other")
    if data.count(b"\n--") > MAX_LINES_OF_PARTS:
        raise UnreadableError(f"has more than {MAX_LINES_OF_PARTS:,} lines that begin a part")
    del lower
    digest = sha256(data).hexdigest()
    message = message_from_bytes(data, policy=policy.compat32)
    del data  # of a long message there is no room for two
    sender, address = parseaddr(_header(message, "From"))
    if "@" not in address:
        raise UnreadableError("is not a mail message (it has no sender)")
    source = plain(sender)[:MAX_NAME] or address.rpartition("@")[2]
    feed = Feed(url=f"mailto:{address.lower()}", title=source)
    intake = Intake()
    date = None
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        date = parsedate_to_datetime(_header(message, "Date"))
    text, is_cut = _text(message)
    if is_cut:
        intake.note(name, f"is long; the first {MAX_TEXT // 1_000_000} MB of its text are read")
    intake.take(
        RawEntry(
            where=name,
            link=_archived_at(message),
            title=escape(_header(message, "Subject"), quote=False),
            date=date.astimezone() if date else None,
            guid=_header(message, "Message-ID").strip("<> ") or digest,
            body=text,
            language=claimed_language(_header(message, "Content-Language")),
            source=source,
            feed=feed.url,
        )
    )
    return intake.parsed(name, feed)


def _header(message: Message, name: str) -> str:
    """Return a header as text, its encoded words decoded."""
    raw = str(message.get(name, ""))[:_LONGEST]
    try:
        text = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        text = raw
    return " ".join(text.split())


def _archived_at(message: Message) -> str:
    """Return the address of the message on the web, or ""."""
    address = _header(message, "Archived-At").strip("<> ")
    return address if address.startswith(("http://", "https://")) else ""


def _text(message: Message) -> tuple[str, bool]:
    """Return the HTML of a message, or its plain text as HTML, or ""; and whether it was cut."""
    found: dict[str, Message] = {}
    for part in message.walk():
        kind = part.get_content_type()
        is_text = kind in {"text/html", "text/plain"} and not part.get_filename()
        if is_text and isinstance(part.get_payload(), str):
            found.setdefault(kind, part)
    for kind in ("text/html", "text/plain"):
        if kind in found and (text := _text_of(found[kind])).strip():
            is_cut = len(str(found[kind].get_payload())) > MAX_TEXT
            return text if kind == "text/html" else escape(text, quote=False), is_cut
    return "", False


def _text_of(part: Message) -> str:
    """Return the text of a part, decoded, as far as it is looked at."""
    sent = part.get_payload()
    assert isinstance(sent, str)  # noqa: S101 - parts that hold others were passed over
    if len(sent) > MAX_TEXT:
        part.set_payload(sent[: sent.rfind("\n", 0, MAX_TEXT) + 1 or MAX_TEXT])
    payload = part.get_payload(decode=True)
    part.set_payload(sent)
    if not isinstance(payload, bytes):
        return ""
    return _decoded(payload, part.get_content_charset() or "utf-8")


def _decoded(payload: bytes, charset: str) -> str:
    from ingest.encoding import decode_xml

    return decode_xml(payload, f"text/html; charset={charset[:40]}")[0]
