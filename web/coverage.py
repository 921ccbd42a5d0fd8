"""Coverage: which groups of sources, as the user defines them, report a story.

The file `coverage.toml` in the home names them. Nothing here rates a source: a group is what its
owner says it is, by country, kind, owner, stance or whatever else matters to them.

    [groups.public]
    name = "Public broadcasters"
    kind = "owner"
    sources = ["BBC", "npr.org"]

A source is meant by its name, or by its host where there is a dot in it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import ConfigError

MOST_GROUPS, MOST_SOURCES = 200, 5_000


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A group of sources; `kind` says by what it groups, such as country or owner."""

    id: str
    name: str
    kind: str
    sources: tuple[str, ...]

    def holds(self, source: str, url: str) -> bool:
        """Say whether a publisher, by its name or an article's address, belongs here."""
        name, host = source.casefold(), _host(url)
        for each in self.sources:
            if each == name:
                return True
            if "." in each and (host == each or host.endswith(f".{each}")):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much a group tells: its articles, and its sources that do, most first."""

    group: SourceGroup
    articles: int
    sources: tuple[str, ...]


def read_groups(path: Path) -> tuple[SourceGroup, ...]:
    """Read the groups of a file, () if there is no file; raises ConfigError."""
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} can't be read: {error}.") from error
    groups = kept.get("groups", {})
    if not isinstance(groups, dict) or len(groups) > MOST_GROUPS:
        raise ConfigError(f"{path}: `groups` must be tables, at most {MOST_GROUPS} of them.")
    return tuple(_group(path, str(key), value) for key, value in groups.items())


def coverage(
    groups: Iterable[SourceGroup], pairs: Iterable[tuple[str, str]]
) -> tuple[Coverage, ...]:
    """Return what each group tells of some articles, given as (source, address)."""
    articles = list(pairs)
    found = []
    for group in groups:
        counts: dict[str, int] = {}
        for source, url in articles:
            if group.holds(source, url):
                counts[source] = counts.get(source, 0) + 1
        ordered = tuple(sorted(counts, key=lambda name: (-counts[name], name)))
        found.append(Coverage(group, sum(counts.values()), ordered))
    return tuple(found)


def _group(path: Path, key: str, value: object) -> SourceGroup:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: groups.{key} must be a table with `sources`.")
    unknown = set(value) - {"name", "kind", "sources"}
    if unknown:
        raise ConfigError(f"{path}: groups.{key} has an unknown key {sorted(unknown)[0]!r}.")
    sources = value.get("sources")
    if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
        raise ConfigError(f"{path}: groups.{key}.sources must be a list of names or hosts.")
    if len(sources) > MOST_SOURCES:
        raise ConfigError(f"{path}: groups.{key} has more than {MOST_SOURCES} sources.")
    folded = tuple(each.casefold().strip() for each in sources if each.strip())
    return SourceGroup(key, str(value.get("name", key)), str(value.get("kind", "")), folded)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:  # not every link is an address
        return ""
