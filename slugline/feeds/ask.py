"""Fetches and parses one feed; any failure is part of the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from models.errors import SourceError

if TYPE_CHECKING:
    from ingest.fetching.fetch import Answer, Asker
    from ingest.parsed_source import ParsedSource
    from ingest.parsing.reader import Reader
    from models.feed import Feed


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking for a feed: the answer without its body, what stood in it, what failed.

    Neither `parsed` nor `error`: the feed has not changed. `texts` are those of linked pages, by
    the id of the article.
    """

    answer: Answer | None = None
    parsed: ParsedSource | None = None
    error: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


def ask(feed: Feed, asker: Asker, reader: Reader) -> Reply:
    """Ask for a feed, unless unchanged, and read it; raises StoppedError where that was stopped."""
    from ingest.fetching.fetch import Validators, phrase
    from ingest.parsed_source import UnreadableError
    from ingest.parsing.limits import why_failed
    from ingest.parsing.pool import StoppedError

    try:
        answer = asker.fetch(feed.address, Validators(feed.etag, feed.modified))
        bare = replace(answer, body=b"")
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Reply(bare)
        if answer.status != HTTPStatus.OK:
            return Reply(bare, error=f"answered {phrase(answer.status)}")
        if feed.selectors:
            parsed = reader.page_items(
                answer.body, feed.url, answer.url, answer.content_type, feed.selectors
            )
        else:
            parsed = reader.read(answer.body, feed.url, feed.url, answer.content_type)
    except UnreadableError as error:
        return Reply(bare, error=str(error))
    except StoppedError:
        raise
    except SourceError as error:
        return Reply(error=error.reason.removesuffix("."))
    except Exception as error:  # whatever a feed does to its reader, it costs no other feed
        return Reply(error=why_failed(error))
    if parsed.cut:  # "unchanged" would be said of the whole, of which we have a part
        bare = replace(bare, validators=Validators())
    return Reply(bare, _as_known(feed, parsed))


def _as_known(feed: Feed, parsed: ParsedSource) -> ParsedSource:
    """Let entries without links keep the ids they had before their feed moved."""
    named = replace(parsed.feed, url=feed.url)
    if not feed.first_url:
        return replace(parsed, feed=named)
    entries = tuple(
        entry if entry.canonical_url else replace(entry, feed=feed.first_url)
        for entry in parsed.entries
    )
    return replace(parsed, feed=named, entries=entries)
