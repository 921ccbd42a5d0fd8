"""Large XML feeds in batches of entries, each a small feed of its own for the parser.

feedparser builds all entries in memory, and some elements cost it time that grows with the square
of their number. Expat, which does neither, goes ahead: it finds where entries begin and end, and
what of them is more than any feed has. Feeds that are neither large nor odd are left as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.parsed_source import UnreadableError
from ingest.parsing.limits import MAX_ENTRIES

BATCH = 200
"""Entries that are parsed together."""
MAX_BATCH = 1_000_000
"""Bytes that are parsed together, unless one entry has more."""
MAX_ATTRIBUTES = 200
"""Attributes of one element."""
MAX_CHILDREN = 2_000
"""Elements beside each other that are read, the entries of a channel not counted."""
MAX_DEPTH = 500
"""Elements within each other."""
MAX_HEAD = 65_536
"""Characters before the root element that are kept: document type, comments."""
_ROOT = re.compile(r"<(?=\w)")
_TAG = re.compile(rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_SPACES = re.compile(r"\s+")
_ENTRY = {"item", "entry"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of a feed as a feed of their own, `entries` in number (0: as the document has)."""

    data: bytes
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Batches:
    """A feed in batches, the first of them with all that the feed says of itself.

    `cut` names what was left out; `total` counts the entries, 0 where they were not counted.
    """

    parts: Iterator[Batch]
    cut: tuple[str, ...] = ()
    total: int = 0


def with_short_head(text: str) -> str:
    """Return XML with little before its root, which feedparser goes over again and again."""
    root = _ROOT.search(text)
    at = root.start() if root else len(text)
    head = _SPACES.sub(" ", text[:at]).lstrip()
    return head[:MAX_HEAD] + text[at:]


def batches(data: bytes) -> Batches:
    """Return a feed, UTF-8 without a declaration, in batches.

    What is not well-formed comes as it is, in one. Raises UnreadableError for an element with more
    attributes, or within more elements, than any feed has.
    """
    layout = _Layout(data)
    if not layout.scan():
        if layout.attributes > MAX_ATTRIBUTES:
            raise UnreadableError(f"has an element of {layout.attributes:,} attributes")
        return Batches(iter([Batch(data)]))
    if b"<!ENTITY" in data:  # within an entity expat tells no place
        return Batches(iter([Batch(data)]))
    if not layout.dropped and len(layout.entries) <= BATCH and len(data) <= MAX_BATCH:
        return Batches(iter([Batch(data)]), total=len(layout.entries))
    return Batches(_parts(layout), tuple(layout.cut), len(layout.entries))


@dataclass(slots=True)
class _Layout:
    """Where things stand in a document, in bytes."""

    data: bytes
    entries: list[tuple[int, int]] = field(default_factory=list)
    dropped: list[tuple[int, int]] = field(default_factory=list)
    cut: dict[str, None] = field(default_factory=dict)
    attributes: int = 0
    ancestors: list[tuple[int, str]] = field(default_factory=list)

    def scan(self) -> bool:
        """Go through the document; say whether it is well-formed."""
        scanner = _Scanner(self)
        try:
            scanner.parser.Parse(self.data, True)
        except expat.ExpatError:
            return False
        return True

    def take(self, start: int, end: int) -> None:
        """Keep where an entry stands; of those beyond what is read only that the last is there."""
        if len(self.entries) > MAX_ENTRIES:
            self._leave_out(*self.entries.pop())
        self.entries.append((start, end))

    def drop(self, start: int, end: int, why: str) -> None:
        """Leave a piece out, and name why, as far as there are not hundreds of reasons."""
        self._leave_out(start, end)
        if len(self.cut) < 20:
            self.cut.setdefault(why)

    def _leave_out(self, start: int, end: int) -> None:
        """Leave a piece out; one that follows another is a piece with it."""
        if self.dropped and not self.data[self.dropped[-1][1] : start].strip():
            self.dropped[-1] = (self.dropped[-1][0], end)
        else:
            self.dropped.append((start, end))


class _Scanner:
    """Takes expat's events."""

    def __init__(self, layout: _Layout) -> None:
        self._layout = layout
        self._open: list[str] = []
        self._starts: list[int] = []
        self._children = [0]
        self._entry_at = 0  # the depth of the entry that is open, 0 where none is
        self._dropping_at = 0
        self._why = ""
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: list[str]) -> None:
        depth = len(self._open) + 1
        at = self.parser.CurrentByteIndex
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            self._layout.attributes = len(attributes) // 2
            if depth == 1:
                raise UnreadableError(f"has an element of {self._layout.attributes:,} attributes")
            self._drop(
                depth, f"has an element {tag[:40]!r} of {self._layout.attributes:,} attributes"
            )
        elif depth > MAX_DEPTH:
            self._drop(depth, f"is nested deeper than {MAX_DEPTH} elements")
        self._open.append(tag)
        self._starts.append(at)
        self._children.append(0)
        name = tag.rpartition(":")[2].lower()
        if self._dropping_at:
            return
        if not self._entry_at and name in _ENTRY and 1 < depth <= 3:
            self._entry_at = depth
            if not self._layout.entries:
                self._layout.ancestors = list(zip(self._starts[:-1], self._open[:-1], strict=True))
            return
        self._children[-2] += 1
        if self._children[-2] > MAX_CHILDREN:
            self._drop(depth, f"has more than {MAX_CHILDREN:,} elements in another ({tag[:40]!r})")

    def _drop(self, depth: int, why: str) -> None:
        if not self._dropping_at:
            self._dropping_at, self._why = depth, f"{why}; these are left out"

    def _end(self, _tag: str) -> None:
        depth = len(self._open)
        start = self._starts.pop()
        self._open.pop()
        self._children.pop()
        if depth == self._entry_at:
            self._layout.take(start, self._end_of(start))
            self._entry_at = 0
        elif depth == self._dropping_at:
            self._layout.drop(start, self._end_of(start), self._why)
            self._dropping_at = 0

    def _end_of(self, start: int) -> int:
        """Return where an element ends: expat says where its last tag begins."""
        data = self._layout.data
        opened = _tag_end(data, start)
        if data[opened - 2] == ord("/"):
            return opened
        return data.index(b">", self.parser.CurrentByteIndex) + 1


def _tag_end(data: bytes, at: int) -> int:
    """Return where the tag that begins at `at` ends; `>` may stand in its values."""
    found = _TAG.match(data, at)
    return found.end() if found else len(data)


def _parts(layout: _Layout) -> Iterator[Batch]:
    """Yield the batches: the first with the whole frame, the others within the bare ancestors."""
    data, entries, dropped = layout.data, layout.entries, sorted(layout.dropped)

    def kept(start: int, end: int) -> bytes:
        """Return a piece without what is dropped of it."""
        pieces = []
        for drop in dropped[bisect_left(dropped, (start, 0)) :]:
            if drop[0] >= end:
                break
            pieces.append(data[start : drop[0]])
            start = drop[1]
        return b"".join([*pieces, data[start:end]])

    groups = list(_groups(entries))
    if not groups:
        yield Batch(kept(0, len(data)))
        return
    ends = [0, *(end for _, end in entries)]
    starts = [*(start for start, _ in entries), len(data)]
    gaps = [kept(end, start) for end, start in zip(ends, starts, strict=True)]
    first = b"".join(kept(*entry) for entry in groups[0])
    yield Batch(gaps[0] + first + b"".join(gaps[1:]), len(groups[0]))
    head = b"".join(data[at : _tag_end(data, at)] for at, _ in layout.ancestors)
    tail = b"".join(f"</{tag}>".encode() for _, tag in reversed(layout.ancestors))
    for group in groups[1:]:
        body = b"".join(kept(*entry) for entry in group)
        yield Batch(head + body + tail, len(group))


def _groups(entries: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield the entries by the batches that they are parsed in."""
    group: list[tuple[int, int]] = []
    size = 0
    for start, end in entries:
        if group and (len(group) >= BATCH or size + end - start > MAX_BATCH):
            yield group
            group, size = [], 0
        group.append((start, end))
        size += end - start
    if group:
        yield group
