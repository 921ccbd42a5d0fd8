"""Exports what a search finds: from query and filters to what the command and the pages deliver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from export.deliver import Delivery, Export, Origins
from export.destinations import Delivered, Starts, to_path
from export.format import FormatEntry
from export.request import ExportRequest
from export.shape import Shape
from models.errors import SluglineError

if TYPE_CHECKING:
    from nlp.topics.taxonomy import Topic
    from search.request import Filters
    from search.searcher import Searcher
    from store.store import Store


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports articles of a store; `topics` are those of the taxonomy, by slug.

    `now` is the date that descriptions give.
    """

    store: Store
    searcher: Searcher
    topics: Mapping[str, Topic] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def select(
        self, chosen: FormatEntry, request: ExportRequest, query: str, filters: Filters
    ) -> Delivery:
        """Select what a search finds; raises UsageError, QueryError or EngineError."""
        made = self._open(chosen, request, query, filters)
        return made.select(self.searcher.matching(query, filters))

    def to_path(
        self,
        out: Path,
        chosen: FormatEntry,
        request: ExportRequest,
        query: str,
        filters: Filters,
        starts: Starts,
    ) -> Delivered:
        """Write what a search finds to `out`; raises SluglineError that says what to do.

        `starts` is told how many articles will come.
        """
        made = self._open(chosen, request, query, filters)
        try:
            return to_path(made, self.searcher.matching(query, filters), out, starts)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SluglineError(f"{out} can't be written: {error.strerror or error}.") from error

    def _open(
        self, chosen: FormatEntry, request: ExportRequest, query: str, filters: Filters
    ) -> Export:
        from nlp.association import log_likelihood

        named = {slug: (topic.name, topic.codes) for slug, topic in self.topics.items()}
        shape = Shape(topics=named, weigh=log_likelihood)
        origins = Origins(
            store=self.store.identity(),
            version=_version(),
            moment=self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            asked=asked(query, filters, request),
        )
        return Export(chosen, request, self.store.articles, self.store.tags, shape, origins)


def asked(query: str, filters: Filters, request: ExportRequest) -> dict[str, object]:
    """Return what an export was asked for, without what was left open."""
    named = {"query": query}
    named |= {field.name: getattr(filters, field.name) for field in fields(filters)}
    named |= {field.name: getattr(request, field.name) for field in fields(request)}
    return {name: _shown(value) for name, value in named.items() if value}


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    return list(value) if isinstance(value, tuple) else value


def _version() -> str:
    from importlib.metadata import version

    return version("slugline")
