"""Kills commands of the command line at random moments, and says what they leave behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import run_slugline
from tests.robust.states import articles, leftovers, problems

DUMP = Path(__file__).parents[1] / "data" / "store" / "schema_0001.sql"
EXECUTABLE = Path(sys.executable).with_name("slugline")
PATIENCE = 60.0
"""Seconds within which the workers of a killed process have to end."""


@dataclass(frozen=True, slots=True)
class Job:
    """A command that is killed; DIR in it stands for a directory of its own.

    `begins` names the stage whose home it begins with. `makes` are files that are whole at any
    moment, or not there. `fits` says that it changes what tags will be, and not the articles.
    """

    command: tuple[str, ...]
    begins: str
    makes: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    fits: bool = False
    engine: str = "whoosh"


TANTIVY = {"SLUGLINE_SEARCH_ENGINE": "tantivy"}
SMALL = {"SLUGLINE_NLP_BATCH": "20"}
JOBS = {
    "ingest": Job(("ingest", "SOURCE"), "nothing"),
    "tag": Job(("tag",), "ingested", settings=SMALL),
    "tag by workers": Job(("tag", "--workers", "2"), "ingested", settings=SMALL),
    "index": Job(("index",), "tagged"),
    "index (tantivy)": Job(("index",), "tagged", settings=TANTIVY, engine="tantivy"),
    "rebuild": Job(("index", "--rebuild"), "indexed"),
    "rebuild (tantivy)": Job(("index", "--rebuild"), "indexed", settings=TANTIVY, engine="tantivy"),
    "export": Job(("export", "DIR/all.jsonl"), "indexed", makes=("all.jsonl",)),
    "export of a database": Job(("export", "DIR/all.sqlite"), "indexed", makes=("all.sqlite",)),
    "backup": Job(("backup", "DIR/home.zip"), "indexed", makes=("home.zip",)),
    "migration": Job(("stats",), "earlier"),
    "watch": Job(("watch", "--once"), "subscribed", settings=SMALL),
    "topics fit": Job(("topics", "fit"), "indexed", fits=True),
    "clusters fit": Job(("clusters", "fit"), "indexed", fits=True),
}


@dataclass(slots=True)
class Report:
    """What came of killing one job: how often it was killed, and what was wrong."""

    kills: int = 0
    wrong: list[str] = field(default_factory=list)


class Homes:
    """Homes at each stage of the main job, made once by clean runs, and copied to be worked on."""

    def __init__(self, folder: Path, source: str, prepare: Callable[[Path], None]) -> None:
        self.folder = folder
        self.source = source
        self._prepare = prepare
        self._made: dict[str, Path] = {}

    def at(self, stage: str) -> Path:
        """Return the home of a stage; read it, don't write."""
        if stage not in self._made:
            self._made[stage] = self._make(stage)
        return self._made[stage]

    def _make(self, stage: str) -> Path:
        home = self.folder / "stages" / stage
        home.mkdir(mode=0o700, parents=True)
        if stage == "earlier":
            with sqlite3.connect(home / "store.sqlite") as connection:
                connection.executescript(DUMP.read_text(encoding="utf-8"))
            connection.close()
            return home
        if stage == "subscribed":
            self._prepare(home)
            return home
        before = {"ingested": "nothing", "tagged": "ingested", "indexed": "tagged"}.get(stage)
        if before:
            shutil.copytree(self.at(before), home, dirs_exist_ok=True)
            words = {"ingested": ("ingest", self.source), "tagged": ("tag",), "indexed": ("index",)}
            done = run_slugline(*words[stage], home=home)
            assert done.status == 0, done.err
        return home


def kill_often(homes: Homes, job: Job, kills: int, chance: random.Random) -> Report:
    """Kill a job so often, each time after it was started again, then let it finish and look."""
    report = Report()
    place = homes.folder / "work"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    home = Path(shutil.copytree(homes.at(job.begins), place / "home"))
    words = [
        word.replace("DIR", str(place)).replace("SOURCE", homes.source) for word in job.command
    ]
    began = time.monotonic()
    clean = Path(shutil.copytree(home, place / "clean"))
    assert run(words, clean, job).wait() == 0
    whole = time.monotonic() - began
    if not job.fits:
        complete(clean, job.engine)
    expected = articles(clean)
    for name in job.makes:
        (place / name).unlink()
    while report.kills < kills:
        done = kill_after(words, home, job, chance.uniform(whole * 0.15, whole * 0.95), report)
        for name in job.makes:
            report.wrong += _not_whole(place / name)
        if done:  # it was quicker than that: begin again
            shutil.rmtree(home)
            shutil.copytree(homes.at(job.begins), home)
            for name in job.makes:
                (place / name).unlink(missing_ok=True)
    for name in job.makes:  # a run that was killed as it ended may have made all of it
        (place / name).unlink(missing_ok=True)
    assert run(words, home, job).wait() == 0
    complete(home, job.engine)
    report.wrong += problems(home, job.engine)
    if not job.fits and articles(home) != expected:
        report.wrong.append("articles or tags are not those of a clean run")
    shutil.rmtree(clean)
    report.wrong += [f"left behind: {name}" for name in leftovers(place)]
    return report


def complete(home: Path, engine: str) -> None:
    """Do what is left of the main job."""
    for command in (("tag",), ("index",)):
        done = run_slugline(*command, home=home, SLUGLINE_SEARCH_ENGINE=engine)
        assert done.status == 0, done.err


def run(words: list[str], home: Path, job: Job) -> subprocess.Popen[bytes]:
    """Start a job in a session of its own, by which its workers are known."""
    environment = {key: value for key, value in os.environ.items() if "SLUGLINE_" not in key}
    environment |= {"SLUGLINE_HOME": str(home), "SLUGLINE_FETCH_ALLOW_PRIVATE": "1", **job.settings}
    return subprocess.Popen(
        [EXECUTABLE, *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_after(words: list[str], home: Path, job: Job, seconds: float, report: Report) -> bool:
    """Run a job and kill it after a time; say whether it was done before that."""
    process = run(words, home, job)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        report.kills += 1
        deadline = time.monotonic() + PATIENCE
        while left := members(process.pid):
            if time.monotonic() > deadline:
                report.wrong.append(f"{len(left)} workers outlive their parent")
                os.killpg(process.pid, signal.SIGKILL)
                break
            time.sleep(0.05)
        return False
    if status:
        report.wrong.append(f"{' '.join(words)} ended with {status}")
    return True


def members(session: int) -> list[int]:
    """Return the processes of a session that run; those nobody waited for yet do not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of, *_ = path.read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(of) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def _not_whole(path: Path) -> list[str]:
    """Say where a file that an export or a backup made is there and can't be read to its end."""
    if not path.exists():
        return []
    try:
        if path.suffix == ".sqlite":
            with sqlite3.connect(path) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            connection.close()
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
        else:
            assert path.read_bytes().endswith(b"}\n")
    except (AssertionError, sqlite3.Error, zipfile.BadZipFile) as error:
        return [f"{path.name} looks whole and is not ({error})"]
    return []
