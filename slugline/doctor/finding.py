"""The result of a check."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from models.errors import SluglineError


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `cure` says what to do where it is not well, or could be."""

    subject: str
    well: bool
    state: str
    cure: str = ""


def checked(subject: str, look: Callable[[], Finding]) -> Finding:
    """Look at a subject; what is raised on purpose is what was found."""
    try:
        return look()
    except SluglineError as error:
        return Finding(subject, False, str(error))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return Finding(subject, False, f"{place}{error.strerror or error}")
