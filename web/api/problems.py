"""Errors of the API as problem documents (RFC 9457), in the same words as the pages use."""

from __future__ import annotations

import http

import msgspec
from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException

from models.errors import (
    BusyError,
    EngineError,
    NotFoundError,
    QueryError,
    SourceError,
    StoreError,
    UnknownValueError,
    UnsupportedQueryError,
    UsageError,
)
from models.feed import without_logins

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong: `title` names the kind, `detail` says it in words for a person.

    `position` and `suggestion` come with a query that can't be read: where the fault is, in
    characters, and the nearest query that can be read. `parameter` names the parameter at fault,
    `nearest` the values that it was probably meant to have.
    """

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    position: int | None = None
    suggestion: str = ""
    parameter: str = ""
    nearest: list[str] = msgspec.field(default_factory=list)


class ProblemError(Exception):
    """An answer that is an error; raise it from a view."""

    def __init__(self, status: int, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.problem = Problem(http.HTTPStatus(status).phrase, status, detail, parameter=parameter)


def as_response(problem: Problem) -> Response:
    """Return the answer that carries a problem."""
    return Response(msgspec.json.encode(problem), problem.status, mimetype=MEDIA_TYPE)


def of_http_error(error: HTTPException) -> Response:
    """Return the problem of an error of HTTP, with the headers that tell a program what to do."""
    response = as_response(Problem(error.name, error.code or 500, error.description or ""))
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers.add(name, value)
    return response


def register(api: Blueprint) -> None:
    """Answer every error within a blueprint with a problem document."""

    @api.errorhandler(ProblemError)
    def raised(error: ProblemError) -> Response:
        return as_response(error.problem)

    @api.errorhandler(NotFoundError)
    def missing(error: NotFoundError) -> Response:
        return as_response(Problem("Not Found", 404, str(error)))

    @api.errorhandler(QueryError)
    def misread(error: QueryError) -> Response:
        problem = Problem("Bad Request", 400, str(error), parameter="q")
        if isinstance(error, UnknownValueError):
            problem.parameter, problem.nearest = error.field, list(error.nearest)
        problem.position, problem.suggestion = error.position, error.suggestion
        return as_response(problem)

    @api.errorhandler(SourceError)
    def unread(error: SourceError) -> Response:
        return as_response(ProblemError(422, without_logins(str(error))).problem)

    @api.errorhandler(UsageError)
    @api.errorhandler(UnsupportedQueryError)
    def misused(error: UsageError | UnsupportedQueryError) -> Response:
        return as_response(Problem("Bad Request", 400, str(error)))

    @api.errorhandler(BusyError)
    def busy(error: BusyError) -> Response:
        answer = as_response(Problem("Service Unavailable", 503, str(error)))
        answer.headers["Retry-After"] = "60"
        return answer

    @api.errorhandler(EngineError)
    @api.errorhandler(StoreError)
    def unavailable(error: EngineError | StoreError) -> Response:
        return as_response(Problem("Service Unavailable", 503, str(error)))

    @api.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if error.response is not None and isinstance(error.response, Response):
            return error.response
        return of_http_error(error)

    @api.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        current_app.logger.error("a view of the API failed", exc_info=error)
        words = "The answer could not be made. What went wrong is in the log of the server."
        return as_response(Problem("Internal Server Error", 500, words))
