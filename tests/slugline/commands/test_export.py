"""`slugline export` into pipes, over links, and killed halfway."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from export.place import PREFIX
from tests.conftest import run_process, run_slugline

SLUGLINE = Path(sys.executable).with_name("slugline")


def exporting(home: Path, out: str, name: str) -> list[str]:
    return [str(SLUGLINE), "--home", str(home), "export", out, "--format", name, "--quiet"]


def test_a_dash_writes_to_stdout_and_only_the_articles(demo_home: Path, tmp_path: Path) -> None:
    done = run_process("export", "-", "--format", "jsonl", home=demo_home)
    lines = done.out.split("\n")[:-1]
    assert all(json.loads(line)["id"] for line in lines)
    assert f"Exported {len(lines)} articles" in done.err
    run_slugline("export", tmp_path / "out.jsonl", home=demo_home)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == done.out


def test_a_file_that_stdout_appends_to_is_appended_to(demo_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before\n")
    with out.open("a") as file:
        command = exporting(demo_home, "/dev/stdout", "csv")
        subprocess.run(command, stdout=file, check=True)
    assert out.read_text(encoding="utf-8").startswith("before\n")
    assert len(out.read_text(encoding="utf-8").splitlines()) > 100


def test_a_reader_that_has_enough_ends_it_quietly(demo_home: Path) -> None:
    command = exporting(demo_home, "-", "jsonl")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("out", "options", "said"),
    [
        ("nowhere/out.csv", [], "nowhere is not a directory"),
        ("link.csv", [], "is a symbolic link to"),
        ("-", ["--format", "csv", "--json"], "--json reports to stdout"),
        ("-", ["--format", "hf"], "has several files"),
        ("-", [], "names no format"),
    ],
)
def test_an_impossible_destination_is_wrong_usage(
    demo_home: Path, tmp_path: Path, out: str, options: list[str], said: str
) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    place = out if out == "-" else str(tmp_path / out)
    done = run_slugline("export", place, *options, home=demo_home)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["link.csv"]


def test_a_full_device_gives_a_clear_message(demo_home: Path) -> None:
    done = run_slugline("export", "/dev/full", "--format", "csv", home=demo_home)
    assert done.status == 1
    assert (
        "/dev/full can't be written: the disk is full; free some space, then run this again."
        in done.err
    )


def test_killed_in_the_middle_it_leaves_nothing_under_the_name(
    demo_home: Path, tmp_path: Path
) -> None:
    """It kills itself when all rows are written and the full-text index is not."""
    out = tmp_path / "out.sqlite"
    script = (
        "import os, signal, sys\n"
        "from export.formats import sqlite\n"
        "def killed(*_):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "sqlite._index_texts = killed\n"
        "from slugline.cli import main\n"
        f"sys.argv = ['slugline', '--home', {str(demo_home)!r}, 'export', {str(out)!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, check=False)
    assert done.returncode == -9
    assert not out.exists()
    assert list(tmp_path.glob(f"{PREFIX}*"))
    assert run_slugline("export", out, home=demo_home).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.sqlite"]
