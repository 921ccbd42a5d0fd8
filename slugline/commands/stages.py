"""The stages of the main job as commands: `ingest`, `tag`, `index`, and `run` for all three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.article import Rejection
from models.errors import SourceError, StoreError, UsageError
from models.feed import is_mailbox, parted
from models.wording import counted, why_refused
from slugline.commands.stage_report import (
    format_indexed,
    format_ingested,
    format_stories,
    format_tagged,
    stage_as_dict,
)
from slugline.context import Context, command
from slugline.terminal import printable

if TYPE_CHECKING:
    from ingest.parsed_source import ParsedSource
    from ingest.parsing.reader import Reader
    from slugline.jobs.pipeline import IndexResult, IngestResult, TagResult
    from slugline.jobs.stories import StoriesResult
    from store.store import Store

SHOWN = 20
"""Rejections and notes shown on the terminal, of each kind; all are written to a file."""


COLUMNS = click.option(
    "--columns", default="", help="Columns of a table: title=Headline,link=URL,date=When."
)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@COLUMNS
@command
def ingest(context: Context, sources: tuple[str, ...], columns: str) -> None:
    """Read articles from feeds and archives into the store.

    SOURCE is a feed's URL, a feed file, an OPML file, a daily archive (.md, .json), a ZIP of them,
    a table (.csv, .tsv, .jsonl), mail (.eml, a Maildir, a mailbox as imaps://user@host/MAILBOX), a
    web archive (.warc), or a directory.
    Ingesting a source again adds only what is new. Entries that can't be read are reported, and the
    rest is ingested.
    """
    with context.store() as store:
        ingested = ingest_sources(context, store, sources, columns)
    context.report(stage_as_dict(ingested), format_ingested(ingested))
    stop_if_unread(ingested)


@click.command()
@click.option("--workers", type=click.IntRange(min=1), help="Number of tagging processes.")
@click.option("--dask", metavar="ADDRESS", help="Tag on the Dask cluster of this scheduler.")
@click.option("--all", "everything", is_flag=True, help="Tag all articles again.")
@command
def tag(context: Context, workers: int | None, dask: str | None, everything: bool) -> None:
    """Tag articles with entities and topics.

    Articles that are new, have changed, or were tagged by other models are tagged. If stopped, it
    continues where it was when you run it again.

    With --dask, such as tcp://10.0.0.5:8786, the workers of a Dask cluster tag. They read and write
    the store themselves, so it has to be one that they all reach.
    """
    if dask and workers:
        raise UsageError("Name --workers or --dask, not both.")
    with context.store() as store:
        if dask:
            tagged = tag_due_on_cluster(context, store, dask, everything=everything)
        else:
            tagged = tag_due(context, store, workers=workers, everything=everything)
        stories = find_due_stories(context, store)
    context.report(
        stage_as_dict(tagged) | {"stories": stories.stories},
        f"{format_tagged(tagged)}\n{format_stories(stories)}",
    )


@click.command()
@click.option("--rebuild", is_flag=True, help="Rebuild the whole index from the store.")
@click.option("--engine", help="Build the index of this engine, in place of `search.engine`.")
@command
def index(context: Context, rebuild: bool, engine: str | None) -> None:
    """Update the search index with what changed in the store.

    To move to another engine, build its index with --engine while the old one still serves, then
    set `search.engine` and start `serve` again.
    """
    context.override({"search.engine": engine})
    with context.store() as store:
        indexed = index_changes(context, store, rebuild=rebuild)
    context.report(stage_as_dict(indexed), format_indexed(indexed))


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--workers", type=click.IntRange(min=1), help="Number of tagging processes.")
@COLUMNS
@command
def run(context: Context, sources: tuple[str, ...], workers: int | None, columns: str) -> None:
    """Ingest SOURCE..., then tag and index what is new."""
    with context.store() as store:
        run_stages(context, store, sources, workers=workers, columns=columns)


def run_stages(
    context: Context,
    store: Store,
    sources: Sequence[str],
    *,
    workers: int | None = None,
    columns: str = "",
    listed: bool = True,
) -> None:
    """Run all stages and report them; `listed` names each rejection on the terminal."""
    ingested = ingest_sources(context, store, sources, columns, listed=listed)
    tagged = tag_due(context, store, workers=workers)
    stories = find_due_stories(context, store)
    indexed = index_changes(context, store)
    context.report(
        {
            "ingest": stage_as_dict(ingested),
            "tag": stage_as_dict(tagged),
            "stories": stage_as_dict(stories),
            "index": stage_as_dict(indexed),
        },
        "\n".join(
            (
                format_ingested(ingested),
                format_tagged(tagged),
                format_stories(stories),
                format_indexed(indexed),
            )
        ),
    )
    stop_if_unread(ingested)


def ingest_sources(
    context: Context,
    store: Store,
    sources: Sequence[str],
    columns: str = "",
    *,
    listed: bool = True,
) -> IngestResult:
    """Run the ingest stage, naming what is rejected; `columns` is what a person typed."""
    from ingest.formats.table import read_columns
    from ingest.source import count_parts
    from slugline.factory import open_reader
    from slugline.jobs import pipeline

    mapping = read_columns(columns) if columns else None
    with ExitStack() as stack:
        reader = stack.enter_context(closing(open_reader(context.settings)))
        totals = [_count(count_parts, source, reader) for source in sources]
        total = sum(n for n in totals if n) if all(totals) else None
        log = stack.enter_context(IngestLog(context, listed=listed))
        bar = stack.enter_context(context.progress("ingest", total))
        read = partial(_read, context, store, reader, mapping)
        return pipeline.ingest(store, sources, read, log, bar)


def _read(
    context: Context, store: Store, reader: Reader, columns: dict[str, str] | None, source: str
) -> Iterator[ParsedSource]:
    from ingest.source import read
    from slugline.factory import open_fetcher, open_mailboxes
    from slugline.feeds.mailboxes import read_mailbox_once

    if is_mailbox(source):
        mailboxes = open_mailboxes(context.settings, [parted(source)[0]])
        yield from read_mailbox_once(store, mailboxes, source, reader)
        return
    with closing(open_fetcher(context.settings, source)) as fetcher:
        yield from read(source, fetcher=fetcher, reader=reader, columns=columns)


def _count(count_parts: Any, source: str, reader: Reader) -> int | None:
    try:
        parts: int | None = count_parts(source, reader)
    except SourceError:
        return None  # `read` meets the same fault and tells it
    return parts


def tag_due(
    context: Context, store: Store, *, workers: int | None = None, everything: bool = False
) -> TagResult:
    """Run the tag stage, loading models only where something is due."""
    from slugline.factory import load_tagger
    from slugline.jobs import pipeline
    from slugline.jobs.executors import Executor, InProcess, Processes

    settings = context.settings
    tagger = load_tagger(settings)
    total = store.tags.make_due(None if everything else tagger.stamp)
    workers = workers or settings.nlp.workers
    executor: Executor = InProcess(tagger)
    if workers > 1 and total > settings.nlp.batch:
        executor = Processes(partial(load_tagger, settings), workers, tagger.stamp)
    with context.progress("tag", total) as bar:
        tagged = pipeline.tag(store, executor, settings.nlp.batch, bar)
    for article_id in tagged.set_aside:
        context.warn(f"Skipped: tagging article {article_id} crashed the process twice.")
    return tagged


def tag_due_on_cluster(
    context: Context, store: Store, address: str, *, everything: bool = False
) -> TagResult:
    """Run the tag stage on a Dask cluster."""
    from slugline.factory import load_tagger
    from slugline.jobs.cluster import Job, connect, tag_on_cluster

    settings = context.settings
    stamp = load_tagger(settings).stamp
    with closing(connect(address, store.url)) as client:
        total = store.tags.make_due(None if everything else stamp)
        context.say(f"Dashboard: {client.dashboard_link}")
        job = Job(partial(load_tagger, settings), stamp, store.url)
        with context.progress("tag", total) as bar:
            tagged = tag_on_cluster(store, client, job, settings.nlp.batch, bar)
    for article_id in tagged.set_aside:
        context.warn(f"Skipped: tagging article {article_id} ended its workers every time.")
    return tagged


def find_due_stories(context: Context, store: Store) -> StoriesResult:
    """Run the stories stage: assign tagged articles that have no story yet."""
    from slugline.jobs.stories import find_stories

    with context.progress("stories", store.stories.detection.count_due()) as bar:
        return find_stories(store, bar)


def index_changes(context: Context, store: Store, *, rebuild: bool = False) -> IndexResult:
    """Run the index stage."""
    from slugline.jobs import pipeline

    total = store.articles.count() if rebuild else store.changes.count()
    with context.engine(repair=False) as engine, context.progress("index", total) as bar:
        indexed = pipeline.index(store, engine, rebuild=rebuild, bar=bar)
        warning = engine.warning()
    if warning:
        context.warn(warning)
    return indexed


class IngestLog:
    """Prints the first rejections and notes, and writes all of them to `ingest.log` in the home."""

    def __init__(self, context: Context, *, listed: bool = True) -> None:
        self._context = context
        self._shown = SHOWN if listed else 0
        self._path: Path = context.settings.home / "ingest.log"
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> IngestLog:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{self._path} can't be written: {why_refused(error)}.") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        for kind, count in self._counts.items():
            if self._context.verbose or count <= self._shown:
                continue
            if self._shown:
                more = f"{count - self._shown:,} more; all {count:,} in {self._path}"
                self._context.warn(f"{kind}: {more}")
            else:
                entries = counted(count, "faulty entry", "faulty entries")
                self._context.say(f"{entries} left out; which and why is in {self._path}")

    def rejected(self, rejection: Rejection) -> None:
        """Report an entry or source that was rejected."""
        self._tell("Rejected", rejection)

    def noted(self, note: Rejection) -> None:
        """Report an entry that was accepted with alterations."""
        self._tell("Noted", note)

    def _tell(self, kind: str, remark: Rejection) -> None:
        self._counts[kind] += 1
        line = printable(f"{kind}: {remark.where}: {remark.reason}").replace("\n", " ")
        self._file.write(line + "\n")
        if self._counts[kind] <= self._shown or self._context.verbose:
            self._context.warn(line)


def stop_if_unread(ingested: IngestResult) -> None:
    """Exit with 1 where a source could not be read at all; the rest is done."""
    if ingested.unread:
        click.get_current_context().exit(1)
