"""A feed that Slugline reads, and how it is doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit


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

    @property
    def address(self) -> str:
        """The address to fetch, with the login where there is one; never shown to anybody."""
        if not self.login:
            return self.url
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=f"{self.login}@{parts.netloc}"))


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check of a feed leaves behind: its health, as `Feed` describes it.

    `when` is the moment of the check, None where the feed was put off and not asked for. `url` is
    the feed's address from now on (another than before where it moved for good), `login` what goes
    with that ("" takes an earlier one away).
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


def parted(url: str) -> tuple[str, str]:
    """Part an address into what may be shown and the login in it (`user:password`, or "")."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    login, _, host = parts.netloc.rpartition("@")
    return (urlunsplit(parts._replace(netloc=host)), login) if login else (url, "")
