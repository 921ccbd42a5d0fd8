"""Exports what a search finds: from query and filters to a file, a directory or a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from export.deliver import Delivered, Export, Origins, Starts
from export.format import FormatEntry
from export.request import ExportRequest
from export.shape import Shape
from models.errors import SluglineError

if TYPE_CHECKING:
    from nlp.topics.taxonomy import Topic
    from search.engine import Engine
    from search.request import Filters
    from store.store import Store


def export_to_path(
    store: Store,
    engine: Engine,
    out: Path,
    chosen: FormatEntry,
    *,
    query: str,
    filters: Filters,
    request: ExportRequest,
    topics: tuple[Topic, ...] = (),
    starts: Starts,
    moment: datetime | None = None,
) -> Delivered:
    """Write what a search finds to `out`; raises SluglineError that says what to do.

    `starts` is told how many articles will come. `moment` is the date that the description gives.
    """
    from slugline.factory import open_searcher

    export = open_export(store, chosen, request, topics)
    ids = open_searcher(store, engine).matching(query, filters)
    origins = Origins(
        store=store.identity(),
        version=_version(),
        moment=(moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        asked=asked(query, filters, request),
    )
    try:
        return export.to_path(ids, out, origins, starts)
    except OSError as error:
        raise SluglineError(f"{out} can't be written: {error.strerror or error}.") from error


def export_stream(
    store: Store,
    engine: Engine,
    chosen: FormatEntry,
    *,
    query: str,
    filters: Filters,
    request: ExportRequest,
    topics: tuple[Topic, ...] = (),
) -> Iterator[str]:
    """Yield what a search finds while it is read, for formats of one text file."""
    from slugline.factory import open_searcher

    export = open_export(store, chosen, request, topics)
    return export.stream(open_searcher(store, engine).matching(query, filters))


def open_export(
    store: Store, chosen: FormatEntry, request: ExportRequest, topics: tuple[Topic, ...]
) -> Export:
    """Put an export together; raises UsageError for what the format can't do."""
    shape = Shape(
        topics={topic.slug: (topic.name, topic.codes) for topic in topics}, weigh=_weigh()
    )
    return Export(chosen, request, store.articles, store.tags, shape)


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


def _weigh() -> Callable[[int, int, int, int], float]:
    from nlp.association import log_likelihood

    return log_likelihood


def _version() -> str:
    from importlib.metadata import version

    return version("slugline")
