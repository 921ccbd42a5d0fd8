"""The OpenAPI 3.1 document of the API, made from the code: spectree reads types and docstrings."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from flask import Blueprint, request
from spectree import Response as Answers
from spectree import SpecTree
from spectree.model_adapter.msgspec_adapter import MsgspecModelAdapter

from export.format import FORMATS
from web.api.problems import MEDIA_TYPE, Problem, ProblemError

VERSION = "1"
PREFIX = "/api/v1"
FILES = sorted(
    {each.media_type for each in FORMATS if each.media_type} | {"application/zip", "text/x-opml"}
)
"""Media types of files that are sent."""
BODIES = {(f"{PREFIX}/feeds/opml", "post"): "text/x-opml"}
"""Operations that take a file, by path and method."""


def _refuse(
    _request: object, _response: object, error: Exception | None, _view: object, _adapter: object
) -> None:
    """Turn a request that doesn't fit its description into a problem."""
    if error is None:
        return
    words, _, place = str(error).partition(" - at `$.")
    raise ProblemError(422, f"{words}.", parameter=place.removesuffix("`")) from error


class _Adapter(MsgspecModelAdapter):
    """Reads questions; spectree makes lists only of parameters that are named as their field."""

    def validate_obj(self, model: type[Any], value: Any) -> Any:
        """Make the question of a request's parameters."""
        if isinstance(value, dict):
            given = {
                name: [text] if name.startswith("-") and isinstance(text, str) else text
                for name, text in value.items()
            }
            return super().validate_obj(model, given)
        return super().validate_obj(model, value)


spec = SpecTree(
    "flask",
    title="Slugline",
    version=VERSION,
    description="Articles with their topics and entities: searched, browsed, counted.",
    path="docs",
    mode="strict",
    page_templates={},
    validation_error_status=422,
    validation_error_model=Problem,
    before=_refuse,
    model_adapter=cast("Any", _Adapter()),  # spectree types its own adapters as any, too
    naming_strategy=lambda model: str(model.__name__),
    nested_naming_strategy=lambda _outer, name: name,
)


def answers(model: Any, *also: int, status: int = 200) -> Answers:
    """Describe the answers of a view: its own, and a problem for each other status.

    A view without a `model` sends a file.
    """
    problems = {f"HTTP_{each}": Problem for each in (*also, 401, 403, 429, 503)}
    return Answers(**{f"HTTP_{status}": model}, **problems)


def document() -> dict[str, Any]:
    """Return the OpenAPI document. Problems are described under the media type that they have."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(spec.spec))
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status == "200" and not answer.get("content"):
                    answer["content"] = {kind: {} for kind in FILES}
                if status >= "400" and "application/json" in answer.get("content", {}):
                    answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    for (path, method), media_type in BODIES.items():
        if operation := found["paths"].get(path, {}).get(method):
            schema = {"type": "string"}
            operation["requestBody"] = {
                "required": True,
                "content": {media_type: {"schema": schema}},
            }
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{}, {"token": []}]
    return found


def register(api: Blueprint) -> None:
    """Serve the document at `openapi.json` within a blueprint."""

    @api.get("/openapi.json")
    def openapi() -> dict[str, Any]:
        found = document()
        found["servers"] = [{"url": request.script_root or "/"}]
        return found
