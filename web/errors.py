"""The error pages; none of them shows a traceback."""

from __future__ import annotations

import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from models.errors import BusyError, EngineError, NotFoundError, StoreError, UnsupportedQueryError
from web.api.problems import Problem, as_response, of_http_error
from web.context import library

log = logging.getLogger(__name__)

Page = tuple[str, int]


class MissingError(NotFoundError):
    """There is no such thing; `nearby` are links (words, address) to where it may be found."""

    def __init__(self, message: str, nearby: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.nearby = nearby


def register(app: Flask) -> None:
    """Give an application its error pages."""

    @app.errorhandler(NotFoundError)
    def missing(error: NotFoundError) -> Page:
        nearby = error.nearby if isinstance(error, MissingError) else ()
        return _page("Not found", str(error), 404, nearby)

    @app.errorhandler(404)
    def no_page(_error: HTTPException) -> Page | Response:
        if _is_api():
            return as_response(Problem("Not Found", 404, "There is nothing at this address."))
        return _page("Not found", "There is no page at this address.", 404)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Page | Response:
        if _is_api():
            return of_http_error(error)
        return _page(error.name, error.description or "", error.code or 500)

    @app.errorhandler(UnsupportedQueryError)
    def unsupported(error: UnsupportedQueryError) -> Page:
        return _page("This search can't be answered", str(error), 400)

    @app.errorhandler(EngineError)
    def no_engine(error: EngineError) -> Page:
        log.warning("The search index does not answer: %s", error)
        return _page("The search index does not answer", str(error), 503)

    @app.errorhandler(BusyError)
    def busy(error: BusyError) -> Page:
        return _page("Not now", str(error), 503)

    @app.errorhandler(StoreError)
    def no_store(error: StoreError) -> Page:
        log.warning("The store does not answer: %s", error)
        return _page("The store does not answer", str(error), 503)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Page:
        log.error("The page %s failed.", request.path, exc_info=error)
        words = "This page could not be made. What went wrong is in the log of the server."
        return _page("Something went wrong", words, 500)


def _is_api() -> bool:
    """Say whether a program is asking; the views of the API answer their own errors."""
    return request.path.startswith("/api/")


def _page(title: str, message: str, status: int, nearby: tuple[tuple[str, str], ...] = ()) -> Page:
    # Topics come from memory: a page that says the store is gone must not ask the store.
    topics = tuple(library().topics.values()) if status == 404 else ()
    return (
        render_template("fault.html", title=title, message=message, nearby=nearby, topics=topics),
        status,
    )
