"""The Whoosh engine passes the contract, and keeps its index whole."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models.errors import EngineError
from search.engine import Engine, Question
from search.engines.whoosh.engine import WhooshEngine
from search.query.nodes import Phrase, Prefix, Term
from tests.search.engines.contract import LIBRARY, EngineContract, document, found

ROOT = Path(__file__).parents[3]


class TestWhooshEngine(EngineContract):
    def open(self, place: Path, **options: Any) -> Engine:
        return WhooshEngine(place, **options)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with_library = WhooshEngine(tmp_path / "index")
    with_library.write(LIBRARY)
    with_library.close()
    return tmp_path / "index"


def only(place: Path, pattern: str) -> Path:
    (path,) = place.glob(pattern)
    return path


def ask_everything(engine: Engine) -> None:
    engine.search(Question(Term("strike") | Prefix("h") | Phrase(("dock", "workers"))))


# Whoosh itself leaves files open that it fails to read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("pattern", ["*.columns", "*.trm", "*.pst", "*.toc"])
@pytest.mark.parametrize("damage", ["empty", "half", "noise", "gone"])
def test_a_damaged_index_is_noticed_and_made_anew(place: Path, pattern: str, damage: str) -> None:
    path = only(place, pattern)
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
        if pattern == "*.toc":  # then there is no index, and an empty one is begun
            (place / "_slugline0_1.toc").touch()
    else:
        noise = bytes(b ^ 0x5A for b in whole)
        path.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "noise": noise}[damage])
    engine = WhooshEngine(place)
    with pytest.raises(EngineError, match="slugline index --rebuild"):
        ask_everything(engine)
    engine.replace(LIBRARY)
    assert found(engine, Term("ferries")) == {"a1", "a2"}
    engine.close()


def test_a_missing_vocabulary_is_made_again(place: Path) -> None:
    only(place, "*.words").unlink()
    engine = WhooshEngine(place)
    assert found(engine, Prefix("elect")) == {"a3"}
    engine.close()
    only(place, "*.words").write_bytes(b"no vocabulary")
    engine = WhooshEngine(place)
    assert found(engine, Prefix("elect")) == {"a3"}
    engine.close()


def test_an_index_of_another_version_is_not_read(place: Path) -> None:
    only(place, "_slugline*.toc").rename(place / "_slugline0_1.toc")
    engine = WhooshEngine(place)
    with pytest.raises(EngineError, match=r"another version.*slugline index --rebuild"):
        engine.count()
    with pytest.raises(EngineError, match="another version"):
        engine.write([document("b1")])
    engine.replace(LIBRARY)
    assert engine.count() == len(LIBRARY)
    assert not (place / "_slugline0_1.toc").exists()
    engine.close()


WRITER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from search.engines.whoosh.engine import WhooshEngine
from tests.search.engines.contract import document

def slowly():
    yield document("p1", "from another process")
    print("writing", flush=True)
    time.sleep(float(sys.argv[3]))

WhooshEngine(Path(sys.argv[1])).write(slowly(), ["a1"])
"""


def writing_elsewhere(place: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a process that holds the index open for writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), str(ROOT), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def test_a_second_writer_waits_and_then_says_why_not(place: Path) -> None:
    process = writing_elsewhere(place, 30)
    try:
        engine = WhooshEngine(place, lock_timeout=0.2)
        assert engine.count() == len(LIBRARY)
        with pytest.raises(EngineError, match="Another process has been writing"):
            engine.write([document("b1")])
        engine.close()
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_writes_when_the_first_is_done(place: Path) -> None:
    process = writing_elsewhere(place, 0.5)
    engine = WhooshEngine(place)
    engine.write([document("b1", "patient")])
    process.communicate()
    assert process.returncode == 0
    assert {"p1", "b1"} <= set(engine.ids())
    assert "a1" not in set(engine.ids())
    engine.close()


def test_a_writer_that_is_killed_leaves_the_index_as_it_was(place: Path) -> None:
    process = writing_elsewhere(place, 30)
    process.kill()
    process.communicate()
    engine = WhooshEngine(place, lock_timeout=5)
    assert sorted(engine.ids()) == [d.id for d in LIBRARY]
    engine.write([document("b1", "afterwards")])
    assert found(engine, Term("afterwards")) == {"b1"}
    engine.close()
    left = [path.name for path in place.iterdir() if path.is_dir()]
    assert left == []


def test_segments_stay_few_and_their_files_are_cleared_away(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    for number in range(40):
        engine.write([document(f"m{number % 30:02}", f"number {number}")])
    assert engine.count() == 30
    columns = list((tmp_path / "index").glob("*.columns"))
    assert len(columns) <= 13
    assert len(list((tmp_path / "index").glob("*.pst"))) == len(columns)
    engine.close()


@pytest.mark.slow
def test_what_was_merged_is_found_as_before(tmp_path: Path) -> None:
    whole, pieces = WhooshEngine(tmp_path / "whole"), WhooshEngine(tmp_path / "pieces")
    library = [
        document(f"d{n:04}", f"word{n % 7} word{n % 11}", f"the {'strike ' * (n % 3)}", day=n % 9)
        for n in range(600)
    ]
    whole.write(library)
    for start in range(0, 600, 20):
        pieces.write(library[start : start + 20], [f"d{start:04}"])
    pieces.write([library[start] for start in range(0, 600, 20)])
    for query in (Term("word3"), Phrase(("word3", "word4")), Prefix("word"), Term("strike")):
        one, other = (engine.search(Question(query, limit=50)) for engine in (whole, pieces))
        assert one.total == other.total
        assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits]
    whole.close()
    pieces.close()


def test_opening_is_quick(place: Path) -> None:
    engine = WhooshEngine(place)
    began = time.perf_counter()
    engine.count()
    assert time.perf_counter() - began < 0.5
    engine.close()
