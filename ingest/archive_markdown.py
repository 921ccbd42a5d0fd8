"""RSS-Link-Database Markdown: a heading for each entry, its link, feed and date, then its text.

    # Source:NAME, URL:FEED, language:xx

    ## title
     - [link](link)
     - RSS feed: FEED
     - date published: 2023-11-12T22:00:18+00:00

    description

A description may hold lines that look like headings or lists; only a heading with the lines of an
entry under it begins one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.intake import RawEntry
from ingest.parsed_source import UnreadableError
from models.article import Rejection

_HEADER = re.compile(r"# Source:(?P<name>.*), URL:(?P<url>.*?), language:(?P<language>.*)")
_LINK = re.compile(r" - \[(?P<link>.*)\]\((?P<same>.*)\)")
_FEED = " - RSS feed: "
_DATE = " - date published: "
_TITLE_LINES = 5  # a title may be broken over lines
_NONE = "None"  # what the archive's writer makes of an absent value


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file: publisher, feed and claimed language."""

    name: str = ""
    url: str = ""
    language: str = ""


def read_header(text: str) -> Header:
    """Return what the first line says, or an empty header where it says nothing of the kind."""
    match = _HEADER.fullmatch(text.partition("\n")[0].rstrip("\r"))
    if not match:
        return Header()
    return Header(*(_absent(match[key].strip()) for key in ("name", "url", "language")))


def read_rows(text: str, name: str) -> list[RawEntry | Rejection]:
    """Return the entries in their order; raises UnreadableError where there is none at all.

    Text that belongs to no entry comes as a rejection.
    """
    if not text.strip("\ufeff\0 \t\r\n"):
        raise UnreadableError("is empty")
    header = read_header(text)
    lines = text.replace("\r\n", "\n").split("\n")
    body = 1 if header.url else 0
    if not lines[-1]:
        lines.pop()
    starts = [i for i in range(body, len(lines)) if _fields_under(lines, i)]
    if not starts:
        if header.url and not "".join(lines[1:]).strip():
            return []
        raise UnreadableError("holds no entry (no heading with a link and a date under it)")
    rows: list[RawEntry | Rejection] = []
    if "".join(lines[body : starts[0]]).strip():
        place = f"{name}, line {body + 1}"
        rows.append(Rejection(place, "is text before the first entry"))
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), 1):
        place = f"{name}, entry {n} (line {start + 1})"
        rows.append(_row(lines[start:end], place, header))
    return rows


def _fields_under(lines: list[str], start: int) -> int:
    """Return where the link, feed and date of a heading begin, or 0 where it is no entry's.

    A date, or two of the three, make an entry; one is enough where the file is cut off after it.
    """
    if not lines[start].startswith("## "):
        return 0
    for at in range(start + 1, min(start + 1 + _TITLE_LINES, len(lines))):
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
    return "link" if _LINK.fullmatch(line) else ""


def _row(lines: list[str], place: str, header: Header) -> RawEntry | Rejection:
    """Read one article: a heading, which may be broken into lines, then its fields in any order."""
    at = _fields_under(lines, 0)
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
    whole = line.removeprefix(" - [").removesuffix(")")
    half = (len(whole) - 2) // 2
    if whole[half : half + 2] == "](" and whole[:half] == whole[half + 2 :]:
        return whole[:half]
    match = _LINK.fullmatch(line)
    return match["link"] if match else ""


def _description(lines: list[str]) -> str:
    """Return the text below the fields: after one blank line, before the one that ends an entry."""
    if lines and not lines[0]:
        lines = lines[1:]
    return "\n".join(lines).removesuffix("\n")


def _absent(text: str) -> str:
    return "" if text.strip() == _NONE else text
