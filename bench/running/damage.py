"""Damages an index or a store in every way, many times over, and says what was not noticed.

    python -m bench.running.damage HOME --engine tantivy --seeds 10
    python -m bench.running.damage HOME --store --seeds 5

Each damage is done to a copy. That of an index is noticed where a search or `check` raises
DamagedIndexError; it is harmless where all answers are as before. Of a damaged store every command
has to tell which file it is and what to do, or to do as on a sound one. Anything else is printed,
and makes the exit status 1.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from models.errors import DamagedIndexError
from search.engines.registry import open_engine
from search.sync import rebuild
from store.store import Store
from tests.conftest import Done
from tests.robust import stores
from tests.robust.damage import KINDS, answers, damage
from tests.robust.test_damaged_store import COMMANDS, Place


def main() -> int:
    """Damage, look, count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("home", type=Path)
    options.add_argument("--engine", default="whoosh")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--store", action="store_true", help="the store, by every command")
    asked = options.parse_args()
    if asked.store:
        return damage_stores(asked.home, asked.seeds)
    with tempfile.TemporaryDirectory() as folder, Store.at(asked.home / "store.sqlite") as store:
        place = Path(folder, "sound")
        with closing(open_engine(asked.engine, place)) as engine:
            rebuild(store, engine)
            expected = answers(engine)
        counts: Counter[str] = Counter()
        for path in sorted((place / asked.engine).iterdir()):
            if "lock" in path.name.lower():
                continue
            for kind in KINDS:
                for seed in range(asked.seeds):
                    copy = Path(shutil.copytree(place, Path(folder, "copy")))
                    if damage(copy / asked.engine / path.name, kind, seed):
                        found = look(copy, asked.engine, expected)
                        counts[found] += 1
                        if found not in {"noticed by a search", "noticed by check", "harmless"}:
                            print(f"{kind} of {path.name}, seed {seed}: {found}")
                    shutil.rmtree(copy)
    print(dict(counts))
    return int(any(name.startswith(("wrong", "raised")) for name in counts))


def damage_stores(home: Path, seeds: int) -> int:
    """Run every command on stores with damage of every kind; return the exit status."""
    wrong = runs = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(home, Path(folder))
        for kind, each in stores.KINDS.items():
            for seed in range(1, seeds + 1):
                for words, command in COMMANDS:
                    arguments = place.subjects.arguments(words, command)
                    sound = None
                    if not each.whole:
                        place.restore()
                        found = stores.outcome(arguments, place.home)
                        sound = found if isinstance(found, Done) else None
                    place.damaged(kind, seed)
                    done = stores.outcome(arguments, place.home, nobody=kind == "not allowed")
                    runs += 1
                    if told := stores.fault(words, done, place.home, sound):
                        wrong += 1
                        print(f"{kind}, seed {seed}, {' '.join(words)}: {told}")
    print(f"{runs:,} runs of {len(COMMANDS)} commands on damaged stores; {wrong} wrong")
    return int(wrong > 0)


def look(place: Path, name: str, expected: object) -> str:
    """Say what becomes of searches and of `check` in a damaged copy."""
    try:
        with closing(open_engine(name, place)) as engine:
            try:
                found = answers(engine)
            except DamagedIndexError:
                return "noticed by a search"
            try:
                engine.check()
            except DamagedIndexError:
                return "noticed by check"
            return "harmless" if found == expected else "wrong answers, not noticed"
    except BaseException as error:
        return f"raised {type(error).__name__}: {error}"[:200]


if __name__ == "__main__":
    sys.exit(main())
