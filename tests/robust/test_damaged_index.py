"""Damage to any file of an index is noticed or harmless, and a rebuild never needs the old one."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import DamagedIndexError
from search.engine import Engine
from search.engines.registry import open_engine
from search.sync import rebuild
from store.store import Store
from tests.conftest import run_slugline
from tests.robust.damage import KINDS, answers, damage

# Whoosh leaves files open where it breaks off while it opens a damaged index.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ENGINES = ("whoosh", "tantivy")


@pytest.fixture(scope="module", params=ENGINES)
def sound(
    request: pytest.FixtureRequest, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A directory with the index of one engine, in two segments."""
    place = tmp_path_factory.mktemp("sound")
    with (
        Store.at(demo_home / "store.sqlite") as store,
        closing(open_engine(request.param, place)) as engine,
    ):
        rebuild(store, engine)
    return place / str(request.param)


def open_below(directory: Path) -> list[str]:
    """Return the files of a directory that this process has open, removed ones too."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("/proc is missing: nothing says here which files are open")
    targets = [str(each.readlink()) for each in descriptors.iterdir() if each.is_symlink()]
    return [target for target in targets if target.startswith(f"{directory}/")]


def opened(index: Path) -> Engine:
    return open_engine(index.name, index.parent, time_limit=60.0)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_noticed_or_harmless(sound: Path, tmp_path: Path, kind: str) -> None:
    with closing(opened(sound)) as engine:
        expected = answers(engine)
    names = [path.name for path in sound.iterdir() if "LOCK" not in path.name.upper()]
    assert len(names) > 5
    for name in names:
        index = Path(shutil.copytree(sound, tmp_path / name / sound.name))
        if not damage(index / name, kind):
            continue
        noticed = False
        with closing(opened(index)) as engine:
            try:
                found = answers(engine)
            except DamagedIndexError:
                noticed = True
            try:
                engine.check()
            except DamagedIndexError:
                noticed = True
        assert noticed or found == expected, f"{kind} of {name} changes answers and is not noticed"
        with Store.at(tmp_path / "empty.sqlite") as store, closing(opened(index)) as engine:
            rebuild(store, engine)
            assert engine.count() == 0
            engine.check()
        shutil.rmtree(index.parent)


@pytest.mark.parametrize("engine", ENGINES)
def test_doctor_names_what_is_damaged_and_a_rebuild_mends_it(own_home: Path, engine: str) -> None:
    choice = {"SLUGLINE_SEARCH_ENGINE": engine}
    assert run_slugline("index", "--rebuild", home=own_home, **choice).status == 0
    assert run_slugline("doctor", home=own_home, **choice).status == 0
    largest = max((own_home / "index" / engine).iterdir(), key=lambda path: path.stat().st_size)
    assert damage(largest, "bits")
    told = run_slugline("doctor", home=own_home, **choice)
    assert told.status == 1
    assert largest.name in told.out
    assert "slugline index --rebuild" in told.out
    assert run_slugline("index", "--rebuild", home=own_home, **choice).status == 0
    assert run_slugline("doctor", home=own_home, **choice).status == 0


@pytest.mark.parametrize("sound", ["whoosh"], indirect=True)  # Tantivy merges by itself
def test_a_damaged_segment_is_not_merged_into_a_sound_one(sound: Path, tmp_path: Path) -> None:
    index = Path(shutil.copytree(sound, tmp_path / sound.name))
    damage(next(index.glob("*.pst")), "bits")
    with closing(opened(index)) as engine:
        ids = list(engine.ids())
        with pytest.raises(DamagedIndexError, match="pst"):
            engine.write((), ids[: len(ids) // 2])  # so much is gone that the segment is merged
    assert open_below(index) == []
