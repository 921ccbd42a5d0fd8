"""How words rest in a Whoosh index: which lists there are, what a posting says, how it is read.

Whoosh keeps for each word the articles that have it. A posting's weight says how often the word
stands in title, summary and body (three small numbers packed in one), so that one list serves every
field. There are two lists: `stem`, which also holds marks (`search.text`), and `word` with the
positions of the exact word, for phrases.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import TermNotFound

from models.errors import EngineError
from search.document import Document
from search.limits import Limits, OutOfTimeError
from search.text.analysis import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    Postings = tuple[NDArray[np.int32], NDArray[np.int32]]

WORD = "word"
STEM = "stem"

BITS = {"title": (0, 15), "summary": (4, 63), "body": (10, 1023)}
"""Of each field, where its count begins in a packed number, and the highest it can say.

20 bits in all: Whoosh keeps weights as 32-bit floats, which are exact up to 24.
"""
STARTS = {"title": 0, "summary": 1_000_000, "body": 2_000_000}
"""Where the positions of a field begin: far apart, so that no phrase runs on into the next."""

PLACES = 2**22
"""More than the highest position."""

_BLOCK = 1024

Read = TypeVar("Read")


class Counted(fields.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """A Whoosh field that is given its postings ready made: (word, count, weight, value).

    Whoosh writes the name of this class into every index; under another one these are not read.
    """

    def __init__(self, format_: Any) -> None:
        super().__init__(format_, analyzer=None)

    def index(self, value: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - Whoosh's signature
        """Hand on the postings; Whoosh calls this."""
        return value


def schema() -> Any:
    """Return the Whoosh schema of our index."""
    return fields.Schema(
        **{WORD: Counted(formats.Positions()), STEM: Counted(formats.Existence())},
    )


def codec() -> Any:
    """Return the codec; longer blocks than Whoosh's own, since lists are read whole."""
    return W3Codec(blocklimit=_BLOCK)


def postings_of(document: Document) -> tuple[dict[str, list[Any]], tuple[int, int, int]]:
    """Return what Whoosh's `add_document` is given, and the lengths of the three fields."""
    exact: dict[str, dict[str, int]] = {}
    places: dict[str, array[int]] = {}
    lengths = []
    texts = (("title", document.title), ("summary", document.summary), ("body", document.body))
    stems: dict[str, dict[str, int]] = {}
    stem_of: dict[str, str] = {}
    for field, text in texts:
        start = STARTS[field]
        read = analyse(text, document.language)
        lengths.append(len(read.words))
        for mark in read.marks:
            stems.setdefault(mark, {})[field] = 1
        stem_of.update(zip(read.words, read.stems, strict=True))
        for place, word in enumerate(read.words, start):
            counts = exact.get(word)
            if counts is None:
                counts = exact[word] = {}
                places[word] = array("I")
            counts[field] = counts.get(field, 0) + 1
            if place < start + 1_000_000:
                places[word].append(place)
    for word, counts in exact.items():
        total = stems.setdefault(stem_of[word], {})
        for field, count in counts.items():
            total[field] = total.get(field, 0) + count
    return {
        WORD: [
            (word.encode(), 1, packed(counts), places[word].tobytes())
            for word, counts in exact.items()
        ],
        STEM: [(word.encode(), 1, packed(counts), b"") for word, counts in stems.items()],
    }, (lengths[0], lengths[1], lengths[2])


def packed(counts: dict[str, int]) -> float:
    """Return the counts of a word in the fields as one number."""
    number = 0
    for field, count in counts.items():
        shift, highest = BITS[field]
        number |= min(count, highest) << shift
    return float(number)


def unpacked(numbers: NDArray[np.int32], field: str) -> NDArray[np.int32]:
    """Return the counts in one field."""
    shift, highest = BITS[field]
    return (numbers >> shift) & highest


_NONE: Postings = (np.zeros(0, np.int32), np.zeros(0, np.int32))


class PostingLists:
    """The posting lists of some segments, read as numpy arrays; the most used stay in memory.

    Whoosh's files have one place where they are read, so one thread reads at a time. `damaged` says
    for people what it means that a file can't be read.
    """

    def __init__(
        self,
        readers: list[Any],
        damaged: Callable[[Exception], EngineError],
        room: int = 4_000_000,
    ) -> None:
        self._damaged = damaged
        self._readers = readers
        self._bases = np.cumsum([0, *(r.doc_count_all() for r in readers)]).tolist()
        self._room = room
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._size = 0
        self._places: OrderedDict[str, NDArray[np.int64]] = OrderedDict()
        self.lock = threading.RLock()

    def read(self, field: str, word: str, limits: Limits) -> Postings:
        """Return the rows that have a word, ascending, and the packed count in each.

        Raises `OutOfTimeError` where the time is up before all is read.
        """
        key = (field, word)
        with self._reading():
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            found = self._read(field, word.encode(), limits)
            self._kept[key] = found
            self._size += len(found[0]) + 16
            while self._size > self._room and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped[0]) + 16
            return found

    def each(self, read: Callable[[Any], Read]) -> list[Read]:
        """Return what `read` reads of each segment, while no one else reads."""
        with self._reading():
            return [read(reader) for reader in self._readers]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read alone; whatever Whoosh trips over is a damaged file."""
        with self.lock:
            try:
                yield
            except (EngineError, OutOfTimeError):
                raise
            except Exception as error:
                raise self._damaged(error) from error

    def close(self) -> None:
        """Close the files."""
        with self.lock:
            for reader in self._readers:
                reader.close()

    def _read(self, field: str, word: bytes, limits: Limits) -> Postings:
        rows: list[Any] = []
        weights: list[Any] = []
        for base, reader in zip(self._bases, self._readers, strict=False):
            for ids, counts in _blocks(reader, field, word):
                limits.check()
                rows.append(ids + np.int32(base))
                weights.append(counts.astype(np.int32))
        if not rows:
            return _NONE
        return np.concatenate(rows), np.concatenate(weights)

    def places(self, word: str, limits: Limits) -> NDArray[np.int64]:
        """Return where the exact word stands, ascending: `row * PLACES + position`.

        Raises `OutOfTimeError` where the time is up before all is read.
        """
        with self._reading():
            kept = self._places.get(word)
            if kept is None:
                kept = self._read_places(word.encode(), limits)
                self._places[word] = kept
                while sum(map(len, self._places.values())) > self._room and len(self._places) > 1:
                    self._places.popitem(last=False)
            self._places.move_to_end(word)
            return kept

    def _read_places(self, word: bytes, limits: Limits) -> NDArray[np.int64]:
        found = []
        for base, reader in zip(self._bases, self._readers, strict=False):
            for ids, _, values in _whole_blocks(reader, WORD, word):
                limits.check()
                positions = np.frombuffer(b"".join(values), dtype=np.uint32).astype(np.int64)
                counts = np.fromiter(map(len, values), np.int64, len(values)) // 4
                rows = np.repeat(np.array(ids, dtype=np.int64) + base, counts)
                found.append(rows * PLACES + positions)
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _matcher(reader: Any, field: str, word: bytes) -> Any:
    """Return Whoosh's reader of one list, deleted articles included; None where there is none."""
    try:
        format_ = reader.schema[field].format
        return reader._terms.matcher(field, word, format_)
    except TermNotFound:
        return None


def _blocks(
    reader: Any, field: str, word: bytes
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float32]]]:
    """Yield the ids and weights of a list block by block.

    Whoosh's public way is one posting at a time, forty times slower; the blocks are its codec's
    own, which we pin by writing with it. It keeps ids by how far each is from the one before, and
    weights that are all the same as one.
    """
    matcher = _matcher(reader, field, word)
    while matcher is not None and matcher.is_active():
        matcher._read_data()
        distances, weights, _ = matcher._data
        ids = np.cumsum(np.asarray(distances), dtype=np.int32)
        same = 1.0 if weights is None else weights
        given = np.full(len(ids), same, np.float32) if isinstance(same, float) else None
        yield ids, np.asarray(weights, dtype=np.float32) if given is None else given
        matcher._next_block()


def add_segment(writer: Any, reader: Any, live: NDArray[np.bool_]) -> None:
    """Add the live rows of a segment to a writer, in their order.

    As Whoosh's `add_reader`, which goes through every posting and every row by public calls and
    takes longer than indexing the articles did.
    """
    renumbered = (np.cumsum(live) - 1 + writer.docnum).tolist()
    kept = live.tolist()
    add = writer.pool.add
    for field, word in reader.all_terms():
        for ids, weights, values in _whole_blocks(reader, field, word):
            for row, weight, value in zip(ids, weights, values, strict=True):
                if kept[row]:
                    add((field, word, renumbered[row], weight, value or b""))
    for _ in range(int(live.sum())):
        writer.perdocwriter.start_doc(writer.docnum)
        writer.perdocwriter.finish_doc()
        writer.docnum += 1
    writer._added = True


def _whole_blocks(reader: Any, field: str, word: bytes) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the ids, weights and values of a list block by block."""
    matcher = _matcher(reader, field, word)
    while matcher is not None and matcher.is_active():
        matcher.id()
        matcher.weight()
        matcher.value()
        yield matcher._ids, matcher._weights, matcher._values
        matcher._next_block()


def word_counts(reader: Any) -> Iterable[tuple[str, int]]:
    """Yield each exact word of a segment in order, with how many articles have it."""
    for (field, word), info in reader.iter_from(WORD, b""):
        if field != WORD:
            break
        yield word.decode(), info.doc_frequency()
