"""The rules of a robots.txt for us, as RFC 9309 reads them, in time and memory that a site can't
drive up: each line is looked at once, only our group is kept, and wildcards never go back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAX_RULES = 512_000
"""Bytes of a robots.txt that are read: the 500 KiB that the RFC asks for and Google stops at."""
MAX_DELAY = 86_400.0
"""Seconds between two pages that are taken as said; whoever asks for more gets a day."""
_LINE = re.compile(r"[ \t]*([A-Za-z-]{1,40})[ \t]*:[ \t]*([^#\r\n]*)")
_LINES = re.compile(r"[\r\n]+")
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one reader may fetch of a site: patterns with whether they allow, the longest first."""

    patterns: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    @property
    def size(self) -> int:
        """Bytes that the rules hold, roughly."""
        return sum(len(pattern) + 150 for pattern, _ in self.patterns)

    def allow(self, url: str) -> bool:
        """Say whether a page may be fetched: the longest pattern counts, of two an allowing one."""
        parts = urlsplit(url)
        path = _levelled((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        return next((allows for pattern, allows in self.patterns if matches(pattern, path)), True)


def read_rules(data: bytes, name: str) -> Rules:
    """Return the rules of a robots.txt for the reader called `name`, else those for all.

    A rule that the cap cuts off is left out: half of one would mean something else.
    """
    if len(data) > MAX_RULES:
        data = data[:MAX_RULES]
        data = data[: max(data.rfind(b"\n"), data.rfind(b"\r"), 0)]
    groups: dict[str, tuple[dict[str, bool], list[float]]] = {
        who: ({}, []) for who in (name.lower(), "*")
    }
    named: set[str] = set()
    meant: set[str] = set()
    is_head = False
    for line in _LINES.split(data.decode("utf-8-sig", "replace")):
        found = _LINE.match(line)
        if not found:
            continue
        field, value = found[1].lower(), found[2].strip()
        if field == "user-agent":
            agent = _TOKEN.match(value)
            meant = (meant if is_head else set()) | ({agent[0].lower()} if agent else set())
            is_head = True
            named |= meant & groups.keys()
        elif field in {"allow", "disallow"}:
            is_head = False
            for who in meant & groups.keys() if value else ():
                pattern = _levelled(value)
                patterns = groups[who][0]
                patterns[pattern] = patterns.get(pattern, False) or field == "allow"
        elif field == "crawl-delay":
            is_head = False
            for who in meant & groups.keys():
                groups[who][1].append(_seconds(value))
    patterns, delays = groups[name.lower() if name.lower() in named else "*"]
    longest_first = sorted(patterns.items(), key=lambda rule: (-len(rule[0]), not rule[1]))
    return Rules(tuple(longest_first), delays[0] if delays else 0.0)


def matches(pattern: str, path: str) -> bool:
    """Say whether a path begins as the pattern says: `*` is anything, `$` at the end is the end.

    Each piece between two stars is taken where it first stands, which is right as long as more may
    follow; the last one before a `$` has to stand at the end.
    """
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if is_whole and others else None
    for piece in others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not is_whole or at == len(path)


def _levelled(path: str) -> str:
    """Return a path or pattern with the same characters escaped, whoever wrote it."""
    return _ESCAPE.sub(_levelled_escape, quote(path, safe=_SAFE))


def _levelled_escape(escape: re.Match[str]) -> str:
    """Return an escape in capitals, or the character where it needs none (RFC 3986, 2.3)."""
    plain = chr(int(escape[0][1:], 16))
    return plain if _UNRESERVED.fullmatch(plain) else escape[0].upper()


def _seconds(value: str) -> float:
    try:
        seconds = float(value[:20])
    except ValueError:
        return 0.0
    return min(seconds, MAX_DELAY) if seconds > 0 else 0.0
