"""Lets `watch` and `serve` work side by side on feeds that misbehave while readers search."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.batches import batches
from models.feed import Feed
from store.store import Store
from tests.conftest import run_slugline
from tests.robust.kills import EXECUTABLE, members
from tests.robust.press import PLACES, WORDS, Press, press
from tests.robust.states import problems

PATIENCE = 300.0
"""Seconds that a process has to start or to end, and a request to be answered."""
SETTINGS = {
    "SLUGLINE_FETCH_ALLOW_PRIVATE": "1",
    "SLUGLINE_FETCH_SHORTEST_INTERVAL": "10",
    "SLUGLINE_FETCH_LONGEST_INTERVAL": "40",
    "SLUGLINE_FETCH_TIMEOUT": "8",
    "SLUGLINE_FETCH_MAX_BYTES": "2000000",
    "SLUGLINE_FETCH_AT_ONCE": "24",
}
GROUPED_BY = 4
"""Parts of a run by whose medians memory is compared."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Megabytes that each command takes with all its processes, what they share counted once."""

    seconds: float
    articles: int
    watch: float
    serve: float


@dataclass(slots=True)
class Reading:
    """What readers met: how often each status (0: no answer), and how long answers took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Requests without an answer, or with an error of ours for one."""
        return sum(count for status, count in self.statuses.items() if status == 0 or status >= 400)


@dataclass(slots=True)
class Report:
    """What a run came to."""

    feeds: int
    seconds: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    published: int = 0
    taken: int = 0
    missing_taken: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Say what must not be."""
        told = list(self.wrong)
        told += [
            (
                f"{self.reading.lost} requests lost: {self.reading.statuses}, "
                f"such as {self.reading.wrong[:3]}"
            )
        ] * bool(self.reading.lost)
        told += [
            (
                f"{len(self.missing_taken)} articles are missing that watch said it had, such as "
                f"{self.missing_taken[:3]}"
            )
        ] * bool(self.missing_taken)
        told += [
            (
                f"{len(self.missing)} articles that were served whole never came, such as "
                f"{self.missing[:3]}"
            )
        ] * bool(self.missing)
        return told

    def growth(self, of: Callable[[Sample], float]) -> tuple[float, ...]:
        """Return the median megabytes of each quarter of the run."""
        size = max(1, len(self.samples) // GROUPED_BY)
        parts = [self.samples[at * size : (at + 1) * size] for at in range(GROUPED_BY)]
        return tuple(round(statistics.median(map(of, part)), 1) for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it but the single answers' times."""
        taken = sorted(self.reading.seconds) or [0.0]
        return asdict(self) | {
            "reading": {
                "requests": len(self.reading.seconds),
                "lost": self.reading.lost,
                "statuses": dict(self.reading.statuses),
                "p50_ms": round(taken[len(taken) // 2] * 1000),
                "p99_ms": round(taken[int(len(taken) * 0.99) - 1] * 1000),
                "longest_ms": round(taken[-1] * 1000),
            },
            "watch_mb": self.growth(lambda sample: sample.watch),
            "serve_mb": self.growth(lambda sample: sample.serve),
            "faults": self.faults(),
        }


def soak(
    home: Path,
    feeds: int,
    enough: Callable[[Report, Press], bool],
    *,
    readers: int = 6,
    pause: float = 0.2,
    every: float = 5.0,
    seed: int = 1,
    settings: Mapping[str, str] = SETTINGS,
) -> Report:
    """Run `watch` and `serve` on a new home until `enough` says so, then look at what there is.

    `pause` is the mean time in seconds between an answer and a reader's next request; `every` is
    the time between two samples of memory; `settings` are those of `watch`.
    """
    report = Report(feeds)
    with press(feeds, seed) as published:
        with Store.at(home / "store.sqlite") as store:
            store.feeds.subscribe([Feed(url) for url in published.urls()])
        began = time.monotonic()
        with (
            running(home, report, settings, "watch") as watch,
            running(home, report, settings, "serve", "--port", str(port := free_port())) as serve,
        ):
            answers(port)
            with searching(port, report.reading, readers, pause):
                while not enough(report, published):
                    time.sleep(every)
                    seconds = time.monotonic() - began
                    sizes = (megabytes(each.pid) for each in (watch, serve))
                    report.samples.append(Sample(round(seconds, 1), count(home), *sizes))
                    for name, each in (("watch", watch), ("serve", serve)):
                        assert each.poll() is None, f"{name} ended by itself: {said(home, name)}"
            published.let_go.set()
        report.seconds = round(time.monotonic() - began, 1)
        report.answers = dict(published.answers.most_common())
        published.honest = True
        report.missing_taken = sorted(published.taken() - addresses(home))
        for name in ("check", "tag", "index"):
            words = ("feeds", "check", *published.urls()) if name == "check" else (name,)
            done = run_slugline(*words, home=home, **SETTINGS | {"SLUGLINE_FETCH_TIMEOUT": "120"})
            if done.status:
                report.wrong.append(f"{name} ended with {done.status}: {done.err[-500:]}")
        report.published, report.taken = len(published.served()), len(published.taken())
        report.missing = sorted(published.served() - addresses(home))
    report.wrong += problems(home)
    return report


@contextmanager
def running(
    home: Path, report: Report, settings: Mapping[str, str], name: str, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a session of its own; it is asked to end, and has to end well."""
    environment = {key: value for key, value in os.environ.items() if "SLUGLINE_" not in key}
    environment |= {"SLUGLINE_HOME": str(home), **settings}
    log = home.parent / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [EXECUTABLE, name, *arguments],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)
        if status:
            report.wrong.append(f"{name} ended with {status}: {said(home, name)}")
        text = log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in text:
            report.wrong.append(f"{name}: {text[text.index('Traceback') :][:1_500]}")
    finally:
        if process.poll() is None or members(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def said(home: Path, name: str) -> str:
    """Return the end of what a command said."""
    return (home.parent / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-1_500:]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> None:
    """Wait until the pages answer."""
    end = time.monotonic() + PATIENCE
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        while ask(connection, "/readyz")[0] != 200:
            assert time.monotonic() < end, "the pages do not answer"
            time.sleep(0.2)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, str]:
    """Ask for a page; return its status, 0 without an answer, and what went wrong."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return 0, f"{path}: {error!r}"
    wrong = answer.status >= 400
    return answer.status, f"{path}: {answer.status} {body[:300]!r}" if wrong else ""


@contextmanager
def searching(port: int, reading: Reading, readers: int, pause: float) -> Iterator[None]:
    """Let readers ask for pages, one after the other each, for the length of a block."""
    stop, lock = threading.Event(), threading.Lock()

    def read(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - what a reader looks for
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while not stop.is_set():
            began = time.monotonic()
            status, wrong = ask(connection, page(chance))
            with lock:
                reading.statuses[status] += 1
                reading.seconds.append(time.monotonic() - began)
                reading.wrong += [wrong] * bool(wrong)
            stop.wait(chance.uniform(0, 2 * pause))
        connection.close()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def page(chance: random.Random) -> str:
    """Return what a reader asks for next."""
    word, other = chance.choice(WORDS), chance.choice(WORDS)
    place = chance.choice(PLACES.split("|"))
    path = chance.choice(
        (
            *("/", "/entities", "/sources", "/feeds", "/topics", "/stories", "/healthz"),
            *(f"/search?q={word}", f"/search?q={word}+{other}", f"/search?q={word}+OR+{other}"),
            *(f"/search?q={word[:3]}*", f"/search?q={word}~", "/search?q=&source=Paper+3"),
            *(f"/api/v1/search?q={word}", f"/api/v1/search?q={place}&topic=politics"),
        )
    )
    return path.encode("ascii", "ignore").decode()


def megabytes(leader: int) -> float:
    """Return the memory of a session's processes, what they share counted once (PSS)."""
    kilobytes = 0
    for number in members(leader):
        try:
            rollup = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        kilobytes += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return round(kilobytes / 1024, 1)


def count(home: Path) -> int:
    """Return how many articles a home has."""
    with Store.at(home / "store.sqlite") as store:
        return store.articles.count()


def addresses(home: Path) -> set[str]:
    """Return the addresses of all articles of a home."""
    with closing(Store.at(home / "store.sqlite")) as store:
        return {
            article.article.url
            for ids in batches(sorted(store.articles.ids()), 500)
            for article in store.articles.tagged(ids)
        }
