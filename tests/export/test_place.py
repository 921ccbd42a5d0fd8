"""Nothing half is ever under the final name, and nothing that is not an export is replaced."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from export.format import FORMAT_NAMES
from export.place import PREFIX, complete, write_files
from models.errors import UsageError
from tests.export.conftest import Exporter

KILLED = """
import sys
from pathlib import Path
from export.place import complete, write_files

def pieces():
    yield b"half of it"
    print("writing", flush=True)
    sys.stdin.read()

with complete(Path(sys.argv[1])) as hidden:
    write_files([(Path(sys.argv[1]).name, pieces())], hidden)
"""


def hidden_in(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


def writing(out: Path) -> subprocess.Popen[str]:
    """Begin to write a file in another process, which then waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, out],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_killed_export_leaves_the_old_file_and_its_rest_goes_with_the_next(
    tmp_path: Path, export: Exporter
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    out = folder / "news.csv"
    out.write_text("the old one")
    killed(writing(out))
    assert out.read_text() == "the old one"
    assert len(hidden_in(folder)) == 1
    export("csv", folder / "other.csv")
    assert hidden_in(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["news.csv", "other.csv"]


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path, export: Exporter) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    process = writing(folder / "news.csv")
    try:
        export("csv", folder / "news.csv")
        assert len(hidden_in(folder)) == 1
    finally:
        killed(process)


def test_a_directory_that_was_just_being_replaced_is_put_back(tmp_path: Path) -> None:
    rest = tmp_path / f"{PREFIX}abc"
    (rest / "replaced" / "news.hf").mkdir(parents=True)
    (rest / "replaced" / "news.hf" / "data").write_text("the old one")
    with complete(tmp_path / "other") as hidden:
        write_files([("other", ["new"])], hidden)
    assert (tmp_path / "news.hf" / "data").read_text() == "the old one"
    assert hidden_in(tmp_path) == []


def test_what_only_looks_like_a_rest_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "work").write_text("mine")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "precious")
    with complete(tmp_path / "out") as hidden:
        write_files([("out", ["new"])], hidden)
    assert (tmp_path / "precious" / "work").read_text() == "mine"


def test_a_lock_is_held_while_an_export_is_written(tmp_path: Path) -> None:
    with complete(tmp_path / "out") as hidden:
        handle = os.open(hidden, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
        write_files([("out", ["new"])], hidden)


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 300 bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_a_full_disk_leaves_what_was_there(
    name: str, export: Exporter, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    out = folder / "out"
    export(name, out)
    before = {path: path.stat().st_size for path in folder.rglob("*")}
    request.getfixturevalue("small_files")
    with pytest.raises(OSError, match=r"File too large|is the disk full"):
        export(name, out)
    assert {path: path.stat().st_size for path in folder.rglob("*")} == before


def test_a_link_is_never_replaced_or_written_through(export: Exporter, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("kept")
    link.symlink_to(target)
    dangling = tmp_path / "dangling.csv"
    dangling.symlink_to(tmp_path / "nothing")
    for out in (link, dangling):
        with pytest.raises(UsageError, match="is a symbolic link to"):
            export("csv", out)
    assert (link.is_symlink(), target.read_text()) == (True, "kept")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("name", ["jsonl", "parquet", "sqlite", "spacy"])
def test_a_pipe_gets_what_a_file_would_hold(export: Exporter, tmp_path: Path, name: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    export(name, pipe)
    reader.join()
    export(name, tmp_path / "file")
    assert got == [(tmp_path / "file").read_bytes()]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_device_is_written_and_stays_a_device(export: Exporter) -> None:
    export("csv", Path("/dev/null"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OSError, match="No space left"):
        export("csv", Path("/dev/full"))


def test_a_pipe_takes_one_file(export: Exporter, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for asked in ({"split": "hash"}, {"describe": True}):
        with pytest.raises(UsageError, match="has several files"):
            export("csv", pipe, **asked)


def test_a_reader_that_goes_away_is_a_broken_pipe(export: Exporter, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: os.close(os.open(pipe, os.O_RDONLY)))
    reader.start()
    with pytest.raises(BrokenPipeError):
        export("jsonl", pipe)
    reader.join()


def test_a_file_and_a_directory_do_not_take_each_others_place(
    export: Exporter, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UsageError, match="is a directory; name a file"):
        export("csv", tmp_path / "folder")
    with pytest.raises(UsageError, match="is a file, and this export is a directory"):
        export("hf", tmp_path / "file")
    with pytest.raises(UsageError, match="is not a name"):
        export("hf", Path())


@pytest.mark.parametrize("there", ["notes.txt", "data/model.bin"])
def test_an_export_with_files_of_others_in_it_is_not_replaced(
    export: Exporter, tmp_path: Path, there: str
) -> None:
    out = tmp_path / "news.hf"
    export("hf", out)
    export("hf", out, text=True)
    (out / there).write_text("all my work")
    with pytest.raises(UsageError, match="other files in it"):
        export("hf", out)
    assert (out / there).read_text() == "all my work"


def test_the_datapackage_of_others_is_not_taken_for_ours(export: Exporter, tmp_path: Path) -> None:
    out = tmp_path / "survey"
    out.mkdir()
    (out / "datapackage.json").write_text('{"name": "survey", "resources": []}')
    with pytest.raises(UsageError, match="other files in it"):
        export("hf", out)
