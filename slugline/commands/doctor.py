"""`slugline doctor`: checks a home and says how to repair what is wrong."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from models.errors import ConfigError, SluglineError
from slugline.context import Context, command
from slugline.doctor.finding import Finding, checked
from slugline.settings import COVERAGE_FILE, SETTINGS_FILE

if TYPE_CHECKING:
    from store.store import Store


@click.command()
@command
def doctor(context: Context) -> None:
    """Check all of a home, and say how to mend what is not well. Exit 1 if not all is well.

    Looked at are settings, home, disk, language pipelines, models, store, index, feeds, the clock,
    and what killed commands left behind.
    """
    from slugline.doctor.places import unreadable_settings

    try:
        home = str(context.settings.home)
    except ConfigError as error:
        if context.json:
            _report(context, str(context.home or ""), [unreadable_settings(error)])
        raise
    if not _report(context, home, list(_findings(context))):
        click.get_current_context().exit(1)


def _report(context: Context, home: str, findings: list[Finding]) -> bool:
    """Report what was found; say whether all is well."""
    well = all(finding.well for finding in findings)
    lines = [f"Python {sys.version.split()[0]}, home {home}"]
    for finding in findings:
        lines.append(f"{'ok  ' if finding.well else 'BAD '} {finding.subject}: {finding.state}")
        if finding.cure:
            lines.append(f"     {finding.cure}")
    context.report(
        {
            "well": well,
            "home": home,
            "findings": [dataclasses.asdict(finding) for finding in findings],
        },
        "\n".join(lines),
    )
    return well


def _findings(context: Context) -> Iterator[Finding]:
    """Yield what is found, the outermost first: without settings no home, without it no store."""
    from slugline.doctor import models, places

    settings = context.settings
    path = context.config or settings.home / SETTINGS_FILE
    yield checked("settings", partial(places.settings_file, path))
    groups = settings.home / COVERAGE_FILE
    if groups.exists():
        yield checked("coverage", partial(places.source_groups, groups))
    yield checked("home", partial(places.home, settings))
    yield checked("disk", partial(places.disk, settings))
    yield checked("leftovers", partial(places.leftovers, settings))
    yield from models.pipelines(settings)
    yield checked("topic model", partial(models.topic_model, settings))
    yield checked("cluster model", partial(models.cluster_model, settings))
    yield from _of_data(context)


def _of_data(context: Context) -> Iterator[Finding]:
    """Yield what is found of store, index and feeds; the index is looked at if the store opens."""
    from slugline.doctor import data, models

    settings = context.settings
    try:
        with context.store() as store:
            yield checked("store", partial(data.store, settings, store))
            yield checked("index", partial(_index, context, store))
            yield checked("feeds", partial(data.feeds, store, data.now()))
            yield checked("clock", partial(data.clock, store, data.now()))
            yield from models.languages_without(settings, store.articles.languages())
    except SluglineError as error:
        yield Finding("store", False, str(error))


def _index(context: Context, store: Store) -> Finding:
    from slugline.doctor import data

    with context.engine(repair=False) as engine:
        return data.index(store, engine)
