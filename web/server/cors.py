"""Which other sites' scripts may ask the API from a browser (CORS); none unless settings say so."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from models.errors import ConfigError

PREFIX = "/api/"
ANY = "*"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:.]+\](:\d{1,5})?")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_SENT = "Authorization, Content-Type, If-None-Match"
_SHOWN = "ETag, Location, Retry-After, Slugline-Articles, Content-Disposition"
_SECONDS = "600"


def read_origins(text: str) -> tuple[str, ...]:
    """Return the origins of the setting `web.cors`; raises ConfigError for what is none."""
    origins = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for origin in origins:
        if origin != ANY and not _ORIGIN.fullmatch(origin):
            raise ConfigError(
                f"web.cors has {origin!r}, but takes origins such as https://tools.example.org, "
                "with commas between them, or * for all."
            )
    return origins


def register(app: Flask, origins: tuple[str, ...]) -> None:
    """Let scripts of some origins ask the API. They sign in by a token; no cookie is sent.

    Register it before the gate: a browser asks whether it may ask without its token.
    """
    if not origins:
        return

    @app.before_request
    def preflight() -> Response | None:
        asks = request.headers.get("Access-Control-Request-Method")
        if request.method != "OPTIONS" or not asks or not _allowed(origins):
            return None
        answer = Response(status=204)
        answer.headers["Access-Control-Allow-Methods"] = _METHODS
        answer.headers["Access-Control-Allow-Headers"] = _SENT
        answer.headers["Access-Control-Max-Age"] = _SECONDS
        return answer

    @app.after_request
    def allow(answer: Response) -> Response:
        if request.path.startswith(PREFIX):
            if ANY not in origins:
                answer.vary.add("Origin")
            if allowed := _allowed(origins):
                answer.headers["Access-Control-Allow-Origin"] = allowed
                answer.headers["Access-Control-Expose-Headers"] = _SHOWN
        return answer


def _allowed(origins: tuple[str, ...]) -> str:
    """Return the origin to name to the browser, "" for one that may not ask."""
    origin = request.headers.get("Origin", "")
    if not origin or not request.path.startswith(PREFIX):
        return ""
    if ANY in origins:
        return ANY
    return origin if origin.lower() in origins else ""
