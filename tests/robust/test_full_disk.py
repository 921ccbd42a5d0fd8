"""On a full disk every job says so and what to do, in words; with room again it goes on."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from slugline.commands.demo import SAMPLE
from tests.conftest import Done, run_slugline
from tests.robust.disks import can_mount, small_disk
from tests.robust.states import SQL, articles, leftovers, problems

pytestmark = [
    pytest.mark.slow,
    pytest.mark.mount,
    pytest.mark.skipif(
        not can_mount(), reason="the right to mount is missing: this process may not mount a disk"
    ),
    # Whoosh leaves files open where it breaks off in the middle of writing.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

KILOBYTES = 40_000
JOBS = {
    "ingest": ("ingest", SAMPLE),
    "tag": ("tag", "--all"),
    "run": ("run", SAMPLE),
    "index": ("index",),
    "rebuild": ("index", "--rebuild"),
    "export": ("export", "DISK/all.jsonl"),
    "export of a database": ("export", "DISK/all.sqlite"),
    "export of a directory": ("export", "DISK/hf", "--format", "hf"),
    "backup": ("backup", "DISK/home.zip"),
    "topics fit": ("topics", "fit"),
    "clusters fit": ("clusters", "fit"),
    "store copy": ("store", "copy", "DISK/home/store.sqlite", "DISK/copy.sqlite"),
}
WITHOUT_HOME = frozenset({"ingest", "run"})
WITHOUT_INDEX = frozenset({"index"})
CASES = [(job, "whoosh") for job in JOBS] + [("index", "tantivy"), ("rebuild", "tantivy")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place, KILOBYTES):
        yield place
        gc.collect()  # where what the files left open say is ignored


def fill(disk: Path, leave: int) -> None:
    """Fill a disk up to a number of bytes."""
    state = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, state.f_bavail * state.f_frsize - leave)


def prepare(disk: Path, demo_home: Path, job: str, engine: str) -> Path:
    """Make the home that a job begins with."""
    home = disk / "home"
    if job in WITHOUT_HOME:
        home.mkdir(mode=0o700)
        return home
    shutil.copytree(demo_home, home)
    if job in WITHOUT_INDEX or engine != "whoosh":
        shutil.rmtree(home / "index")
    if engine != "whoosh" and job not in WITHOUT_INDEX:
        assert run_slugline("index", home=home, SLUGLINE_SEARCH_ENGINE=engine).status == 0
    return home


def run_in(disk: Path, job: str, engine: str) -> Done:
    """Run a job, whose words may name files of the disk."""
    words = [str(word).replace("DISK", str(disk)) for word in JOBS[job]]
    settings = {"SLUGLINE_SEARCH_ENGINE": engine, "SLUGLINE_NLP_BATCH": "50"}
    return run_slugline(*words, home=disk / "home", **settings)


def run_full(disk: Path, demo_home: Path, job: str, engine: str, leave: int) -> Done:
    """Run a job on a disk with so much room, and check what it says where that is too little."""
    prepare(disk, demo_home, job, engine)
    fill(disk, leave)
    done = run_in(disk, job, engine)
    told = done.out + done.err
    assert not any(word in told for word in SQL), told
    if done.status != 0:
        assert done.status == 1, told
        assert "disk is full" in done.err, told
        assert "ree some space" in done.err, told
        made = {path.name for path in disk.iterdir() if not path.name.startswith("copy.sqlite")}
        assert made == {"home", "filler"}, "nothing that looks whole and is not"
    return done


@pytest.mark.parametrize(("job", "engine"), CASES)
def test_a_full_disk_gives_a_clear_message(
    disk: Path, demo_home: Path, job: str, engine: str
) -> None:
    assert run_full(disk, demo_home, job, engine, 60_000).status == 1


@pytest.mark.slow
@pytest.mark.parametrize("leave", [40_960, 150_000, 400_000])
@pytest.mark.parametrize(("job", "engine"), CASES)
def test_nothing_is_lost_wherever_the_disk_gets_full(
    disk: Path, demo_home: Path, job: str, engine: str, leave: int
) -> None:
    done, home = run_full(disk, demo_home, job, engine, leave), disk / "home"
    (disk / "filler").unlink()
    for path in disk.glob("copy.sqlite*"):
        path.unlink()
    if done.status:
        done = run_in(disk, job, engine)
    assert done.status == 0, done.err
    for command in (("tag",), ("index",)):
        assert run_slugline(*command, home=home, SLUGLINE_SEARCH_ENGINE=engine).status == 0
    assert problems(home, engine) == []
    assert leftovers(disk) == []
    if "fit" not in job:
        assert articles(home) == articles(demo_home)
