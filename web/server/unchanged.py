"""Answers 304 before any work where neither the data nor the question has changed.

An answer is named by its `ETag`, in two parts: what it was made from (the state of store and index,
the version of the application, the minute) for whom and what was asked, and its content. A reader
that names the first part again gets 304 at once. Where only the second is the same, the answer was
made, but is not sent. Where only the reader is another, and neither is known, what was made is sent
again (`web.server.kept_pages`). The first part has all that an answer is made from: the whole of
the address, cookies (so who is signed in, and what they chose), the token, the language. So no
reader is told of what another got, and nothing is told once anything was written to the store.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from models.errors import SluglineError
from web.context import library
from web.server.kept_pages import KeptPages

log = logging.getLogger(__name__)

EVERY = 60
"""Seconds after which an answer is made anew: some say how the day goes."""
NEVER = frozenset({"static", "status.health", "status.ready"})
"""What is asked in order to look anew, and files that are named by their content."""
_ASKED_BY = (
    *("Accept", "Accept-Language", "Authorization", "Cookie", "Host", "HX-Request"),
    *("Origin", "X-Forwarded-Host", "X-Forwarded-Proto"),
)
VARY = ("Accept-Language", "Authorization", "Cookie")


def register(app: Flask, run: str, proxy_user: str) -> None:
    """Let an application answer 304 where nothing has changed. Register it behind the gate.

    `run` tells the processes that serve together from any earlier ones, "" where there is one
    process; `proxy_user` is the header that says who is asking, if any.
    """
    run = run or secrets.token_hex(8)
    headers = (*_ASKED_BY, proxy_user) if proxy_user else _ASKED_BY
    pages = KeptPages()

    @app.before_request
    def unchanged() -> Response | None:
        if request.method not in {"GET", "HEAD"} or request.endpoint in NEVER:
            return None
        if request.routing_exception is not None:
            return None
        g.made_from = made_from = _made_from(run, headers)
        known = _first_parts(request.headers.get("If-None-Match", ""))
        if not made_from:
            return None
        if made_from not in known:
            return pages.find(made_from, proxy_user)
        answer = Response(status=304)
        answer.set_etag(known[made_from], weak=True)
        return answer


def name_answer(response: Response) -> None:
    """Give an answer its ETag, and answer 304 in its place where its content is known."""
    if not response.get_etag()[0]:
        response.add_etag()
    content = str(response.get_etag()[0])
    made_from = g.get("made_from", "")
    if not made_from:
        response.make_conditional(request)
        return
    if (pages := g.get("keep")) is not None:
        pages.keep(made_from, response)
    response.set_etag(f"{made_from}.{content}", weak=True)
    response.vary.update(VARY)
    known = _first_parts(request.headers.get("If-None-Match", "")).values()
    if any(etag.partition(".")[2] == content for etag in known):
        response.status_code = 304
        response.set_data(b"")
    elif "If-None-Match" not in request.headers:
        response.make_conditional(request)  # by its date


def make_anew() -> None:
    """Have the answer to the current request made anew next time: part of it did not come."""
    g.made_from = ""


def _made_from(run: str, headers: tuple[str, ...]) -> str:
    """Return what tells this question, asked of this state, from all others; "" if not known."""
    here = library()
    try:
        # The index first: what it takes in is taken off a queue in the store afterwards.
        index, store = here.engine.generation(), here.store.generation()
    except SluglineError as error:
        log.debug("The state is not known: %s", error)
        return ""
    if not index or not store:
        return ""
    asked = (
        *(run, index, store, int(time.time() // EVERY)),
        *(request.scheme, request.path, request.query_string),
        *(request.headers.getlist(name) for name in headers),
    )
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:24]


_ETAG = re.compile(r'"([0-9a-f]{24})\.([^".,\s]+)"')


def _first_parts(header: str) -> dict[str, str]:
    """Return our ETags that a reader names, by their first parts."""
    return {found[1]: f"{found[1]}.{found[2]}" for found in _ETAG.finditer(header[:2_000])}
