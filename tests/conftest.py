"""What all tests share: a store of one's own, and entries to put into it."""

from __future__ import annotations

import fcntl
import gc
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings

from models.article import Entry
from slugline import logs
from slugline.cli import main
from slugline.factory import open_store
from slugline.settings import read_settings
from store.store import Store
from tests import made_once
from tests.postgresql.databases import empty_store, needs_postgresql

# No example fails for being slow: that would tell of the machine and what else it does.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Set what is collected apart from garbage: it stays, and looking through it takes longest."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


STORES = ("sqlite", pytest.param("postgresql", marks=(needs_postgresql, pytest.mark.slow)))
"""Where a store can be kept: what holds for one has to hold for the other."""


@contextmanager
def new_store(kind: str, directory: Path) -> Iterator[Store]:
    """Open an empty store of one of the STORES, a file of it in a directory."""
    if kind == "sqlite":
        shutil.copyfile(made_once.empty_sqlite_store(), directory / "store.sqlite")
        with Store.at(directory / "store.sqlite") as opened:
            yield opened
        return
    with empty_store() as url, Store(url) as opened:
        yield opened


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with new_store(request.param, tmp_path) as opened:
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
    "OpenSearch": "apt-get install default-jre-headless maven && eval $(tests/opensearch/start)",
    "PostgreSQL": "apt-get install postgresql && eval $(tests/postgresql/start)",
    "Dovecot": "apt-get install dovecot-imapd && eval $(tests/dovecot/start)",
    "the environment of validators": "make validators",
    "the right to mount": "make slow, as root of a machine of its own",
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


@dataclass(frozen=True)
class Done:
    """What one run of the command line gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_slugline(*arguments: str | Path, home: Path | None = None, **environment: str) -> Done:
    """Run the command line in this process, where what is heavy is imported and loaded once.

    It sees none of the tester's own settings, and its streams are no terminal.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        stack.enter_context(patch.object(sys, "argv", ["slugline", *map(str, arguments)]))
        stack.enter_context(patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO())))
        stack.enter_context(patch.dict(os.environ, _environment(home, environment), clear=True))
        stack.enter_context(_logging_kept())
        with pytest.raises(SystemExit) as ended:
            main()
    return Done(int(ended.value.code or 0), _written(out), _written(err))


def run_process(*arguments: str | Path, home: Path | None = None, **environment: str) -> Done:
    """Run the installed program as a process of its own, for what only a process shows."""
    done = subprocess.run(
        [Path(sys.executable).with_name("slugline"), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=_environment(home, environment),
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def _environment(home: Path | None, more: Mapping[str, str]) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SLUGLINE_")}
    return clean | ({"SLUGLINE_HOME": str(home)} if home is not None else {}) | dict(more)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]  # a BytesIO


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Take back what the command line did to logging, which is one for all tests."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in logs.PACKAGES}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    with made_once.made_once():
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A home that holds the bundled sample, and what making it reported. Read it, don't write.

    It is made once a run, by the first worker that needs it.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    home, report = place / "demo" / "home", place / "demo" / "report.json"
    home.parent.mkdir(exist_ok=True)
    with (place / "demo" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            done = run_slugline("demo", "--no-serve", "--json", home=home)
            report.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return home, Done(**json.loads(report.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def demo_home(demo: tuple[Path, Done]) -> Path:
    """The home of `demo`."""
    home, done = demo
    assert done.status == 0, done.err
    return home


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo's home, to write to."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def home_store(home: Path) -> Store:
    """Open the store of a home, wherever its settings say that it is."""
    return open_store(read_settings(home, None, {}))
