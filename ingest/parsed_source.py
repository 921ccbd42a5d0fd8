"""What ingest hands over: one feed, or one file of an archive, with all that stood in it."""

from __future__ import annotations

from dataclasses import dataclass

from models.article import Entry, Rejection
from models.exported import ExportedArticle
from models.feed import Feed


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """One feed or archive file, read to its end.

    `name` is the file's path inside its ZIP or directory, or the feed's URL. Everything that stood
    in it is either in `entries` or in `rejections`. `notes` tells what was taken though not as it
    came: a text cut at its cap, a date that can't be believed. `exported` are articles of an export
    of ours, which bring their tags.
    """

    name: str
    feed: Feed
    entries: tuple[Entry, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    notes: tuple[Rejection, ...] = ()
    exported: tuple[ExportedArticle, ...] = ()


class UnreadableError(ValueError):
    """A file is not what its name says, or is cut off; the message goes on from its name."""
