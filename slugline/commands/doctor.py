"""`slugline doctor`: checks that a home has what it needs, and that its index matches the store."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points

import click

from models.errors import SluglineError
from slugline.context import Context, command
from slugline.settings import Settings

MOST_LANGUAGES = 8
"""So many languages without a pipeline are listed: the rest are a few articles each."""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `cure` says what to do where it is not well."""

    subject: str
    well: bool
    state: str
    cure: str = ""


@click.command()
@command
def doctor(context: Context) -> None:
    """Check settings, language pipelines, models, store and index. Exit 1 if something is wrong."""
    settings = context.settings
    findings = [
        *_pipelines(settings),
        *_unused_pipelines(settings),
        *_languages_without(context),
        _checked("topic model", lambda: _topic_model(settings)),
        _checked("store", lambda: _store(context)),
        _checked("index", lambda: _index(context)),
    ]
    well = all(finding.well for finding in findings)
    lines = [f"Python {sys.version.split()[0]}, home {settings.home}"]
    for finding in findings:
        lines.append(f"{'ok  ' if finding.well else 'BAD '} {finding.subject}: {finding.state}")
        if finding.cure:
            lines.append(f"     {finding.cure}")
    context.report(
        {
            "well": well,
            "home": str(settings.home),
            "findings": [dataclasses.asdict(finding) for finding in findings],
        },
        "\n".join(lines),
    )
    if not well:
        click.get_current_context().exit(1)


def _pipelines(settings: Settings) -> Iterator[Finding]:
    for language, package in settings.pipelines.items():
        there = importlib.util.find_spec(package) is not None
        yield Finding(
            f"pipeline for {language}",
            there,
            package if there else f"{package} is not installed",
            "" if there else f"pip install {package}, or name another under [nlp.pipelines].",
        )


def _unused_pipelines(settings: Settings) -> Iterator[Finding]:
    """Yield the pipelines that are installed and that no language is given to."""
    packages = {entry.name for entry in entry_points(group="spacy_models")}
    for package in sorted(packages - set(settings.pipelines.values())):
        language = package.partition("_")[0]
        cure = f'{language} = "{package}" under [nlp.pipelines] makes `slugline tag` use it.'
        yield Finding(f"pipeline {package}", True, "installed, not used", cure)


def _languages_without(context: Context) -> Iterator[Finding]:
    """Yield the languages of articles that no pipeline reads, the most frequent ones first."""
    try:
        with context.store() as store:
            languages = store.articles.languages()
    except SluglineError:
        return  # said of the store itself
    from nlp.entities.tagger import read_languages

    read = read_languages(context.settings.pipelines)
    missing = [each for each in languages if each[0] and each[0] not in read]
    for language, count in missing[:MOST_LANGUAGES]:
        yield Finding(
            f"pipeline for {language}",
            True,
            f"none; articles with only the names that rules know: {count:,}",
            f"spaCy's pipelines are listed at https://spacy.io/models; name one for {language} "
            "under [nlp.pipelines].",
        )


def _checked(subject: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except SluglineError as error:
        return Finding(subject, False, str(error))


def _topic_model(settings: Settings) -> Finding:
    from slugline.factory import load_topic_models

    models = load_topic_models(settings)
    place = settings.topic_model or "the one that Slugline brings"
    tongues = ", ".join(models.languages)
    by_terms = ", ".join(models.languages_by_terms) or "no other language"
    state = (
        f"{len(models.topics)} topics, {place}; for articles in {tongues}, "
        f"and by seed terms alone in {by_terms}"
    )
    return Finding("topic model", True, state)


def _store(context: Context) -> Finding:
    with context.store() as store:
        articles = store.articles.count()
        due = store.tags.count_due()
        if faults := store.faults():
            return Finding(
                "store",
                False,
                f"{_place(context.settings)}: {articles:,} articles; {'; '.join(faults)}",
                "Restore a backup into another home with `slugline restore`, or export what can "
                "still be read with `slugline export`.",
            )
    cure = "Run `slugline tag`." if due else ""
    state = f"{_place(context.settings)}: {articles:,} articles, {due:,} not tagged yet"
    return Finding("store", True, state, cure)


def _place(settings: Settings) -> str:
    """Say where the store is, without a password."""
    from store.database import shown_url

    return shown_url(settings.store_url)


def _index(context: Context) -> Finding:
    """Compare store and index id by id, as far as no change waits in the queue."""
    from search.health import compare

    with context.store() as store, context.engine(repair=False) as engine:
        engine.check()
        waiting = store.changes.count()
        reader = store.changes.reader()
        indexed = list(engine.ids())
        compared = compare(store.articles.ids(), indexed)
    if waiting:
        state = f"{len(indexed):,} articles; {waiting:,} changes wait"
        return Finding("index", True, state, "Run `slugline index`.")
    if not compared.agrees:
        state = (
            f"{len(compared.missing):,} articles of the store are missing, "
            f"{len(compared.surplus):,} are no longer in it"
        )
        return Finding("index", False, state, "Run `slugline index --rebuild`.")
    state = f"{len(indexed):,} articles, the same as in the store"
    if reader and reader != engine.name:
        state += f"; what changes goes to the {reader} index"
        return Finding("index", True, state, f"`slugline index` makes {engine.name} its reader.")
    return Finding("index", True, state)
