"""What the first page of hits needs, made before anyone asks for it.

Compiling templates and reading the names of languages is half of what a first search takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.formatting import language

if TYPE_CHECKING:
    from flask import Flask

_TEMPLATES = (
    *("base.html", "search.html", "_correct.html", "_keep.html", "_pager.html", "_parts.html"),
    "_syntax.html",
)
"""The page of hits, and what it includes and extends."""
_UNUSUAL = "eo"
"""A language whose name is looked up in the list of all."""


def prepare(app: Flask) -> Flask:
    """Return an application that has compiled what its page of hits is made of."""
    for name in _TEMPLATES:
        app.jinja_env.get_template(name)
    language(_UNUSUAL)
    return app
