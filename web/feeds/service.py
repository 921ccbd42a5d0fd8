"""What asks servers for feeds on behalf of pages and API; the front door gives it to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from models.feed import Feed, FeedCheck


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed that an address offers; `known` where it is subscribed to already."""

    url: str
    title: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class AddedFeeds:
    """What a subscription did: the feeds taken, how many of them are new, what else was offered."""

    feeds: tuple[Feed, ...]
    added: int
    offers: tuple[OfferedFeed, ...]
    checks: tuple[FeedCheck, ...]


class FeedService(Protocol):
    """What asks servers for feeds, within the limits of the settings and their guard.

    Each call may take as long as the settings let a fetch take. Raises SourceError with the reason
    where an address can't be read or offers no feed, UsageError where it is not an address,
    BusyError where too many are under way.
    """

    def find(self, address: str) -> tuple[OfferedFeed, ...]:
        """Return the feeds that an address offers."""

    def add(
        self, address: str, *, every: bool, labels: tuple[str, ...], full_text: bool, who: str
    ) -> AddedFeeds:
        """Subscribe to the first feed that an address offers, or to `every` one, and check it."""

    def check(self, feeds: Sequence[Feed]) -> tuple[FeedCheck, ...]:
        """Ask for feeds now, and take what is new."""
