"""RSS-Link-Database JSON: a list of entries as objects, one file a feed and day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ingest.formats.reader_json import LISTS
from ingest.intake import RawEntry, texts_in
from ingest.parsed_source import UnreadableError
from ingest.parsing.json_stream import MAX_WHOLE, elements, is_list, members
from models.article import Rejection


def load_json(data: bytes) -> object:
    """Return what the JSON says, UTF-8; raises UnreadableError for what is empty, cut off or none.

    Of more than `MAX_WHOLE` bytes, a list and the `LISTS` of an object come as iterators, which
    raise UnreadableError themselves.
    """
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableError("is empty")
    if len(data) > MAX_WHOLE:
        return elements(data) if is_list(data) else members(data, LISTS)
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        what = "is cut off" if cut else "is not JSON"
        raise UnreadableError(f"{what} (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise UnreadableError("is nested too deeply to be an archive") from None
    except ValueError as error:  # an integer of thousands of digits
        raise UnreadableError(f"is not JSON ({error})") from None


def read_rows(content: object, name: str) -> Iterator[RawEntry | Rejection]:
    """Yield an entry or a rejection for each element of a list; raises UnreadableError for others.

    Feedbin's starred articles are such a list too, with `content` and `published`.
    """
    if not isinstance(content, list | Iterator):
        raise UnreadableError("is JSON, but neither an archive's list of entries nor a JSON Feed")
    for n, element in enumerate(content, 1):
        yield _row(element, f"{name}, entry {n}")


def _row(element: object, where: str) -> RawEntry | Rejection:
    if not isinstance(element, dict):
        return Rejection(where, f"is not an entry but {_kind(element)}")
    return RawEntry(
        where=where,
        link=_text(element, "link") or _text(element, "url"),
        title=_text(element, "title"),
        description=_text(element, "description"),
        body=_text(element, "content"),
        date=_text(element, "date_published") or _text(element, "published"),
        language=_text(element, "language"),
        source=_text(element, "artist") or _text(element, "album"),
        feed=_text(element, "source"),
        categories=texts_in(element.get("tags")),
    )


def _text(element: Mapping[str, object], key: str) -> str:
    value = element.get(key)
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, bool | list | dict) else str(value)


def _kind(value: object) -> str:
    names = {"str": "a text", "int": "a number", "float": "a number", "list": "a list"}
    return names.get(type(value).__name__, "nothing" if value is None else "something else")
