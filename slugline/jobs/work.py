"""The work of each kind of job, with progress reports and a JSON result.

Each can be killed at any moment and done again from the start: what is done is kept in batches,
and a file or a model takes its place only once it is whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Protocol

from models.jobs import Job, JobKind, JobPart
from models.removal import RetentionRule
from slugline.factory import load_tagger, open_fetcher, open_reader, open_search_engine
from slugline.jobs import pipeline
from slugline.progress import no_bar
from slugline.settings import Settings
from store.store import Store

Result = dict[str, Any]


class Progress(Protocol):
    """Hears how far a job is: of each part with its steps, and of the steps as they are done."""

    def begin(self, part: JobPart, total: int | None = None) -> None:
        """Begin a part of so many steps."""

    def __call__(self, steps: int = 1, note: str = "") -> None:
        """Move on by `steps`."""


Work = Callable[[Job, Settings, Store, Progress], Result]


def export(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:
    """Write what a search finds to a file of the home."""
    from msgspec import convert

    from export.destinations import download
    from export.format import format_named
    from nlp.topics.taxonomy import load_taxonomy
    from slugline.factory import open_searcher
    from web.api.questions import ExportQuestion
    from web.export_plan import ExportPlan
    from web.exports import Exporter
    from web.jobs.files import EXPORTS, file_of

    options = dict(job.options)
    chosen = format_named(options.pop("format"))
    question = convert(options, ExportQuestion)
    topics = {topic.slug: topic for topic in load_taxonomy(settings.taxonomy)}
    folder = settings.home / EXPORTS
    folder.mkdir(mode=0o700, exist_ok=True)
    with closing(open_search_engine(settings)) as engine:
        pipeline.catch_up(store, engine)
        searcher = open_searcher(store, engine).as_seen_by(job.who)
        kept = store.lists.named(question.kept, job.who) if question.kept else None
        filters = question.filters(datetime.now(UTC))
        plan = ExportPlan(
            chosen, question.request(), question.q, filters, spellings=question.spellings
        )
        with Exporter(store, searcher, topics, kept=kept).select(plan) as delivery:
            progress.begin(JobPart.EXPORT, delivery.articles)
            sent = download(delivery, f"slugline-{job.number}")
            place, part = file_of(folder, job.number), folder / f"{job.number}.part"
            with part.open("wb") as file:
                size = sum(file.write(block) for block in sent.blocks)
            part.replace(place)
    return {
        "format": chosen.name,
        "articles": delivery.articles,
        "file": sent.name,
        "media_type": sent.media_type,
        "bytes": size,
    }


def check_feeds(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:
    """Ask for feeds, those that are due or all, and make what is new searchable."""
    from slugline.feeds.check import feed_checker
    from slugline.jobs.duplicates import group_duplicates

    feeds = store.feeds.subscribed() if job.options.get("all") else store.feeds.due(_now())
    progress.begin(JobPart.CHECK, len(feeds))
    with (
        closing(open_fetcher(settings)) as fetcher,
        closing(open_reader(settings)) as reader,
    ):
        checked = feed_checker(settings, store, fetcher, reader).check(
            feeds, pipeline.NoListener(), on_check=lambda one: progress(1, one.title or one.url)
        )
    progress.begin(JobPart.GROUP)
    group_duplicates(store, progress)
    facts = dataclasses.asdict(checked.ingested)
    names = ("new", "updated", "unchanged", "duplicates", "rejected")
    failed = [{"url": one.url, "error": one.error} for one in checked.feeds if one.error]
    found = {"checked": len(checked.feeds), **{name: facts[name] for name in names}}
    return found | {"failed": failed[:100]} | tag(job, settings, store, progress)


def tag(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:
    """Tag what is due, find its stories, and make it searchable."""
    from slugline.jobs.executors import InProcess
    from slugline.jobs.stories import find_stories

    tagged = 0
    if store.tags.count_due() or job.kind is JobKind.TAG:
        tagger = load_tagger(settings)
        progress.begin(JobPart.TAG, store.tags.make_due(tagger.stamp))
        done = pipeline.tag(store, InProcess(tagger), settings.nlp.batch, progress)
        tagged = done.articles
    progress.begin(JobPart.STORIES, store.stories.detection.count_due())
    find_stories(store, progress)
    return {"tagged": tagged, "indexed": _index(settings, store, progress, rebuild=False)["added"]}


def rebuild_index(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:  # noqa: ARG001 - the signature of all work
    """Make the search index anew from the store."""
    return _index(settings, store, progress, rebuild=True)


def fit_topics(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:  # noqa: ARG001 - the signature of all work
    """Fit topics to the articles and corrections of the store."""
    from slugline.jobs import topics

    progress.begin(JobPart.FIT)
    done = topics.fit_topics(store, settings.taxonomy, settings.own_topic_model)
    return dataclasses.asdict(done)


def fit_clusters(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:  # noqa: ARG001 - the signature of all work
    """Fit clusters to the tagged articles, and give every article its own."""
    from slugline.jobs.clusters import cluster

    progress.begin(JobPart.FIT, 2)
    done = cluster(store, settings.cluster_model, None, afresh=False, bar=progress, placed=no_bar)
    _index(settings, store, progress, rebuild=False)
    return {
        "articles": done.articles,
        "clusters": done.clusters,
        "new": len(done.new),
        "gone": len(done.gone),
        "moved": done.moved,
    }


def retention(job: Job, settings: Settings, store: Store, progress: Progress) -> Result:
    """Remove what a rule of retention no longer keeps."""
    from web.retention.plan import apply_rule, checked_rule

    names = ("days", "articles", "megabytes")
    rule = checked_rule(*(job.options.get(name, 0) for name in names))
    progress.begin(JobPart.REMOVE, store.removals.preview(rule, _now()).due)
    removed = apply_rule(store, rule, job.who, progress)
    _index(settings, store, progress, rebuild=False)
    return {"removed": removed}


def rule_of(settings: Settings) -> RetentionRule:
    """Return the rule of retention that settings give."""
    own = settings.retention
    return RetentionRule(own.days, own.articles, own.megabytes)


WORK: dict[JobKind, Work] = {
    JobKind.EXPORT: export,
    JobKind.CHECK_FEEDS: check_feeds,
    JobKind.TAG: tag,
    JobKind.REBUILD_INDEX: rebuild_index,
    JobKind.FIT_TOPICS: fit_topics,
    JobKind.FIT_CLUSTERS: fit_clusters,
    JobKind.RETENTION: retention,
}


def _index(settings: Settings, store: Store, progress: Progress, *, rebuild: bool) -> Result:
    progress.begin(JobPart.INDEX, store.articles.count() if rebuild else store.changes.count())
    with closing(open_search_engine(settings)) as engine:
        done = pipeline.index(store, engine, rebuild=rebuild, bar=progress)
    return {"engine": done.engine, "documents": done.documents, "added": done.added}


def _now() -> datetime:
    return datetime.now(UTC)
