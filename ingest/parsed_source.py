"""The output of ingest: one feed or archive file, with its entries and rejections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.article import Entry, Rejection
from models.exported import ExportedArticle
from models.feed import Feed


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """One feed or archive file, read to its end.

    `name` is the file's path inside its ZIP or directory, or the feed's URL. Everything that stood
    in it is either in `entries` or in `rejections`. `notes` tells what was taken though not as it
    came: a text cut at its cap, a date that can't be believed. `exported` are articles of an export
    of ours, which bring their tags. `unlisted` counts rejections beyond those that are named. `cut`
    says that it ended before it was complete. A large file comes in several of these, one after the
    other.
    """

    name: str
    feed: Feed
    entries: tuple[Entry, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    notes: tuple[Rejection, ...] = ()
    exported: tuple[ExportedArticle, ...] = ()
    unlisted: int = 0
    cut: bool = False

    @property
    def rejected(self) -> int:
        """How many entries, or the whole, could not be taken."""
        return len(self.rejections) + self.unlisted


@dataclass(frozen=True, slots=True)
class ZipListing:
    """What a ZIP holds: a feed's days, `.json` and `.md`, and the members that are not read."""

    pairs: tuple[tuple[str | None, str | None], ...] = ()
    refused: tuple[Rejection, ...] = ()


def joined(parts: Iterable[ParsedSource]) -> ParsedSource:
    """Return the parts of one feed or file, of which there is at least one, as a whole."""
    first, *others = parts
    if not others:
        return first
    whole = [first, *others]
    return replace(
        first,
        entries=tuple(entry for part in whole for entry in part.entries),
        rejections=tuple(one for part in whole for one in part.rejections),
        notes=tuple(note for part in whole for note in part.notes),
        exported=tuple(one for part in whole for one in part.exported),
        unlisted=sum(part.unlisted for part in whole),
        cut=any(part.cut for part in whole),
    )


class UnreadableError(ValueError):
    """A file is not what its name says, or is cut off; the message goes on from its name."""
