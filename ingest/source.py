"""The entry point of ingest: reads any location that a person names, one part at a time.

A location is a feed's URL, a feed file (RSS, Atom, JSON Feed), an OPML file, an archive's .md or
.json, a ZIP of them, a directory of all these, or an export of ours (.jsonl, .parquet).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.archives import reader as archive
from ingest.fetching.fetch import Fetcher
from ingest.files import Directory, read_file
from ingest.formats import mail, table, warc
from ingest.opml import looks_like_opml
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.parsing.pool import InProcess
from ingest.parsing.reader import Reader
from models.article import Rejection
from models.errors import SourceError
from models.feed import Feed, parted, shown_address

__all__ = ["ParsedSource", "count_parts", "read"]

FEED_SUFFIXES = frozenset({".xml", ".rss", ".atom", ".rdf", ".feed"})
"""How the names of feed files end; other names are told by what stands in them."""


@dataclass(frozen=True, slots=True)
class _ReadContext:
    """What the readers need: a client for URLs, a parser, and the mapping of table columns."""

    fetcher: Fetcher | None
    reader: Reader
    columns: Mapping[str, str] | None = None


def read(
    location: str,
    *,
    fetcher: Fetcher | None = None,
    reader: Reader | None = None,
    columns: Mapping[str, str] | None = None,
) -> Iterator[ParsedSource]:
    """Yield a parsed source for each feed or archive file at `location`.

    Files come in the order of their names, the feeds of an OPML file as they answer. `columns`
    maps the columns of a table to fields.

    Raises SourceError where there is nothing to read: a missing file, a directory without any file
    of ours, an invalid ZIP, a file of an unknown kind, a feed that can't be fetched. Whatever
    is smaller than that is a rejection inside a part.
    """
    context = _ReadContext(fetcher, reader or InProcess(), columns)
    if is_url(location):
        yield _fetch(location, context)
        return
    path = Path(location).expanduser()
    if path.is_dir() and mail.is_maildir(path):
        for name in mail.maildir_names(path):
            yield _read_mail(path / name, name, context.reader)
    elif path.is_dir():
        yield from _read_directory(path, context)
    elif not path.exists():
        raise SourceError(
            "does not exist. Give a feed's URL, a file or a directory.", shown_address(location)
        )
    else:
        yield from _read_file(path, location, context)


def count_parts(location: str, reader: Reader | None = None) -> int | None:
    """Return how many parts `read` will yield, as far as that is cheap to know; None where not."""
    if is_url(location):
        return 1
    reader = reader or InProcess()
    path = Path(location).expanduser()
    try:
        if path.is_dir() and mail.is_maildir(path):
            return len(mail.maildir_names(path))
        if path.is_dir():
            return sum(_count_file(path / name, reader) for name in _jobs(path, {})) or None
        return _count_file(path, reader) if path.exists() else None
    except (SourceError, UnreadableError):
        return None


def is_url(location: str) -> bool:
    """Say whether a location is a URL and not a path."""
    return location.lower().startswith(("http://", "https://"))


def _count_file(path: Path, reader: Reader) -> int:
    if path.suffix.lower() == ".zip":
        listing = reader.listing(path)
        return len(listing.pairs) + bool(listing.refused)
    if path.suffix.lower() == ".opml":
        opml = reader.outlines(read_file(path))
        return len(opml.feeds) + bool(opml.rejections)
    return 1


def _jobs(root: Path, columns: Mapping[str, str] | None) -> list[str]:
    """Return the files of a directory that are read, a .md with a .json beside it left out."""
    names = Directory(root).names()
    archived = [json_name or md_name or "" for json_name, md_name in archive.pair(names)]
    read = FEED_SUFFIXES | {".opml", ".zip", mail.SUFFIX} | (table.SUFFIXES if columns else set())
    others = [
        n for n in names if Path(n).suffix.lower() in read or n.lower().endswith(warc.SUFFIXES)
    ]
    return sorted(archived + others)


def _read_directory(root: Path, context: _ReadContext) -> Iterator[ParsedSource]:
    """Read all files of a directory; one that can't be read costs no other."""
    files = Directory(root)
    names = files.names()
    pairs = {(j or m or ""): (j, m) for j, m in archive.pair(names)}
    jobs = _jobs(root, context.columns)
    if not jobs:
        raise SourceError(
            "holds nothing to read: no feed, OPML, .md, .json, .eml, .warc or .zip, here or below.",
            str(root),
        )
    for name in jobs:
        if name in pairs:
            yield from _read_pair(root, *pairs[name], context.reader)
            continue
        try:
            yield from _read_file(root / name, name, context)
        except SourceError as error:
            yield archive.refused(name, error.reason)
        except Exception as error:  # whatever a file does to its reader, it costs no other file
            yield archive.unreadable(name, error)


def _read_pair(
    root: Path, json_name: str | None, md_name: str | None, reader: Reader
) -> Iterator[ParsedSource]:
    """Read a feed's day of an archive; where the .json ends its reader, the .md beside it."""
    try:
        yield from reader.pair(root, json_name, md_name)
    except UnreadableError as error:
        yield archive.refused(json_name or md_name or "", str(error))
        if json_name and md_name:
            yield from _read_pair(root, None, md_name, reader)


def _read_file(path: Path, name: str, context: _ReadContext) -> Iterator[ParsedSource]:
    """Read a file as its ending says, or as its content does where that says nothing."""
    suffix = path.suffix.lower()
    if suffix == ".zip":
        yield from _read_zip(path, context.reader)
    elif suffix == mail.SUFFIX:
        yield _read_mail(path, name, context.reader)
    elif path.name.lower() in archive.NOT_ARTICLES:
        raise SourceError("tells about an archive; it holds no articles.", name)
    elif suffix == ".md":
        yield from _read_pair(path.parent, None, path.name, context.reader)
    elif suffix == ".json":
        yield from _read_pair(path.parent, path.name, None, context.reader)
    else:
        try:
            yield from _read_told_by_content(path, name, context)
        except UnreadableError as error:
            raise SourceError(f"{error}.", name) from None


def _read_mail(path: Path, name: str, reader: Reader) -> ParsedSource:
    """Read one message; whatever it does to its reader, it costs no other."""
    try:
        return reader.message(read_file(path), name)
    except UnreadableError as error:
        return archive.refused(name, str(error))
    except Exception as error:
        return archive.unreadable(name, error)


def _read_told_by_content(path: Path, name: str, context: _ReadContext) -> Iterator[ParsedSource]:
    start = _start(path)
    suffix = path.suffix.lower()
    if suffix == ".opml" or (looks_like_opml(start) and suffix not in table.SUFFIXES):
        opml = context.reader.outlines(read_file(path))
        if opml.rejections:
            yield ParsedSource(name, Feed(url=""), rejections=_placed(opml.rejections, name))
        yield from _fetch_all(opml.feeds, context)
    elif start[:4] == b"PK\x03\x04":
        raise UnreadableError("is a ZIP, but not named so; rename it to end in .zip")
    else:
        yield from context.reader.file(path, name, context.columns)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4_000)
    except OSError as error:
        raise UnreadableError(f"can't be opened ({error.strerror})") from None


def _placed(rejections: Sequence[Rejection], name: str) -> tuple[Rejection, ...]:
    return tuple(replace(each, where=f"{name}, {each.where}") for each in rejections)


def _read_zip(path: Path, reader: Reader) -> Iterator[ParsedSource]:
    """Read a ZIP of an archive pair by pair; entries that can't be unpacked are rejected first."""
    try:
        listing = reader.listing(path)
    except UnreadableError as error:
        raise SourceError(f"{error}.", str(path)) from None
    if not listing.pairs and not listing.refused:
        raise SourceError("holds no .json or .md of an archive.", str(path))
    if listing.refused:
        yield ParsedSource(str(path), Feed(url=""), rejections=listing.refused)
    for json_name, md_name in listing.pairs:
        yield from _read_pair(path, json_name, md_name, reader)


def _fetch(url: str, context: _ReadContext) -> ParsedSource:
    """Get one feed; credentials that stand in its address stand nowhere in the part."""
    with _opened(context.fetcher) as opened:
        got = opened.get(url)
    shown = parted(url)[0]
    try:
        return context.reader.read(got.body, shown, shown, got.content_type)
    except UnreadableError as error:
        raise SourceError(f"{error}.", shown) from None


def _fetch_all(feeds: Sequence[Feed], context: _ReadContext) -> Iterator[ParsedSource]:
    """Get the feeds of a list, as they answer; one that fails is a rejection."""
    from ingest.fetching.parallel import in_round

    known = {feed.url: feed for feed in feeds}
    with _opened(context.fetcher) as opened:
        for url, outcome in in_round(
            known, lambda url: _fetch(url, replace(context, fetcher=opened))
        ):
            feed, shown = known[url], parted(url)[0]
            if isinstance(outcome, ParsedSource):
                title = outcome.feed.title or feed.title
                labelled = replace(outcome.feed, labels=feed.labels, title=title)
                yield replace(outcome, feed=labelled)
            else:
                failed = (Rejection(shown, outcome.reason),)
                yield ParsedSource(shown, replace(feed, url=shown), rejections=failed)


@contextmanager
def _opened(fetcher: Fetcher | None) -> Iterator[Fetcher]:
    if fetcher is not None:
        yield fetcher
        return
    from ingest.fetching.fetch import PoliteFetcher

    with closing(PoliteFetcher()) as opened:
        yield opened
