"""Exports the results of a search, for the command line, the API and the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response

from export.deliver import Delivery, Export, Origins
from export.destinations import ExportResult, Starts, download, to_path
from export.write_options import WriteOptions
from models.accounts import Role
from models.errors import BusyError, NotFoundError, SluglineError
from models.wording import why_refused
from web.accounts.access import visitor
from web.context import app_context
from web.export_plan import ExportPlan
from web.lists.notes import WithNotes

if TYPE_CHECKING:
    from models.lists import KeptList
    from nlp.topics.taxonomy import Topic
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
    with its notes.
    """

    store: Store
    searcher: Searcher
    topics: Mapping[str, Topic] = field(default_factory=dict)
    now: Callable[[], datetime] = _now
    kept: KeptList | None = None

    def count(self, plan: ExportPlan) -> int:
        """Return how many articles an export will have, without reading them where it can.

        Raises UsageError, QueryError or EngineError.
        """
        return self._open(plan).count(self._found(plan))

    def select(self, plan: ExportPlan) -> Delivery:
        """Select what a search finds; raises UsageError, QueryError or EngineError."""
        return self._open(plan).select(self._found(plan))

    def to_path(self, plan: ExportPlan, out: Path, starts: Starts) -> ExportResult:
        """Write what a search finds to `out`; raises SluglineError that says what to do.

        `starts` is told how many articles will come.
        """
        try:
            return to_path(self._open(plan), self._found(plan), out, starts)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SluglineError(f"{out} can't be written: {why_refused(error)}.") from error

    def _found(self, plan: ExportPlan) -> Iterator[str]:
        found = self.searcher.matching(plan.query, plan.filters, spellings=plan.spellings)
        if self.kept is None:
            return found
        there = self.store.lists.article_ids(self.kept.number)
        return (id_ for id_ in found if id_ in there)

    def _open(self, plan: ExportPlan) -> Export:
        from nlp.association import log_likelihood

        kept = self.kept.name if self.kept else ""
        named = {slug: (topic.name, topic.codes) for slug, topic in self.topics.items()}
        options = WriteOptions(topics=named, weigh=log_likelihood, notes=self.kept is not None)
        origins = Origins(
            store=self.store.identity(),
            version=_version(),
            moment=self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            title=plan.title(kept),
            asked=plan.asked(kept),
        )
        tags = WithNotes(self.store, self.kept.number) if self.kept else self.store.tags
        return Export(plan.format, plan.request, self.store.articles, tags, options, origins)


def exporter(kept: str = "") -> Exporter:
    """Return what exports the library of the application that answers the current request.

    `kept` is the name or number of a list whose articles alone are exported, with its notes.
    Raises NotFoundError where the visitor sees no such list, UsageError where there are several.
    """
    here = app_context().library
    if kept and not visitor().may(Role.READER):
        raise NotFoundError(f"There is no list {kept!r} that everybody sees; sign in.")
    named = here.store.lists.named(kept, visitor().name) if kept else None
    return Exporter(here.store, here.searcher, here.topics, kept=named)


def send(plan: ExportPlan, kept: str = "", expected: int | None = None) -> Response | int:
    """Return the answer that carries an export, made while it is sent.

    Where it would have another number of articles than `expected`, that number is returned instead.
    `kept` is as for `exporter`. Raises UsageError, QueryError or EngineError, and
    NotFoundError for a list; BusyError where too many are under way, since each
    takes a thread for as long as its reader takes.
    """
    places = app_context().exports
    if not places.acquire(blocking=False):
        raise BusyError("Other exports are being sent; try again in a minute.")
    with ExitStack() as stack:
        stack.callback(places.release)
        delivery = stack.enter_context(exporter(kept).select(plan))
        if expected is not None and delivery.articles != expected:
            return delivery.articles
        sent = download(delivery, plan.file_name())
        held = stack.pop_all()
        answer = Response(_closing(sent.blocks, held), mimetype=sent.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{sent.name}"'
        answer.headers[ARTICLES] = str(delivery.articles)
        answer.call_on_close(held.close)  # also where nothing of it is read, as for HEAD
    return answer


def _closing(blocks: Iterator[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        yield from blocks


def _version() -> str:
    from importlib.metadata import version

    return version("slugline")
