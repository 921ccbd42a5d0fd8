"""What all tests share: a store of one's own, and entries to put into it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
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


BROUGHT_BY_HAND = {
    "chromium": "apt-get install chromium",
    "the archive": "make test SLUGLINE_ARCHIVE=DIRECTORY (that of the monthly ZIPs)",
}
"""Parts that pip can't bring, and the command that does; skips say "PART is missing"."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is required, as in CI, what was skipped has failed."""
    report = yield
    if report.skipped and os.environ.get("SLUGLINE_REQUIRE_ALL"):
        report.outcome = "failed"
        report.longrepr = f"skipped where a skip is a failure: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close with what was not run, and the command that brings what it needs."""
    for part, command in BROUGHT_BY_HAND.items():
        missing = [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if f"{part} is missing" in str(report.longrepr)
        ]
        if missing:
            terminalreporter.write_line(
                f"Not run: {len(missing)} tests, because {part} is missing. For them: {command}"
            )


@pytest.fixture(scope="session")
def archive() -> Path:
    """The directory of the real archive, which is not part of this repository."""
    named = os.environ.get("SLUGLINE_ARCHIVE")
    if not named:
        pytest.skip("the archive is missing: SLUGLINE_ARCHIVE names no directory")
    return Path(named)
