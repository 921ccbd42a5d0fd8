"""A feed that Slugline reads, and how it is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's address, names and health; times aware and in UTC.

    `subscribed` feeds are fetched by `slugline watch`; the others were only seen in an archive.
    """

    url: str
    title: str = ""
    language: str = ""
    labels: tuple[str, ...] = ()
    subscribed: bool = False
    added: datetime | None = None
    checked: datetime | None = None
    error: str = ""
