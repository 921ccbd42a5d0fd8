"""Tells HTML tags from angle brackets in plain text: `<p>` from `List<int>` and `a < b`.

The names are those of the HTML standard (https://html.spec.whatwg.org/multipage/indices.html),
obsolete ones included. What is no element of HTML is text, unless it has attributes or a prefix as
only markup has. Where markup is unlikely (in a headline, or in what had been escaped), a tag must
also be closed, have attributes, or stand as only line breaks do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNSEEN = "script style template noscript iframe object svg math title textarea select"
_RARE = (
    "audio base button canvas data dialog embed frame frameset image input label link map menu "
    "meta meter noframes option optgroup output param picture progress search slot source time "
    "track var video"
)
_USUAL = (
    "a abbr acronym address applet area article aside b basefont bdi bdo bgsound big blink "
    "blockquote body br caption center cite code col colgroup dd del details dfn dir div dl dt "
    "em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr "
    "html i img ins kbd legend li main mark marquee nav nobr ol p plaintext pre q rp rt ruby s "
    "samp section small span strike strong sub summary sup table tbody td tfoot th thead tr tt "
    "u ul wbr xmp"
)

HIDDEN = frozenset(_UNSEEN.split())
"""Elements whose content nobody sees in a text."""

_PLAINLY_SEEN = frozenset(_USUAL.split())
_SELDOM_BARE = HIDDEN | frozenset(_RARE.split())  # with attributes or closed; else words of code
_KNOWN = _SELDOM_BARE | _PLAINLY_SEEN

_NAMES = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?P<more>(?::(?!:)|-)[a-zA-Z0-9:.-]+)?"
    r"(?P<rest>(?:[\s/][^<>]*)?)(?P<end>>|(?=<)|$)"
)
_ATTRIBUTE = re.compile(r"[\s/\"'][a-zA-Z_:@][a-zA-Z0-9_:.-]*\s*=")
_DECLARED = re.compile(r"<(?:!doctype|\?xml)\b", re.IGNORECASE)
_LINE_BREAKS = frozenset({"br", "hr", "wbr"})
_BLOCKS = frozenset({"p", "div", "li", "img"})
_CODE_FOLLOWS = re.compile(r"[^<]{0,200}[{};=(]")
_PREFORMATTED = re.compile(r"(<(/?)(?:code|pre|kbd|samp|tt|var|xmp)\b[^<>]*>)", re.IGNORECASE)

LESS, GREATER = "\ufdd0", "\ufdd1"
"""Noncharacters that stand for the angle brackets of escaped code until all is decoded."""


def only_markup(text: str, *, unlikely: bool) -> tuple[str, bool]:
    """Return the text with each `<` that begins no tag escaped, and whether any is left.

    `unlikely` asks for more than a name, as in headlines and in what had been escaped.
    """
    if not unlikely:
        names = _NAMES.findall(text)
        if len(names) == text.count("<") and _PLAINLY_SEEN.issuperset(map(str.lower, names)):
            return text, bool(names)
    keep = set(_markup(text, unlikely))
    if not keep:
        return text, False
    pieces, begin = [], 0
    at = text.find("<")
    while at >= 0:
        if at not in keep:
            pieces += [text[begin:at], "&lt;"]
            begin = at + 1
        at = text.find("<", at + 1)
    return "".join([*pieces, text[begin:]]), True


def with_code_kept(text: str) -> str:
    """Return HTML whose code keeps its escaped angle brackets through all further decoding."""
    parts = _PREFORMATTED.split(text)
    if len(parts) == 1:
        return text
    depth = 0
    for n in range(0, len(parts), 3):
        if depth:
            parts[n] = parts[n].replace("&lt;", LESS).replace("&gt;", GREATER)
        if n + 2 < len(parts):
            depth = max(0, depth + (-1 if parts[n + 2] else 1))
            parts[n + 2] = ""
    return "".join(parts)


def _markup(text: str, unlikely: bool) -> Iterator[int]:
    """Yield where tags, comments and declarations begin."""
    tags = list(_TAG.finditer(text))
    first_open: dict[str, int] = {}
    last_close: dict[str, int] = {}
    for tag in tags:
        name = tag["name"].lower()
        if tag["close"]:
            last_close[name] = tag.start()
        else:
            first_open.setdefault(name, tag.start())
    found = False
    for tag in tags:
        name = tag["name"].lower()
        if tag["close"]:
            paired = first_open.get(name, tag.start()) < tag.start()
        else:
            paired = last_close.get(name, -1) > tag.start()
        if not tag["end"]:
            is_tag = _is_cut_off(tag, found)
        elif unlikely:
            is_tag = _is_surely_tag(tag, name, paired, text)
        else:
            is_tag = _is_tag(tag, name, paired, text)
        if is_tag:
            found = True
            yield tag.start()
    yield from _comments(text, unlikely=unlikely, found=found)


def _comments(text: str, *, unlikely: bool, found: bool) -> Iterator[int]:
    end = text.rfind("-->")
    at = text.find("<!--")
    while at >= 0 and (at + 4 <= end or not unlikely):
        yield at
        at = text.find("<!--", at + 4)
    if found and text.endswith(("<!", "<!-")):  # a comment that was cut off with the text
        yield text.rindex("<")
    if not unlikely:
        yield from (declared.start() for declared in _DECLARED.finditer(text))


def _is_tag(tag: re.Match[str], name: str, paired: bool, text: str) -> bool:
    attributes = bool(_ATTRIBUTE.search(tag["rest"]))
    if tag["more"]:
        return attributes or paired or tag["more"].startswith(":")
    if name not in _KNOWN:
        return attributes
    if name not in _SELDOM_BARE or attributes or paired or tag["rest"].strip() == "/":
        return True
    return name in {"script", "style"} and bool(_CODE_FOLLOWS.match(text, tag.end()))


def _is_surely_tag(tag: re.Match[str], name: str, paired: bool, text: str) -> bool:
    if name not in _KNOWN or tag["more"]:
        return False
    if paired or _ATTRIBUTE.search(tag["rest"]):
        return True
    start, end = tag.span()
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if name in _LINE_BREAKS:
        glued = not before or not after or not (before.isspace() and after.isspace())
        return glued or "/" in tag["rest"]
    if name in _BLOCKS:
        return not before or bool(tag["close"] and not after) or after.isalnum()
    return name in {"script", "style"} and bool(_CODE_FOLLOWS.match(text, tag.end()))


def _is_cut_off(tag: re.Match[str], found: bool) -> bool:
    """Say whether a tag without its end is one that was cut off with the text."""
    if tag.end() < len(tag.string):  # another tag begins within it
        return False
    if tag["name"].lower() in _KNOWN and _ATTRIBUTE.search(tag["rest"]):
        return True
    return found and (not tag["rest"] or tag["name"].lower() in _KNOWN)
