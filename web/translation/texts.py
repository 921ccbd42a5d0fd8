"""Finds the texts of a template and replaces them with their translation.

What stands between tags is a text, as are the values of attributes that are read to people, and
literals in expressions that look like one. So templates stay as plain as they are, and each is
compiled once for a language: showing a page costs no look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

Translate = Callable[[str], str]

OPENING = "\u201c"
"""The mark that opens a quotation; a catalog has that of its language."""

TITLE_END = " · Slugline"
"""What every title ends with; it is no part of the message."""

_READ = r"(?:aria-label|title|placeholder|alt)"
_ATTRIBUTE = re.compile(rf'(\b{_READ}=")([^"]*)')
_PIECE = re.compile(r"<!--.*?-->|<[^>]*>?|[^<]+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2}")
_VERBS = {"has", "have", "only", "unknown"}
"""Literals of one small word that are shown; others are keys, such as `newest`."""
_LITERAL = re.compile(r"[A-Z][^<>{}/=]* [^<>{}=]*|[A-Z][a-z]+|[^\W\d_]+ [^<>{}/=_]*")


def is_text(text: str) -> bool:
    """Say whether a piece of a template is for people: it has a word in it."""
    return bool(_WORD.search(text)) and not text.startswith("&")


class Texts:
    """Goes through the pieces of one template in order; a tag may be cut by expressions."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate
        self._in_tag = False
        self._attribute = False
        self._code = False

    def data(self, data: str) -> str:
        """Return what stands between two expressions, translated."""
        out = []
        if self._in_tag:
            end = data.find(">")
            inside, data = (data, "") if end < 0 else (data[: end + 1], data[end + 1 :])
            out.append(self._tag(inside))
            self._in_tag = end < 0
        out += map(self._piece, _PIECE.findall(data))
        return "".join(out)

    def literal(self, text: str) -> str:
        """Return a literal of an expression, translated where it looks like a text."""
        return self._said(text) if text in _VERBS or _LITERAL.fullmatch(text) else text

    def _piece(self, piece: str) -> str:
        if piece.startswith("<!"):
            return piece
        if piece.startswith("<"):
            self._in_tag = not piece.endswith(">")
            self._code = piece.startswith(("<code", "<kbd", "<script", "<style")) or (
                self._code and not piece.startswith(("</code", "</kbd", "</script", "</style"))
            )
            return self._tag(piece)
        return piece if self._code else self._said(piece)

    def _tag(self, tag: str) -> str:
        if self._attribute:  # goes on after an expression in the value of an attribute
            end = tag.find('"')
            inside, tag = (tag, "") if end < 0 else (tag[:end], tag[end:])
            self._attribute = end < 0
            return self._said(inside) + self._tag(tag) if tag else self._said(inside)
        found = list(_ATTRIBUTE.finditer(tag))
        self._attribute = bool(found) and found[-1].end() == len(tag)
        return _ATTRIBUTE.sub(lambda match: match[1] + self._said(match[2]), tag)

    def _said(self, text: str) -> str:
        core = text.strip()
        if not is_text(core):
            return text.replace(OPENING, self._translate(OPENING)) if OPENING in text else text
        at = text.index(core)
        named = core.removesuffix(TITLE_END)
        tail = core[len(named) :]
        said = self._translate(" ".join(named.split())) if is_text(named) else named
        return text[:at] + said + tail + text[at + len(core) :]


class Translated(Extension):
    """Gives a template's texts in another language, where there is a catalog (`messages`)."""

    messages: dict[str, str] | None = None

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        """Return the tokens of a template with its texts translated."""
        return stream if self.messages is None else translated(stream, self.messages)


def translated(stream: Iterable[Token], messages: dict[str, str]) -> Iterator[Token]:
    """Yield the tokens of a template, with its texts as `messages` have them."""
    texts = Texts(lambda text: messages.get(text, text))
    last, counting = "", 0
    for token in stream:
        # A noun that is counted is looked up by its English form, with all of its forms.
        if token.type == "lparen" and (counting or last == "counted"):
            counting += 1
        elif token.type == "rparen" and counting:
            counting -= 1
        last = token.value
        if token.type == "data":
            yield Token(token.lineno, "data", texts.data(token.value))
        elif token.type == "string" and not counting:
            yield Token(token.lineno, "string", texts.literal(token.value))
        else:
            yield token
