"""Logging to stderr: as lines of text or of JSON, with UTC times, and without logins or tokens.

Each module logs under its own name (`logging.getLogger(__name__)`); nothing else configures a
handler. What a command tells the person who started it is not a log and goes through `Context`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from typing import TextIO

from web.monitoring import request_id

FORMATS = ("text", "json")
PACKAGES = ("models", "store", "ingest", "nlp", "search", "export", "web", "slugline")
HIDDEN = "***"

_SECRET = r"(?:token|secret|passw(?:or)?d|pwd|api[_-]?key|apikey|signature|session[_-]?id)"  # noqa: S105 - a pattern
_SECRETS = (
    # https://user:password@host
    (re.compile(r"(?<=://)[^/\s@\"']+@"), f"{HIDDEN}@"),
    # https://host/rss?access_token=...&key=...
    (
        re.compile(rf"(?i)([?&;](?:[\w.-]*{_SECRET}[\w.-]*|key|auth|sig)=)[^&\s\"'#;]+"),
        rf"\1{HIDDEN}",
    ),
    # /saved/SECRET/feed.atom, /lists/SECRET/feed.atom
    (re.compile(r"(/(?:saved|lists)/)[\w-]{20,}"), rf"\1{HIDDEN}"),
    # Authorization: Basic ..., Cookie: ...
    (
        re.compile(r"(?i)\b(authorization|cookie|x-api-key)([\"']?\s*[:=]\s*).*"),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{8,}"), rf"\1{HIDDEN}"),
    # password=..., 'api_key': '...'
    (re.compile(rf"(?i)\b({_SECRET}[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&]+"), rf"\1{HIDDEN}"),
)


def redacted(text: str) -> str:
    """Return a text without the logins, tokens and cookies in it."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class TextFormatter(logging.Formatter):
    """One line a record: UTC time, level, logger and message, then the traceback if there is one.

    Control characters of a message are escaped, so that no feed writes lines of its own.
    """

    def __init__(self) -> None:
        line = "%(asctime)s %(levelname)s %(name)s: %(request)s%(message)s"
        super().__init__(line, "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line without traceback."""
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole record."""
        asked = request_id.current()
        record.request = f"[request {asked}] " if asked else ""
        return redacted(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and exception if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if asked := request_id.current():
            fields["request"] = asked
        if record.exc_info:
            fields["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is stderr at that moment, as a progress bar replaces it for a while."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        """Keep to stderr."""


def configure(*, level: int = logging.WARNING, form: str = "text") -> None:
    """Send the records of all our loggers from `level` on to stderr; of others, warnings.

    `form` is one of `FORMATS`. Called again, it replaces what it did before.
    """
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Stderr)]:
        root.removeHandler(handler)
    fresh = _Stderr()
    fresh.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root.addHandler(fresh)
    for package in PACKAGES:
        logging.getLogger(package).setLevel(level)


def level_of(*, verbose: int, quiet: bool, service: bool) -> int:
    """Return the level of our loggers: a service tells what it does without being asked."""
    if quiet:
        return logging.WARNING
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    return levels[min(verbose + service, 2)]


def in_json() -> bool:
    """Say whether everything on stderr is to be JSON lines."""
    return any(
        isinstance(each, _Stderr) and isinstance(each.formatter, JsonFormatter)
        for each in logging.getLogger().handlers
    )
