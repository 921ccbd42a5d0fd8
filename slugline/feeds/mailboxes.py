"""Mailboxes as sources: their passwords, new messages, and how far each has been read.

address + password -> connection -> new messages -> reader -> entries, and what to remember
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from models.article import Rejection
from models.errors import ConfigError, SourceError
from models.feed import Feed, FeedState, parted, shown_address
from models.wording import why_refused
from slugline.feeds.ask import Reply

if TYPE_CHECKING:
    from ingest.fetching.address import Network
    from ingest.mailboxes.address import Mailbox
    from ingest.mailboxes.connection import Access
    from ingest.mailboxes.messages import Message, NewMessages
    from ingest.parsed_source import ParsedSource
    from ingest.parsing.reader import Reader
    from slugline.setting_sections import ImapSettings
    from store.store import Store

LONGEST_FILE = 1_000_000
"""Bytes of the file of passwords."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What one message came to, and what is to be remembered once that is stored.

    `has_more` says of the last one that others are left for the next time.
    """

    state: str
    part: ParsedSource
    has_more: bool = False


class Mailboxes:
    """Opens mailboxes with the passwords that settings give.

    `local` are networks that the mailbox of an address may stand in, since a person typed it.
    """

    def __init__(
        self,
        settings: ImapSettings,
        access: Access,
        local: Mapping[str, tuple[Network, ...]],
    ) -> None:
        self._settings = settings
        self._access = access
        self._local = local

    def probe(self, address: str) -> Feed:
        """Return a mailbox as a feed once it could be opened; raises SourceError."""
        with self._opened(address, ""):
            return feed_of(address)

    def read(self, feed: Feed, reader: Reader) -> Iterator[Mail]:
        """Yield what is new in a mailbox, the oldest first; the last part says what was left.

        Raises SourceError, also after some messages.
        """
        from ingest.parsed_source import ParsedSource

        known = feed_of(feed.address)
        with self._opened(feed.address, feed.etag) as messages:
            seen = messages.begin
            for message in messages:
                seen = replace(seen, uid=message.uid)
                yield Mail(str(seen), _read(message, known, reader))
            if messages.cut:
                note = Rejection(feed.url, messages.cut)
                part = ParsedSource(feed.url, known, notes=(note,))
                yield Mail(str(seen), part, has_more=True)

    @contextmanager
    def _opened(self, address: str, state: str) -> Iterator[NewMessages]:
        from ingest.mailboxes.address import read_mailbox
        from ingest.mailboxes.connection import opened
        from ingest.mailboxes.messages import NewMessages, ReadPosition
        from ingest.parsed_source import UnreadableError

        mailbox = read_mailbox(address)
        url = parted(address)[0]
        access = replace(self._access, allowed=self._access.allowed + self._local.get(url, ()))
        password = self._password_of(mailbox, shown_address(address))
        try:
            with opened(mailbox, password, access) as server:
                yield NewMessages(server, ReadPosition.read(state), access.limits)
        except UnreadableError as error:
            raise SourceError(f"{error}.", shown_address(address)) from None

    def _password_of(self, mailbox: Mailbox, shown: str) -> str:
        named = self._settings.password_file
        found = _passwords(Path(named).expanduser()) if named else {}
        password = found.get(f"{mailbox.user}@{mailbox.host}") or self._settings.password
        if not password:
            raise SourceError(
                "needs a password: set SLUGLINE_IMAP_PASSWORD, or name a file in "
                "imap.password_file with a line `user@host password`.",
                shown,
            )
        return password


def feed_of(address: str) -> Feed:
    """Return the mailbox at an address as a feed; raises SourceError."""
    from ingest.mailboxes.address import read_mailbox

    url, login = parted(address)
    return Feed(url=url, login=login, title=read_mailbox(address).title)


def ask_mailbox(feed: Feed, mailboxes: Mailboxes | None, reader: Reader) -> Reply:
    """Take what is new in a mailbox, as `ask` does of a feed; what came before trouble is kept.

    The reply has the status that a server of feeds would give: 304 where nothing is new.
    """
    from ingest.fetching.fetch import Answer, Validators
    from ingest.parsed_source import ParsedSource, joined
    from ingest.parsing.limits import why_failed
    from ingest.parsing.pool import StoppedError

    if mailboxes is None:
        return Reply(error="is a mailbox, which is not opened here")
    state, parts, has_more, error = feed.etag, [], False, ""
    try:
        with closing(mailboxes.read(feed, reader)) as mail:  # type: ignore[type-var]  # a generator
            for one in mail:
                state, has_more = one.state, one.has_more
                parts.append(one.part)
    except (StoppedError, ConfigError):
        raise
    except SourceError as failed:
        error = failed.reason.removesuffix(".")
    except Exception as failed:  # whatever a server does to its reader, it costs no other feed
        error = why_failed(failed)
    if error and not parts:
        return Reply(error=error)
    if error:
        broken = Rejection(feed.url, f"was not read to its end: {error}")
        parts.append(ParsedSource(feed.url, feed_of(feed.address), notes=(broken,)))
    status = HTTPStatus.OK if parts else HTTPStatus.NOT_MODIFIED
    answer = Answer(status, feed.url, validators=Validators(state), has_more=has_more)
    return Reply(answer, joined(parts) if parts else None)


def read_mailbox_once(
    store: Store, mailboxes: Mailboxes, address: str, reader: Reader
) -> Iterator[ParsedSource]:
    """Yield what is new in a mailbox that is ingested, and remember how far it was read.

    A part is stored before the next one is asked for, so that what was asked for last is all that a
    run that ends early reads again.
    """
    known = feed_of(address)
    store.feeds.put(known)
    before = store.feeds.get(known.url)
    feed = replace(before, login=known.login)
    stored = before.etag
    try:
        for mail in mailboxes.read(feed, reader):
            yield mail.part
            stored = mail.state
    finally:
        if stored != before.etag:
            store.feeds.record([(feed.url, _read_so_far(before, stored))])


def _read_so_far(feed: Feed, state: str) -> FeedState:
    return FeedState(
        when=datetime.now(UTC),
        url=feed.url,
        login=feed.login,
        succeeded=True,
        next_check=feed.next_check,
        interval=feed.interval,
        etag=state,
    )


def _read(message: Message, feed: Feed, reader: Reader) -> ParsedSource:
    """Read one message; whatever it does to its reader, it costs no other."""
    from ingest.archives.reader import refused, unreadable
    from ingest.parsed_source import UnreadableError
    from ingest.parsing.pool import StoppedError

    name = f"{feed.url}, message {message.uid}"
    try:
        if message.why:
            raise UnreadableError(message.why)
        part = reader.message(message.data, name)
    except StoppedError:
        raise
    except UnreadableError as error:
        part = refused(name, str(error))
    except Exception as error:
        part = unreadable(name, error)
    return replace(part, feed=feed)


def _passwords(path: Path) -> dict[str, str]:
    """Return the passwords of a file by `user@host`; raises ConfigError."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_FILE).decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"imap.password_file: {path} can't be read: {why_refused(error)}."
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"imap.password_file: {path} is not UTF-8.") from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        who, _, password = line.strip().partition(" ")
        user, at, host = who.rpartition("@")
        if not (user and at and host and password.strip()):
            raise ConfigError(
                f"imap.password_file: line {number} of {path} is not `user@host password`."
            )
        found[f"{user}@{host.lower()}"] = password.strip()
    return found
