"""Logs every request at debug level: its path, never what was searched for."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let an application log its requests."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        milliseconds = 1000 * (time.perf_counter() - g.get("began", time.perf_counter()))
        status = response.status_code
        log.debug("%s %s %d in %.0f ms", request.method, request.path, status, milliseconds)
        return response
