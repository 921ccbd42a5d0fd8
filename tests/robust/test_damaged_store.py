"""Whatever a store's file has become, every command says which file, and what to do about it."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Done, run_slugline
from tests.robust.stores import KINDS, NAME, Subjects, all_commands, fault, outcome

WHOLE = [kind for kind, each in KINDS.items() if each.whole]
PARTS = [kind for kind, each in KINDS.items() if not each.whole]
READING = frozenset(
    {("search",), ("stats",), ("doctor",), ("export",), ("backup",), ("store", "copy"), ("trends",)}
    | {("stories", "list"), ("entities", "list"), ("topics", "show"), ("changes", "list")}
)
SLOW = frozenset({("demo",)})
COMMANDS = [pair for pair in all_commands() if pair[0] not in SLOW]


class Place:
    """A home that can be made anew as it was, in a directory that anybody may enter."""

    def __init__(self, demo_home: Path, folder: Path) -> None:
        folder.chmod(0o755)
        self._sound = Path(shutil.copytree(demo_home, folder / "sound"))
        self.subjects = Subjects.of(self._sound, folder / "out")
        self.home = folder / "home"

    def restore(self) -> None:
        if self.home.exists():
            self.home.chmod(0o700)
            shutil.rmtree(self.home)
        shutil.copytree(self._sound, self.home)
        self.subjects.make_files()

    def damaged(self, kind: str, seed: int = 1) -> None:
        self.restore()
        KINDS[kind].damage(self.home / NAME, random.Random(seed))  # noqa: S311 - not for secrets


@pytest.fixture(scope="module")
def place(demo_home: Path) -> Iterator[Place]:
    # pytest lets nobody else enter its own directories.
    with tempfile.TemporaryDirectory(prefix="slugline-damaged-") as folder:
        yield Place(demo_home, Path(folder))


def test_there_are_at_least_twelve_kinds_of_damage_and_ninety_commands() -> None:
    assert len(KINDS) >= 12
    assert len(COMMANDS) > 90
    assert {words for words, _ in COMMANDS} > READING


@pytest.mark.slow
@pytest.mark.parametrize("kind", WHOLE)
def test_every_command_names_a_store_that_cannot_be_opened(place: Place, kind: str) -> None:
    place.damaged(kind)
    found = {}
    for words, command in COMMANDS:
        done = outcome(
            place.subjects.arguments(words, command), place.home, nobody=kind == "not allowed"
        )
        if wrong := fault(words, done, place.home):
            found[" ".join(words)] = wrong
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PARTS)
def test_what_reads_a_store_that_is_damaged_somewhere(place: Place, kind: str) -> None:
    """Each reads what it needs, or says that it is damaged; `doctor` always says so."""
    place.restore()
    found = {}
    for words, command in COMMANDS:
        if words in READING:
            place.damaged(kind)
            sound = Done(0, "", "")
            done = outcome(place.subjects.arguments(words, command), place.home)
            if wrong := fault(words, done, place.home, sound):
                found[" ".join(words)] = wrong
    assert found == {}
    place.damaged(kind)
    looked = run_slugline("doctor", home=place.home)
    if kind in {"lost log", "strange log"}:  # what was written before the log is sound
        assert looked.status == 0, looked.out
    else:
        assert looked.status == 1
        assert str(place.home / NAME) in looked.out


@pytest.mark.slow
@pytest.mark.parametrize("kind", PARTS)
def test_every_command_on_a_store_that_is_damaged_somewhere(place: Place, kind: str) -> None:
    found = {}
    for words, command in COMMANDS:
        arguments = place.subjects.arguments(words, command)
        place.restore()
        sound = outcome(arguments, place.home)
        assert isinstance(sound, Done), sound
        place.damaged(kind)
        if wrong := fault(words, outcome(arguments, place.home), place.home, sound):
            found[" ".join(words)] = wrong
    assert found == {}
