"""Logs every request at debug level, with its id: its path, never what was searched for."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from web.monitoring import request_id

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let an application log its requests."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = request_id.begin()

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        request_id.end()

    @app.after_request
    def end(response: Response) -> Response:
        milliseconds = 1000 * (time.perf_counter() - g.get("began", time.perf_counter()))
        status = response.status_code
        response.headers[request_id.HEADER] = g.get("request_id", "")
        log.debug("%s %s %d in %.0f ms", request.method, request.path, status, milliseconds)
        return response
