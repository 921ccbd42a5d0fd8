"""Exports the results of a search, for the command line, the API and the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response

from export.deliver import Delivery, Export, Origins
from export.description.facts import slug
from export.destinations import ExportResult, Starts, download, to_path
from export.format import FormatEntry
from export.request import ExportRequest
from export.write_options import WriteOptions
from models.accounts import Role
from models.errors import BusyError, NotFoundError, SluglineError
from models.wording import why_refused
from web.accounts.access import visitor
from web.context import app_context
from web.lists.notes import WithNotes

if TYPE_CHECKING:
    from models.lists import KeptList
    from nlp.topics.taxonomy import Topic
    from search.request import Filters
    from store.store import Store
    from web.context import Searcher

ARTICLES = "Slugline-Articles"
"""The header that says how many articles are in an export."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports articles of a store; `topics` are those of the taxonomy, by slug.

    `now` is the date that descriptions give. With a list (`kept`), only its articles are exported,
    with its notes. With `spellings` a name is found in its other spellings too, as on the page.
    """

    store: Store
    searcher: Searcher
    topics: Mapping[str, Topic] = field(default_factory=dict)
    now: Callable[[], datetime] = _now
    kept: KeptList | None = None
    spellings: bool = False

    def count(
        self, chosen: FormatEntry, request: ExportRequest, query: str, filters: Filters
    ) -> int:
        """Return how many articles an export will have, without reading them where it can.

        Raises UsageError, QueryError or EngineError.
        """
        made = self._open(chosen, request, query, filters)
        return made.count(self._found(query, filters))

    def select(
        self, chosen: FormatEntry, request: ExportRequest, query: str, filters: Filters
    ) -> Delivery:
        """Select what a search finds; raises UsageError, QueryError or EngineError."""
        made = self._open(chosen, request, query, filters)
        return made.select(self._found(query, filters))

    def to_path(
        self,
        out: Path,
        chosen: FormatEntry,
        request: ExportRequest,
        query: str,
        filters: Filters,
        starts: Starts,
    ) -> ExportResult:
        """Write what a search finds to `out`; raises SluglineError that says what to do.

        `starts` is told how many articles will come.
        """
        made = self._open(chosen, request, query, filters)
        try:
            return to_path(made, self._found(query, filters), out, starts)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SluglineError(f"{out} can't be written: {why_refused(error)}.") from error

    def _found(self, query: str, filters: Filters) -> Iterator[str]:
        found = self.searcher.matching(query, filters, spellings=self.spellings)
        if self.kept is None:
            return found
        there = self.store.lists.article_ids(self.kept.number)
        return (id_ for id_ in found if id_ in there)

    def _open(
        self, chosen: FormatEntry, request: ExportRequest, query: str, filters: Filters
    ) -> Export:
        from nlp.association import log_likelihood

        named = {slug: (topic.name, topic.codes) for slug, topic in self.topics.items()}
        options = WriteOptions(topics=named, weigh=log_likelihood, notes=self.kept is not None)
        origins = Origins(
            store=self.store.identity(),
            version=_version(),
            moment=self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            title=_title(query, filters, self.kept.name if self.kept else ""),
            asked=asked(query, filters, request) | ({"list": self.kept.name} if self.kept else {}),
        )
        tags = WithNotes(self.store, self.kept.number) if self.kept else self.store.tags
        return Export(chosen, request, self.store.articles, tags, options, origins)


def exporter(kept: str = "", *, spellings: bool = False) -> Exporter:
    """Return what exports the library of the application that answers the current request.

    `kept` is the name or number of a list whose articles alone are exported, with its notes.
    Raises NotFoundError where the visitor sees no such list, UsageError where there are several.
    """
    here = app_context().library
    if kept and not visitor().may(Role.READER):
        raise NotFoundError(f"There is no list {kept!r} that everybody sees; sign in.")
    named = here.store.lists.named(kept, visitor().name) if kept else None
    return Exporter(here.store, here.searcher, here.topics, kept=named, spellings=spellings)


def send(
    chosen: FormatEntry,
    request: ExportRequest,
    query: str,
    filters: Filters,
    expected: int | None = None,
    kept: str = "",
    *,
    spellings: bool = False,
) -> Response | int:
    """Return the answer that carries an export, made while it is sent.

    Where it would have another number of articles than `expected`, that number is returned instead.
    `kept` and `spellings` are as for `exporter`. Raises UsageError, QueryError or EngineError, and
    NotFoundError for a list; BusyError where too many are under way, since each
    takes a thread for as long as its reader takes.
    """
    places = app_context().exports
    if not places.acquire(blocking=False):
        raise BusyError("Other exports are being sent; try again in a minute.")
    with ExitStack() as stack:
        stack.callback(places.release)
        chosen_articles = exporter(kept, spellings=spellings).select(
            chosen, request, query, filters
        )
        delivery = stack.enter_context(chosen_articles)
        if expected is not None and delivery.articles != expected:
            return delivery.articles
        sent = download(delivery, _name(query, filters))
        held = stack.pop_all()
        answer = Response(_closing(sent.blocks, held), mimetype=sent.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{sent.name}"'
        answer.headers[ARTICLES] = str(delivery.articles)
        answer.call_on_close(held.close)  # also where nothing of it is read, as for HEAD
    return answer


def _closing(blocks: Iterator[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        yield from blocks


def asked(query: str, filters: Filters, request: ExportRequest) -> dict[str, object]:
    """Return what an export was asked for, without what was left open."""
    named = {"query": query}
    named |= {field.name: getattr(filters, field.name) for field in fields(filters)}
    named |= {field.name: getattr(request, field.name) for field in fields(request)}
    return {name: _shown(value) for name, value in named.items() if value}


def _name(query: str, filters: Filters) -> str:
    """Return the name of a file that says what was asked for."""
    words = (query, *filters.topics, *filters.entities, *filters.sources, *filters.languages)
    return "-".join(("slugline", *filter(None, map(_word, words))))[:60].strip("-.")


def _title(query: str, filters: Filters, kept: str) -> str:
    """Return the title of a dataset or feed that says what was asked for."""
    named: dict[str, object] = {"query": query}
    named |= {field.name: getattr(filters, field.name) for field in fields(filters)}
    named |= {"list": kept}
    said = [f"{name} {_in_words(value)}" for name, value in named.items() if value]
    return "Tagged news" + (f": {'; '.join(said)}" if said else "")


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return ", ".join(value) if isinstance(value, tuple) else f'"{value}"'


def _word(text: str) -> str:
    return slug(text).replace(".", "-") if any(c.isascii() and c.isalnum() for c in text) else ""


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    return list(value) if isinstance(value, tuple) else value


def _version() -> str:
    from importlib.metadata import version

    return version("slugline")
