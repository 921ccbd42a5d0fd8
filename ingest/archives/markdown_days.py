"""RSS-Link-Database Markdown: a heading for each entry, its link, feed and date, then its text.

    # Source:NAME, URL:FEED, language:xx

    ## title
     - [link](link)
     - RSS feed: FEED
     - date published: 2023-11-12T22:00:18+00:00

    description

A description may hold lines that look like headings or lists; only a heading with the lines of an
entry under it begins one. The file is read as a stream, a few lines ahead of the entry at hand.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.intake import RawEntry
from ingest.parsed_source import UnreadableError
from models.article import Rejection

MAX_LINE = 1_000_000
"""Characters of one line; the rest of a longer one is read as the next."""
MAX_ENTRY = 2_000_000
"""Characters of one entry that are kept."""

_SOURCE, _URL, _LANGUAGE = "# Source:", ", URL:", ", language:"
_LINK, _MIDDLE = " - [", "]("
_FEED = " - RSS feed: "
_DATE = " - date published: "
_TITLE_LINES = 5  # a title may be broken over lines
_AHEAD = 1 + _TITLE_LINES + 3 + 1  # a heading, its title, three fields, and whether one more comes
_NONE = "None"  # what the archive's writer makes of an absent value


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file: publisher, feed and claimed language."""

    name: str = ""
    url: str = ""
    language: str = ""


def read_header(text: str) -> Header:
    """Return what the first line says, or an empty header where it says nothing of the kind."""
    line = text.partition("\n")[0].rstrip("\r")
    # A publisher's name may hold `, URL:`; the last one before the language is meant.
    url = line.rfind(_URL, 0, max(0, line.rfind(_LANGUAGE)))
    if not line.startswith(_SOURCE) or url < 0:
        return Header()
    address, _, language = line[url + len(_URL) :].partition(_LANGUAGE)
    name = line[len(_SOURCE) : url]
    return Header(*(_absent(part.strip()) for part in (name, address, language)))


def check_text(data: bytes) -> None:
    """Raise UnreadableError where a file is empty."""
    if not data.strip(b"\xef\xbb\xbf\0 \t\r\n"):
        raise UnreadableError("is empty")


def lines_of(data: bytes) -> Iterator[str]:
    """Yield the lines of a file without their ends, decoded as they are asked for."""
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", errors="replace", newline="\n")
    while line := text.readline(MAX_LINE):
        yield line.removesuffix("\n").removesuffix("\r")


def read_rows(lines: Iterable[str], name: str) -> Iterator[RawEntry | Rejection]:
    """Yield the entries in their order; raises UnreadableError if there are none.

    Text that belongs to no entry comes as a rejection.
    """
    source = iter(lines)
    window = deque(islice(source, _AHEAD))
    header = read_header(window[0]) if window else Header()
    entry = _Lines(2 if header.url else 1)
    number = entries = 0
    if header.url:
        _advance(window, source)
        number = 1
    while window:
        number += 1
        if _fields_under(window):
            if entries:
                yield entry.row(name, entries, header)
            elif entry.has_text:
                yield Rejection(f"{name}, line {entry.number}", "is text before the first entry")
            entries += 1
            entry = _Lines(number)
        entry.add(window[0])
        _advance(window, source)
    if entries:
        yield entry.row(name, entries, header)
    elif not header.url or entry.has_text:
        raise UnreadableError("holds no entry (no heading with a link and a date under it)")


def _advance(window: deque[str], source: Iterator[str]) -> None:
    window.popleft()
    window.extend(islice(source, 1))


class _Lines:
    """The lines of one entry, from the heading at line `number` on."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.has_text = False
        self._lines: list[str] = []
        self._size = 0

    def add(self, line: str) -> None:
        """Take a line, as long as it is of an entry that anybody wrote."""
        self._size += len(line) + 60  # what a line takes in memory besides its letters
        self.has_text = self.has_text or bool(line.strip())
        if self._size <= MAX_ENTRY:
            self._lines.append(line)

    def row(self, name: str, count: int, header: Header) -> RawEntry | Rejection:
        """Return the entry, or the reason why it is rejected."""
        return _row(self._lines, f"{name}, entry {count} (line {self.number})", header)


def _fields_under(lines: deque[str] | list[str]) -> int:
    """Return where the link, feed and date of a heading begin, or 0 where it is no entry's.

    A date, or two of the three, make an entry; one is enough where the file is cut off after it.
    """
    if not lines[0].startswith("## "):
        return 0
    for at in range(1, min(1 + _TITLE_LINES, len(lines))):
        kinds = set()
        end = at
        while end < len(lines) and (kind := _kind(lines[end])) and kind not in kinds:
            kinds.add(kind)
            end += 1
        if kinds:
            return at if "date" in kinds or len(kinds) > 1 or end == len(lines) else 0
        if not lines[at].strip() or lines[at].startswith("## "):
            return 0
    return 0


def _kind(line: str) -> str:
    """Return which field of an entry the line is, or ""."""
    if line.startswith(_FEED):
        return "feed"
    if line.startswith(_DATE):
        return "date"
    return "link" if line.startswith(_LINK) and line.endswith(")") and _MIDDLE in line else ""


def _row(lines: list[str], place: str, header: Header) -> RawEntry | Rejection:
    """Read one article: a heading, which may be broken into lines, then its fields in any order."""
    at = _fields_under(lines)
    title = "\n".join([lines[0][3:], *lines[1:at]])
    fields: dict[str, str] = {}
    while at < len(lines) and (kind := _kind(lines[at])) and kind not in fields:
        fields[kind] = lines[at]
        at += 1
    if "date" not in fields:
        return Rejection(place, "is cut off: it has no line with its date")
    return RawEntry(
        where=place,
        link=_absent(_link(fields.get("link", ""))),
        title=_absent(title),
        description=_absent(_description(lines[at:])),
        date=_absent(fields["date"].removeprefix(_DATE)),
        language=header.language,
        source=header.name,
        feed=_absent(fields.get("feed", header.url).removeprefix(_FEED)),
    )


def _link(line: str) -> str:
    """Return the link, also where it holds `](`: it stands there twice, the same."""
    whole = line.removeprefix(_LINK).removesuffix(")")
    half = (len(whole) - 2) // 2
    if whole[half : half + 2] == _MIDDLE and whole[:half] == whole[half + 2 :]:
        return whole[:half]
    return whole.rpartition(_MIDDLE)[0]


def _description(lines: list[str]) -> str:
    """Return the text below the fields: after one blank line, before the one that ends an entry."""
    if lines and not lines[0]:
        lines = lines[1:]
    return "\n".join(lines).removesuffix("\n")


def _absent(text: str) -> str:
    return "" if text.strip() == _NONE else text
