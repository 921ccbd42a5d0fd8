"""A feed: its address, its metadata and its health."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors by which the entries of a page without a feed are found.

    `item` finds the entries; the others are looked for within each, and "" stands for what is usual
    there. `SELECTOR@NAME` takes an attribute in place of the text.
    """

    item: str
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's address, names and health; times aware and in UTC.

    `subscribed` feeds are fetched by `slugline watch`; the others were only seen in an archive.
    `checked` is when the feed was last asked for, `succeeded` when that last went well,
    `next_check` when it is due (None: now), `interval` its pace in seconds (0: not known yet),
    `failures` how many checks failed in a row, `error` why the last one did. `gone` feeds ended for
    good and are asked no more. `etag` and `modified` are what the server gave us to ask with
    whether it changed.

    `url` never holds a user name and password as the store keeps it; those are in `login`, as they
    stand in an address (`user:password`), and nowhere else. `first_url` is the address that a moved
    feed was first known by ("" where it never moved): ids of its entries without links rest on it.
    `number` is its key in the store, which stays when it moves (0: not from the store).
    `selectors` are those of a page that is read as a feed, None where it is one.

    A mailbox has its user in `login` too, without a password; its `etag` says how far it was read.
    """

    url: str
    title: str = ""
    language: str = ""
    labels: tuple[str, ...] = ()
    subscribed: bool = False
    added: datetime | None = None
    checked: datetime | None = None
    error: str = ""
    full_text: bool = False
    succeeded: datetime | None = None
    next_check: datetime | None = None
    interval: int = 0
    failures: int = 0
    gone: bool = False
    etag: str = ""
    modified: str = ""
    login: str = field(default="", repr=False)
    first_url: str = ""
    number: int = field(default=0, compare=False)
    selectors: Selectors | None = None

    @property
    def address(self) -> str:
        """The address to fetch, with the login where there is one; never shown to anybody."""
        if not self.login:
            return self.url
        try:
            parts = urlsplit(self.url)
        except ValueError:  # not an address; whoever fetches it says so
            return self.url
        return urlunsplit(parts._replace(netloc=f"{self.login}@{parts.netloc}"))


@dataclass(frozen=True, slots=True)
class FeedState:
    """The state of a feed after a check, with the fields of `Feed`.

    `when` is the time of the check, None if it was postponed. `url` is the feed's URL from now on,
    a new one after a permanent redirect, and `login` its login ("" removes an earlier one).
    """

    when: datetime | None
    url: str
    login: str = field(default="", repr=False)
    succeeded: bool = False
    next_check: datetime | None = None
    interval: int = 0
    failures: int = 0
    error: str = ""
    gone: bool = False
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What the check of one feed came to.

    `status` is the HTTP status of the answer, None where there was none. The counts are of entries,
    as in `IngestResult`. `moved_from` is the address before, "" where the feed stayed where it was;
    `error` says why the check failed, "" where it went well.
    """

    url: str
    title: str
    status: int | None
    new: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    error: str
    failures: int
    gone: bool
    moved_from: str
    next_check: datetime | None


def without_feed_scheme(text: str) -> str:
    """Return an address without the `feed:` that browsers put before one."""
    url = text.strip()
    for scheme in ("feed://", "feed:"):
        if url.lower().startswith(scheme):
            rest = url[len(scheme) :]
            return rest if rest.lower().startswith(("http://", "https://")) else f"https://{rest}"
    return url


def parted(url: str) -> tuple[str, str]:
    """Part an address into what may be shown and the login in it (`user:password`, or "").

    Mailboxes of one name on one server are told apart by a mark of their users.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    login, _, host = parts.netloc.rpartition("@")
    if not login:
        return url, ""
    mark = _mark_of(login) if is_mailbox(url) else parts.fragment
    return urlunsplit(parts._replace(netloc=host, fragment=mark)), login


def is_mailbox(url: str) -> bool:
    """Say whether a location is meant as a mailbox on a mail server."""
    return url.strip().lower().startswith(("imaps://", "imap://"))


def _mark_of(login: str) -> str:
    user = unquote(login.partition(":")[0])
    return sha256(user.encode("utf-8", "replace")).hexdigest()[:8]


_SCHEME = re.compile(r"(?:feed:)?[a-z][a-z0-9+.-]*:/+", re.IGNORECASE)
_HOST = re.compile(r"(?:localhost|\[[0-9a-f:.]+\]|[^:@\s]+\.[^:@\s]+)(?::\d{1,5})?", re.IGNORECASE)


def shown_address(text: str) -> str:
    """Return an address as it may be shown: nothing that may be a login, whether it parses or not.

    An `@` in a path (`/@harbour/feed`) stays where what stands before it can be a host and a port.
    """
    if "@" not in text:
        return text
    text = text.strip()
    scheme = _SCHEME.match(text)
    if not scheme:
        before, _, after = text.rpartition("@")
        return after if ":" in before else text
    head, rest = scheme[0], text[scheme.end() :]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    tail = rest[len(authority) :]
    host = authority.rpartition("@")[2]
    if "@" in tail and not (_HOST.fullmatch(host) and _is_path_name(tail) and host == authority):
        # A password with a `/`, `?` or `#` in it ends the authority too soon.
        return head + tail.rpartition("@")[2]
    return head + host + tail


def _is_path_name(tail: str) -> bool:
    """Say whether each `@` of what follows a host begins the name of a folder: `/@harbour`."""
    return tail.count("@") == tail.count("/@")


_LOGIN_IN_TEXT = re.compile(r"(?i)\b((?:feed:)?[a-z][a-z0-9+.-]*:/+)([^\s'\"<>]*@[^\s'\"<>]*)")


def without_logins(text: str) -> str:
    """Return a message with every address in it as `shown_address` shows it."""
    if "@" not in text:
        return text
    return _LOGIN_IN_TEXT.sub(lambda found: shown_address(found[0]), text)
