"""Which feeds of an OPML file can be subscribed to, and why others can't."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.article import Rejection
from models.feed import parted, shown_address, without_feed_scheme

if TYPE_CHECKING:
    from models.feed import Feed


@dataclass(frozen=True, slots=True)
class ListedFeeds:
    """The feeds of a file that can be subscribed to, how many it names in all, and what is not."""

    feeds: tuple[Feed, ...]
    found: int
    rejections: tuple[Rejection, ...]


def read_subscriptions(data: bytes, labels: Sequence[str] = ()) -> ListedFeeds:
    """Read an OPML file; each feed gets its outlines and `labels` as labels.

    Raises UnreadableError where nothing of it can be read.
    """
    from ingest.parsing.pool import ReaderPool
    from ingest.urls import is_web_address

    with closing(ReaderPool()) as reader:
        listed = reader.outlines(data)
    wanted, rejections = [], list(listed.rejections)
    for feed in listed.feeds:
        url, login = parted(without_feed_scheme(feed.url))
        if is_web_address(url) and shown_address(url) == url:
            own = tuple(dict.fromkeys((*feed.labels, *labels)))
            wanted.append(replace(feed, url=url, login=login, labels=own))
        else:
            rejections.append(Rejection(shown_address(url), "is not a web address"))
    return ListedFeeds(tuple(wanted), len(listed.feeds), tuple(rejections))
