"""Redirects to the canonical URL of a view, without empty parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import quote, urlencode

from flask import Flask, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

LONGEST = 8_000
SHORTEST, CLOSE = 3, 0.8
"""Letters of a name that can be taken for another, and how alike they are (difflib's ratio)."""
NO_VIEWS = frozenset({"static", "export.file"})
"""What is fetched, and not looked at, has no address of its own."""
LOOKS = ("view",)
"""What changes how a page looks, and not what it holds."""
ORDER = ("page",)
"""What is left out where it says the same as its absence: the first page."""


def register(app: Flask) -> None:
    """Lead visitors to the one address of what they ask for."""

    @app.before_request
    def lead() -> Response | None:
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
            return None
        if isinstance(request.routing_exception, NotFound):
            return _without_slash(app)
        return _without_empty()

    @app.context_processor
    def given() -> dict[str, object]:
        return {"canonical_address": canonical_address, "page_address": page_address}


def nearest(asked: str, names: Mapping[str, str]) -> str:
    """Return the key that an address must have meant, by key or name; "" where it is not plain.

    Case, and what joins words, never matter; part of a name does where it is part of one only, and
    one slip is forgiven.
    """
    wanted = _plain(asked)
    if len(wanted) < SHORTEST:
        return ""
    plain = [(key, text) for key, name in names.items() for text in {_plain(key), _plain(name)}]
    tries: tuple[Callable[[str], bool], ...] = (
        lambda text: text == wanted,
        lambda text: wanted in text,
        lambda text: bool(get_close_matches(wanted, [text], 1, CLOSE)),
    )
    for fits in tries:
        found = {key for key, text in plain if fits(text)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def canonical_address() -> str:
    """Return the one address of the page that is being shown, without the host."""
    return _address([pair for pair in request.args.items(multi=True) if _says_something(*pair)])


def page_address(page: int) -> str:
    """Return the address of another page of the list that is being shown, without the host."""
    return address_with("page", str(page) if page > 1 else "")


def address_with(name: str, value: str, without: Sequence[str] = ()) -> str:
    """Return the address of what is being shown with another value of an argument, "" for none.

    `without` names arguments that are left out.
    """
    left_out = {name, *without}
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in left_out and pair[1]]
    return _address([*pairs, (name, value)] if value else pairs)


def _address(pairs: Sequence[tuple[str, str]]) -> str:
    return quote(request.path) + (f"?{urlencode(pairs, safe='/')}" if pairs else "")


def _says_something(name: str, value: str) -> bool:
    return bool(value.strip()) and name not in LOOKS and not (name in ORDER and value == "1")


def _without_empty() -> Response | None:
    """Lead away from what forms send of fields that were left empty."""
    if len(request.query_string) > LONGEST or request.endpoint in NO_VIEWS:
        return None
    pairs = list(request.args.items(multi=True))
    if all(value.strip() for _, value in pairs):
        return None
    return redirect(canonical_address(), 302)


def _without_slash(app: Flask) -> Response | None:
    """Lead from `/topics/` to `/topics`, where that is a page."""
    path = request.path.rstrip("/")
    if not path or path == request.path or path.startswith("//"):
        return None
    if not app.url_map.bind("").test(path, "GET"):
        return None
    query = request.query_string.decode("ascii", "replace")
    return redirect(quote(path) + (f"?{query}" if query else ""), 302)
