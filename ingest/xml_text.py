"""Repairs XML errors that a parser must refuse but whose meaning is clear.

A bare `&`, an `&eacute;` that nothing declares, a `<` before a blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.entities import html5

_CDATA = re.compile(r"<!\[CDATA\[|<!--")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:#(?P<decimal>\d{1,7});|#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6});"
    r"|(?P<name>[a-zA-Z][a-zA-Z0-9]{0,31});)?"
)
_OPEN = re.compile(r"<(?![A-Za-z/!?_:])")
_TEXT_ELEMENTS = re.compile(
    r"(</?(title|description|summary|content|content:encoded)(?:\s[^<>]*)?>)", re.IGNORECASE
)
_C1 = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def mended(text: str) -> str:
    """Return XML with the faults mended that leave no doubt about what was meant.

    Takes time linear in the text; CDATA sections and comments stay as they are.
    """
    text = _CONTROLS.sub("", text)
    known = "<!ENTITY" in text  # what such a file declares, its parser knows
    return _outside_cdata(text, _mend_declared if known else _mend)


def with_markup_escaped(text: str) -> str:
    """Return XML with the markup in its titles and texts escaped, for feeds that forgot to.

    XHTML, which is told by its `type`, stays.
    """
    return _outside_cdata(text, _escape_within)


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    pieces, begin = [], 0
    while found := _CDATA.search(text, begin):
        close = "]]>" if found[0][2] == "[" else "-->"
        end = text.find(close, found.end())
        if end < 0:
            break
        pieces += [change(text[begin : found.start()]), text[found.start() : end + 3]]
        begin = end + 3
    return "".join([*pieces, change(text[begin:])])


def _mend(text: str) -> str:
    return _REFERENCE.sub(_reference, _OPEN.sub("&lt;", text))


def _mend_declared(text: str) -> str:
    return _REFERENCE.sub(
        lambda found: found[0] if found["name"] else _reference(found), _OPEN.sub("&lt;", text)
    )


def _reference(found: re.Match[str]) -> str:
    """Return what the parser of XML understands for an `&` and what may be its reference."""
    if found["name"]:
        meant = html5.get(f"{found['name']};")
        return escape(meant) if meant else f"&amp;{found[0][1:]}"
    if not (found["decimal"] or found["hexadecimal"]):
        return "&amp;"
    number = int(found["decimal"] or found["hexadecimal"], 10 if found["decimal"] else 16)
    if number in _C1:  # numbers of Windows-1252, as all browsers read them
        return _C1[number]
    fit = number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF
    return found[0] if fit and number & 0xFFFE != 0xFFFE else ""


def _escape_within(text: str) -> str:
    parts = _TEXT_ELEMENTS.split(text)
    inside = ""
    for n in range(0, len(parts), 3):
        if inside:
            parts[n] = parts[n].replace("<", "&lt;").replace(">", "&gt;")
        if n + 1 == len(parts):
            break
        tag, name = parts[n + 1], parts[n + 2].lower()
        parts[n + 2] = ""
        if inside and name == inside and tag.startswith("</"):
            inside = ""
        elif inside:
            parts[n + 1] = tag.replace("<", "&lt;").replace(">", "&gt;")
        elif not tag.startswith("</") and not tag.endswith("/>") and "xhtml" not in tag:
            inside = name
    return "".join(parts)
