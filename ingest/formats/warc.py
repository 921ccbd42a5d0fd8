"""Web archives (WARC 1.0 and 1.1, ISO 28500): the articles of the pages that stand in one.

A record that answers with HTML is an article where its text is one (`ingest.formats.page_text`).
Read as a stream, a record at a time, with warcio; both are extras.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from ingest.clean import MAX_NAME, plain
from ingest.formats.page_text import MAX_PAGE, article_of, is_installed
from ingest.intake import Intake, RawEntry
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.parsing.limits import Budget
from ingest.urls import host_of
from models.errors import SourceError
from models.feed import Feed

SUFFIXES = (".warc", ".warc.gz")
MAX_RECORDS = 5_000_000
TOGETHER = 100
"""Records after which what was read is handed on."""
_KINDS = ("text/html", "application/xhtml+xml")
_RECORDS = {"response", "resource"}


def is_warc(path: Path) -> bool:
    """Say whether a file is a web archive, by its name."""
    return path.name.lower().endswith(SUFFIXES)


def read_warc(path: Path, name: str) -> Iterator[ParsedSource]:
    """Yield the articles of a web archive in parts; raises SourceError if it is not one."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ModuleNotFoundError:
        raise SourceError("needs warcio: pip install 'slugline[warc]'.", name) from None
    if not is_installed():
        raise SourceError("needs trafilatura: pip install 'slugline[fulltext]'.", name)
    intake = Intake(budget=Budget(MAX_RECORDS, math.inf))
    feed = Feed(url="")
    passed = 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if intake.stops(name):
                    break
                if not _is_page(record):
                    passed += 1
                else:
                    _take(record, intake, f"{name}, record {intake.seen}")
                if intake.is_full or intake.seen % TOGETHER == 0:
                    yield intake.parsed(name, feed)
    except OSError as error:
        raise SourceError(f"can't be opened ({error.strerror or error}).", name) from error
    except (ArchiveLoadFailed, ValueError, EOFError, AttributeError, TypeError) as error:
        # The last two are what warcio raises where a record lacks a header that it has to have.
        if not intake.seen:
            raise SourceError(f"is not a web archive ({str(error)[:100]}).", name) from None
        intake.reject(name, f"is damaged or cut off; what stood before was read ({error})"[:300])
    if passed:
        intake.note(name, f"has {passed:,} records that are not pages")
    yield intake.parsed(name, feed)


def _is_page(record: Any) -> bool:
    """Say whether a record holds a page that was there."""
    headers = record.http_headers
    if record.rec_type not in _RECORDS:
        return False
    if headers is None:
        kind = record.rec_headers.get_header("Content-Type") or ""
        return bool(kind.lower().startswith(_KINDS))
    kind = (headers.get_header("Content-Type") or "").lower()
    return bool(headers.get_statuscode() == "200" and kind.startswith(_KINDS))


def _take(record: Any, intake: Intake, where: str) -> None:
    """Convert a page to an article, or reject it with the reason."""
    url = plain(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    try:
        page = record.content_stream().read(MAX_PAGE + 1)
        article = article_of(page, url)
    except UnreadableError as error:
        intake.reject(where, str(error))
        return
    except Exception as error:  # whatever stands in a record, it costs no other
        intake.reject(where, f"can't be unpacked ({type(error).__name__})")
        return
    if article.why:
        intake.reject(where, f"{article.why}: {url[:200]}")
        return
    intake.take(
        RawEntry(
            where=where,
            link=url,
            title=escape(article.title, quote=False),
            body=escape(article.text, quote=False),
            description=escape(article.description, quote=False),
            date=article.date or None,
            source=plain(article.site)[:MAX_NAME] or host_of(url),
            language=article.language,
        )
    )
