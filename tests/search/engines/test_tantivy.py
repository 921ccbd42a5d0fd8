"""The Tantivy engine passes the contract, and keeps its files in order."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.errors import DamagedIndexError, EngineError
from search.engine import Engine, Question
from search.query.nodes import Term, Wildcard
from tests.search.engines.contract import LIBRARY, EngineContract, document, found

pytest.importorskip("tantivy", reason="install it with: pip install 'slugline[tantivy]'")

ROOT = Path(__file__).parents[3]


def opened(place: Path, **options: Any) -> Engine:
    from search.engines.tantivy.engine import TantivyEngine

    return TantivyEngine(place, **options)


class TestTantivyEngine(EngineContract):
    def open(self, place: Path, **options: Any) -> Engine:
        return opened(place, **options)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    engine = opened(tmp_path / "index")
    engine.write(LIBRARY)
    engine.close()
    return tmp_path / "index"


@pytest.mark.parametrize("file", ["meta.json", "*.term", "*.store", "*.fast"])
def test_a_damaged_file_is_an_error_and_mended_by_a_rebuild(place: Path, file: str) -> None:
    (path,) = place.glob(file)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    engine = opened(place)
    with pytest.raises(DamagedIndexError, match=r"can't be read.*slugline index") as raised:
        engine.search(Question(Term("ferries")))
    assert len(str(raised.value)) < 500
    engine.replace(LIBRARY)
    assert found(engine, Term("ferries")) == {"a1", "a2"}
    engine.close()


def test_an_index_of_another_version_is_not_read(place: Path) -> None:
    (place / "slugline-version").write_text("0")
    engine = opened(place)
    with pytest.raises(DamagedIndexError, match=r"another version.*slugline index --rebuild"):
        engine.count()
    engine.replace(LIBRARY)
    assert engine.count() == len(LIBRARY)
    engine.close()


def test_the_words_of_an_index_are_kept_until_it_changes(place: Path) -> None:
    engine = opened(place)
    assert found(engine, Wildcard("*ries")) == {"a1", "a2"}
    (kept,) = place.glob("slugline-words-*")
    kept.write_bytes(b"no words")
    again = opened(place)
    assert found(again, Wildcard("*ries")) == {"a1", "a2"}
    again.write([document("b1", "Quarries flooded")])
    assert found(again, Wildcard("*ries")) == {"a1", "a2", "b1"}
    assert len(list(place.glob("slugline-words-*"))) == 1
    engine.close()
    again.close()


WRITER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from search.engines.tantivy.engine import TantivyEngine
from tests.search.engines.contract import document

def slowly():
    yield document("p1", "from another process")
    print("writing", flush=True)
    time.sleep(30)

TantivyEngine(Path(sys.argv[1])).write(slowly(), ["a1"])
"""


def test_a_second_writer_says_why_not_and_a_killed_one_leaves_all_as_it_was(place: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), str(ROOT)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    engine = opened(place, lock_timeout=0.2)
    try:
        with pytest.raises(EngineError, match="Another process has been writing"):
            engine.write([document("b1")])
    finally:
        process.kill()
        process.communicate()
    assert sorted(engine.ids()) == [one.id for one in LIBRARY]
    engine.write([document("b1", "afterwards")])
    assert found(engine, Term("afterwards")) == {"b1"}
    engine.close()
