"""XML of any declared encoding to UTF-8, by the encodings of the web and no others.

Python knows codecs that are no character encodings or take time that grows with the square of the
text (`punycode`), so a declared name is looked up in the WHATWG Encoding Standard, never in Python.
https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MAX_HEAD = 65_536
"""Bytes before the root element that are kept: declaration, document type, comments."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"<\0\0\0?\0\0\0", "utf-32-le"),
    (b"\0\0\0<\0\0\0?", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARATION = re.compile(rb"\s{0,99}<\?xml\b[^>]{0,300}?\?>")
_ENCODING = re.compile(rb"\bencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ROOT = re.compile(r"<(?=\w)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Xml:
    """A document as UTF-8 without its declaration; `note` says what was wrong with its encoding."""

    data: bytes
    note: str = ""


def to_utf8(data: bytes, content_type: str = "") -> Xml:
    """Return an XML document in UTF-8.

    A byte order mark beats the server's charset, which beats the declaration. What can't be decoded
    so is UTF-8 with bad bytes replaced, or Windows-1252 where it has no valid UTF-8 at all.
    """
    text, note = _decoded(data, content_type)
    return Xml(_with_short_head(text).encode("utf-8", "replace"), note)


def _decoded(data: bytes, content_type: str) -> tuple[str, str]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _without_declaration(data[len(bom) :].decode(name, "replace")), ""
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return _without_declaration(data.decode(name, "replace")), ""
    declaration = _DECLARATION.match(data)
    body = data[declaration.end() :] if declaration else data
    charset = _CHARSET.search(content_type[:300])
    declared = _ENCODING.search(declaration[0]) if declaration else None
    labels = [
        *([charset[1]] if charset else []),
        *([declared[1].decode("ascii", "replace")] if declared else []),
        "utf-8",
    ]
    unknown = ""
    for label in dict.fromkeys(labels):
        codec = _codec(label)
        if codec is None:
            unknown = unknown or f"declares an encoding that the web does not use ({label!r})"
            continue
        try:
            return codec.decode(body, "strict")[0], unknown
        except UnicodeError:
            continue
    return _forced(body)


def _codec(label: str) -> codecs.CodecInfo | None:
    import webencodings

    found = webencodings.lookup(label)
    # `replacement` stands for encodings that hide markup; UTF-16 shows by its first bytes
    if found is None or found.name in {"replacement", "x-user-defined", "utf-16le", "utf-16be"}:
        return None
    if found.name == "gbk":
        found = webencodings.lookup("gb18030")
    return found.codec_info if found else None


def _forced(body: bytes) -> tuple[str, str]:
    """Decode what is in no encoding: one bad byte costs a character, not the others."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    letters = sum(1 for letter in text if letter > "\x7f") - bad
    if letters < bad:
        return body.decode("cp1252", "replace"), "is not UTF-8; it was read as Windows-1252"
    return text, f"has {bad:,} bytes that are not UTF-8"


def _without_declaration(text: str) -> str:
    head = text[:400].lstrip()
    end = head.find("?>") if head.startswith("<?xml") else -1
    return text.lstrip()[end + 2 :] if end >= 0 else text


def _with_short_head(text: str) -> str:
    """Take white space out of what stands before the root: feedparser's patterns go over it."""
    root = _ROOT.search(text)
    at = root.start() if root else len(text)
    head = _SPACES.sub(" ", text[:at]).lstrip()
    return head[:MAX_HEAD] + text[at:]
