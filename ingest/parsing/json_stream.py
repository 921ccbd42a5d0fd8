"""Large JSON as a stream: one element of a list at a time, in memory that does not grow with it.

What is deeper or longer within an element than any entry of news is left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from ingest.parsed_source import UnreadableError

MAX_WHOLE = 2_000_000
"""Bytes up to which JSON is parsed as a whole, which is faster; its objects take thirty times."""
MAX_DEPTH = 6
"""Lists and objects within each other in one element; what is deeper is left out."""
MAX_NESTED = 1_000
"""Lists and objects within each other; a file with more is refused."""
MAX_VALUES = 10_000
"""Values in one element that are kept."""
MAX_MEMBERS = 1_000
"""Names in the object that a file is."""

_OPENS, _CLOSES = {"start_map", "start_array"}, {"end_map", "end_array"}

Event = tuple[str, Any]


class _WholeTexts:
    """Reads JSON in pieces that end within no text.

    The parser begins a text anew with each piece that brings more of it, so that one of many
    pieces would take time that grows with the square of its length.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def read(self, size: int) -> bytes:
        """Return the next piece, of `size` bytes and the rest of the text that they end in."""
        begin, end = self._at, self._at + size
        while size and self._data[end - 1 : end] == b"\\":  # what it escapes belongs to it
            end += 1
        piece = self._data[begin:end]
        quotes = piece.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')
        if quotes % 2 and (rest := _REST_OF_TEXT.match(self._data, end)):
            end = rest.end()
            piece = self._data[begin:end]
        self._at = min(end, len(self._data))
        return piece


_PIECE = 65_536
_REST_OF_TEXT = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


def is_list(data: bytes) -> bool:
    """Say whether the JSON is a list, by its first character."""
    return data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")


def elements(data: bytes) -> Iterator[object]:
    """Yield the elements of the list that the JSON is; raises UnreadableError where it is not."""
    events = _events(data)
    next(events, None)  # the list itself
    yield from _elements(events)
    next(events, None)  # what stands behind it is not JSON


def members(data: bytes, streamed: Collection[str]) -> dict[str, object]:
    """Return the object that the JSON is, the lists named in `streamed` as iterators, no others.

    A list of such a name may stand before the rest, so the file is gone through twice. Raises
    UnreadableError, the iterator too.
    """
    events = _events(data)
    next(events, None)
    found: dict[str, object] = {}
    for kind, key in events:
        if kind == "end_map":
            break
        event = next(events)
        if event[0] == "start_array":
            _skip(events)
            found[str(key)] = _member(data, str(key)) if key in streamed else []
        else:
            found[str(key)] = _value(event, events)
        if len(found) > MAX_MEMBERS:
            raise UnreadableError(f"is a JSON object of more than {MAX_MEMBERS:,} names")
    return found


def _member(data: bytes, name: str) -> Iterator[object]:
    """Yield the elements of a list within the object that the JSON is."""
    events = _events(data)
    next(events, None)
    for kind, key in events:
        if kind == "end_map":
            return
        event = next(events)
        if key == name and event[0] == "start_array":
            yield from _elements(events)
            return
        if event[0] in _OPENS:
            _skip(events)


def _elements(events: Iterator[Event]) -> Iterator[object]:
    for event in events:
        if event[0] == "end_array":
            return
        yield _value(event, events)


def _skip(events: Iterator[Event]) -> None:
    """Go on to where the list or object ends that has just begun."""
    depth = 1
    for kind, _ in events:
        depth += (kind in _OPENS) - (kind in _CLOSES)
        if not depth:
            return
        if depth > MAX_NESTED:
            raise UnreadableError("is nested too deeply to be an archive")


def _events(data: bytes) -> Iterator[Event]:
    import ijson

    try:
        yield from ijson.basic_parse(_WholeTexts(data), use_float=True, buf_size=_PIECE)
    except ijson.JSONError as error:
        lines = _words(error).splitlines() or ["not JSON"]
        cut = "premature EOF" in lines[0]
        what = "is cut off" if cut else "is not JSON"
        raise UnreadableError(f"{what} ({lines[0][:200]})") from None
    except (ValueError, OverflowError) as error:
        raise UnreadableError(f"is not JSON ({str(error)[:200]})") from None


def _words(error: Exception) -> str:
    """Return what the parser says; it quotes bytes that are no text as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _value(event: Event, events: Iterator[Event]) -> object:
    """Build one value from the events it consists of, up to the caps."""
    kind, value = event
    if kind not in _OPENS:
        return value
    root: dict[str, object] | list[object] = {} if kind == "start_map" else []
    stack, keys = [root], [""]
    depth, values = 1, 0
    for kind, value in events:
        if kind in _CLOSES:
            if depth <= MAX_DEPTH:
                stack.pop()
                keys.pop()
            depth -= 1
            if not depth:
                break
        elif kind == "map_key":
            if depth <= MAX_DEPTH:
                keys[-1] = value
        else:
            values += 1
            kept = depth + (kind in _OPENS) <= MAX_DEPTH and values <= MAX_VALUES
            new: Any = value if kind not in _OPENS else {} if kind == "start_map" else []
            if kept:
                _put(stack[-1], keys[-1], new)
            if kind in _OPENS:
                depth += 1
                if depth <= MAX_DEPTH:
                    stack.append(new)
                    keys.append("")
                elif depth > MAX_NESTED:
                    raise UnreadableError("is nested too deeply to be an archive")
    return root


def _put(holder: dict[str, object] | list[object], key: str, value: object) -> None:
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder.append(value)
