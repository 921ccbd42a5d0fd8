"""The headers of every answer: what a browser may do with a page made of strangers' texts."""

from __future__ import annotations

from flask import Flask, Response, request

from web.server.unchanged import name_answer

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(**changed: str) -> str:
    """Return the Content-Security-Policy, with some of its rules changed (`script_src=...`)."""
    rules = _POLICY | {name.replace("_", "-"): value for name, value in changed.items()}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Give every answer of an application its headers."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            return response
        # A page may be shown again (back, forward) but is asked for anew; unchanged, it's not sent.
        response.headers["Cache-Control"] = "private, no-cache"
        if response.status_code == 200 and not response.is_streamed:
            name_answer(response)
        return response
