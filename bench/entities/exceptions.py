"""What a person who read the counted lists of names found wrong in them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

EXCEPTIONS = Path(__file__).with_suffix(".toml")


def exceptions(table: str) -> frozenset[str]:
    """Return what does not belong in one list: given_names, surnames or cities."""
    return frozenset(_read()[table]["wrong"])


def types_put_right() -> dict[str, str]:
    """Return the types of names that were counted under a wrong one, "" for what names nobody."""
    return dict(_read()["names"])


def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
