"""What all tests share: a store of one's own, and entries to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.article import Entry
from models.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.at(tmp_path / "store.sqlite") as opened:
        yield opened


def make_entry(
    number: int = 1,
    *,
    title: str = "Ministers meet in Oslo",
    summary: str = "Ten ministers met in Oslo to speak of fish.",
    source: str = "Harbour Post",
) -> Entry:
    url = f"https://harbourpost.example/world/{number}"
    return Entry(
        url=url,
        canonical_url=url,
        title=title,
        summary=summary,
        published=datetime(2025, 6, 1 + number % 28, 12, tzinfo=UTC),
        feed="https://harbourpost.example/rss",
        source=source,
        section="world",
        language="en",
    )
