"""The page that describes the API and lets people try it: Swagger UI, vendored."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from web.api.openapi import document
from web.server.headers import policy

pages = Blueprint("api_docs", __name__)


@pages.get("/api")
def api_docs() -> Response:
    """List the addresses of the API; with `view=try` and JavaScript, each can be tried in place."""
    found = document()
    addresses = [
        (method.upper(), path, operation["summary"])
        for path, operations in found["paths"].items()
        for method, operation in operations.items()
    ]
    trying = request.args.get("view") == "try"
    page = render_template("api_docs.html", addresses=addresses, trying=trying)
    response = make_response(page)
    # Swagger UI draws its signs as data: pictures, and asks this server for its examples.
    response.headers["Content-Security-Policy"] = policy(
        script_src="'self'", connect_src="'self'", img_src="'self' data:"
    )
    return response
