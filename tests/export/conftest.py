"""A store with articles of every awkward kind, and exports of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from export.deliver import Export, Origins
from export.destinations import ExportResult, to_path
from export.format import format_named
from export.record import Record, records
from export.request import ExportRequest
from export.write_options import WriteOptions
from models.feed import Feed
from models.tags import EntityName, Mention, Tags, TopicScore
from nlp.association import log_likelihood
from nlp.topics.taxonomy import load_taxonomy
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
ADA = EntityName("person/ada-lind", "Ada Lind", "person")
OSLO = EntityName("place/oslo", "Oslo", "place")
BANK = EntityName("org/fjord-bank", "Fjord Bank", "org")
AWKWARD = "Żółć 😀 e\u0301 \u2028 <b>&amp;</b> Oslo\x0b \ufffe said"


@pytest.fixture
def filled(store: Store) -> Store:
    entries = [
        make_entry(1, title="Old headline"),
        make_entry(2, title='=HYPERLINK("http://evil.example")', summary="Line one\nand, two"),
        make_entry(3, title=AWKWARD, summary="Said in Oslo. Ada Lind's bank, too."),
        make_entry(4, title="Nothing is known of this"),
    ]
    store.articles.put(entries, FEED, NOW)
    changed = make_entry(1, title="Ada Lind meets Oslo's mayor")
    store.articles.put([changed], FEED, NOW + timedelta(hours=1))
    oslo = AWKWARD.index("Oslo")
    first = (
        Mention("title", 0, 8, "Ada Lind", "PERSON", ADA),
        Mention("title", 15, 19, "Oslo", "GPE", OSLO),
    )
    third = (
        Mention("title", oslo, oslo + 4, "Oslo", "GPE", OSLO),
        Mention("summary", 8, 12, "Oslo", "GPE", OSLO),
        Mention("summary", 14, 22, "Ada Lind", "PERSON", ADA),
        Mention("summary", 25, 29, "bank", "ORG", BANK),
    )
    topics = (TopicScore("politics", 0.81239), TopicScore("culture", 0.3))
    store.tags.put(
        [
            Tags(changed.id, 2, "en", first, topics, "m"),
            Tags(entries[2].id, 1, "en", third, (), "m"),
        ]
    )
    return store


@pytest.fixture
def ids(filled: Store) -> list[str]:
    return list(filled.articles.ids())


@pytest.fixture
def written_records(filled: Store, ids: list[str]) -> list[Record]:
    return list(records(ids, filled.articles, filled.tags))


@pytest.fixture
def options() -> WriteOptions:
    topics = {topic.slug: (topic.name, topic.codes) for topic in load_taxonomy()}
    return WriteOptions(topics=topics, weigh=log_likelihood)


def opened(name: str, store: Store, options: WriteOptions, **asked: Any) -> Export:
    """Open an export that was asked for in `opened("csv", store, options, text=True)`."""
    origins = Origins("store", "0.1", "2025-06-30T12:00:00Z", asked={"query": "oslo"})
    request = ExportRequest(**asked)
    return Export(format_named(name), request, store.articles, store.tags, options, origins)


Exporter = Callable[..., ExportResult]


@pytest.fixture
def export(filled: Store, ids: list[str], options: WriteOptions) -> Exporter:
    """Export the store to a path: `export("csv", out, [id, ...], text=True)`."""

    def run(name: str, out: Path, chosen: list[str] | None = None, **asked: Any) -> ExportResult:
        made = opened(name, filled, options, **asked)
        return to_path(made, ids if chosen is None else chosen, out, _uncounted)

    return run


def _uncounted(total: int) -> Callable[[], None]:
    return lambda: None
