"""The stages can be killed at any moment and started again: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.parsed_source import ParsedSource
from models.article import Rejection
from models.errors import SourceError
from models.feed import Feed
from slugline.commands.demo import SAMPLE
from slugline.jobs import pipeline
from store.store import Store
from tests.conftest import home_store, make_entry, run_process, run_slugline

BINARY = Path(sys.executable).with_name("slugline")
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")


def unseen(steps: int = 1, note: str = "") -> None:
    pass


class Heard:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def rejected(self, rejection: Rejection) -> None:
        self.lines.append(f"rejected {rejection.where} {rejection.reason}")

    def noted(self, note: Rejection) -> None:
        self.lines.append(f"noted {note.where} {note.reason}")


def test_every_entry_is_counted_exactly_once(store: Store) -> None:
    def read(source: str) -> Iterator[ParsedSource]:
        if source == "gone":
            raise SourceError("does not exist.", "gone")
        yield ParsedSource("one", FEED, (make_entry(1), make_entry(2), make_entry(1)))
        no_link = Rejection("two, entry 2", "has no link")
        yield ParsedSource(
            "two", FEED, (make_entry(3),), (no_link,), (Rejection("two", "was cut"),)
        )

    heard = Heard()
    done = pipeline.ingest(store, ["gone", "here"], read, heard, unseen)
    assert (done.new, done.duplicates, done.rejected, done.unread) == (3, 1, 2, ("gone",))
    assert heard.lines == [
        "rejected gone does not exist.",
        "rejected two, entry 2 has no link",
        "noted two was cut",
    ]
    again = pipeline.ingest(store, ["here"], read, heard, unseen)
    assert (again.new, again.unchanged, again.duplicates, again.rejected) == (0, 4, 0, 1)


def kill_when(reached: Callable[[], bool], *command: str | Path) -> bool:
    """Run a command and kill it with SIGKILL as soon as `reached`; False if it ended before."""
    process = subprocess.Popen(
        [BINARY, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        if reached():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.002)
    return False


def exported(home: Path) -> list[str]:
    """All articles of a home with all their tags, in a form that can be compared.

    Without clusters, which are fitted once the demo has all its articles.
    """
    out = home / "export.jsonl"
    assert run_slugline("export", out, home=home).status == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row.pop("fetched")
        row.pop("cluster")
        for version in row["versions"]:
            version.pop("seen")
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.slow
def test_stages_that_are_killed_go_on_and_end_the_same(demo_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "slugline.toml").write_text("[nlp]\nbatch = 3\n")
    killed = 0
    with home_store(home) as store:
        for some in (1, 60, 130):
            killed += kill_when(
                lambda some=some: store.articles.count() >= some,  # type: ignore[misc]  # bound now
                *("--home", home, "ingest", SAMPLE),
            )
    assert run_slugline("ingest", SAMPLE, home=home).status == 0
    with home_store(home) as store:
        all_of_them = store.articles.count()
        for some in (1, 50, 100):
            killed += kill_when(
                lambda some=some: store.tags.count_due() <= all_of_them - some,  # type: ignore[misc]  # bound now
                *("--home", home, "tag"),
            )
    assert run_slugline("tag", home=home).status == 0
    for _ in range(3):
        began = time.monotonic()
        kill_when(lambda: time.monotonic() - began > 0.6, "--home", home, "index")  # noqa: B023 - called in this turn
    assert run_slugline("index", home=home).status == 0
    assert killed >= 3, "the stages were over before they could be killed; kill them earlier"
    assert exported(home) == exported_once(demo_home, tmp_path)
    assert run_slugline("doctor", home=home).status == 0


def exported_once(demo_home: Path, tmp_path: Path) -> list[str]:
    import shutil

    copy = Path(shutil.copytree(demo_home, tmp_path / "copy"))
    return exported(copy)


@pytest.mark.slow
def test_two_workers_say_the_same_as_one(demo_home: Path, own_home: Path, tmp_path: Path) -> None:
    few = {"SLUGLINE_NLP_BATCH": "20"}
    done = run_slugline("tag", "--all", "--workers", "2", "--json", home=own_home, **few)
    assert done.json["articles"] >= 150
    assert exported(own_home) == exported_once(demo_home, tmp_path)


@pytest.mark.archive
def test_one_real_day_of_one_source_goes_all_the_way(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run_slugline("run", archive / "scmp-2023-11-12.md", "--json", home=home)
    assert (done.json["ingest"]["new"], done.json["ingest"]["rejected"]) == (14, 0)
    assert (done.json["tag"]["articles"], done.json["index"]["documents"]) == (14, 14)
    found = run_slugline("search", "taiwan", "--source", "scmp", "--json", home=home).json
    assert found["total"] > 0
    assert all(hit["topics"] and hit["entities"] for hit in found["hits"])


def test_an_index_that_has_gone_is_built_again(own_home: Path) -> None:
    import shutil

    shutil.rmtree(own_home / "index")
    before = run_slugline("stats", "--json", home=own_home).json
    done = run_slugline("index", "--json", home=own_home).json
    assert done["documents"] == done["added"] == before["articles"] > 0
    assert run_slugline("index", "--json", home=own_home).json["added"] == 0


@pytest.mark.slow
def test_an_index_of_an_earlier_version_is_rebuilt_by_whoever_needs_it(own_home: Path) -> None:
    """Whoosh pickles its schema, which names modules that a later version may have moved."""
    (toc,) = (own_home / "index" / "whoosh").glob("*.toc")
    content = toc.read_bytes()
    assert b"search.engines.whoosh" in content
    toc.write_bytes(content.replace(b"search.engines.whoosh", b"search.machines.whoosh"[:21]))
    # As processes of their own: Whoosh leaves a file open that it can't read.
    diagnosed = run_process("doctor", home=own_home)
    assert diagnosed.status == 1
    done = run_process("search", "ferry", "--json", home=own_home)
    assert done.status == 0, done.err
    assert "rebuilding it" in done.err
    assert done.json["total"] > 0
    assert run_slugline("search", "ferry", home=own_home).err == ""
    assert run_slugline("doctor", home=own_home).status == 0


def test_a_damaged_index_is_noticed_and_built_again(own_home: Path) -> None:
    articles = run_slugline("stats", "--json", home=own_home).json["articles"]
    for path in (own_home / "index" / "whoosh").glob("*.columns"):
        path.write_bytes(path.read_bytes()[:100])
    failed = run_slugline("doctor", home=own_home)
    assert failed.status == 1
    assert "slugline index" in failed.out
    assert f"rebuilt from the store, {articles} added" in run_slugline("index", home=own_home).out
    assert run_slugline("search", "storm", "--json", home=own_home).json["total"] > 0
    assert "rebuilt" not in run_slugline("index", home=own_home).out


@pytest.mark.slow
def test_taggers_share_the_work_and_the_dead_give_theirs_back(own_home: Path) -> None:
    with home_store(own_home) as store:
        total = store.tags.make_due(None)
        two = [_tagging(own_home) for _ in range(2)]
        shares = [json.loads(tagger.communicate()[0])["articles"] for tagger in two]
        assert sum(shares) == total, "nothing is tagged twice"

        store.tags.make_due(None)
        from_afar = store.tags.claim(7, "elsewhere 1-1 1 1 x", timedelta(seconds=2))
        assert len(from_afar) == 7, "another machine, which is never heard of again"
        killed = _tagging(own_home)
        while store.tags.count_due() > total - 10:
            time.sleep(0.01)
        killed.kill()
        killed.communicate()
        due = store.tags.count_due()
        survivor = _tagging(own_home)
        assert json.loads(survivor.communicate()[0])["articles"] == due
        assert (store.tags.count_due(), store.leases.holders()) == (0, {})


def _tagging(home: Path) -> subprocess.Popen[str]:
    command = [str(BINARY), "--home", str(home), "tag", "--json"]
    environment = {**os.environ, "SLUGLINE_NLP_BATCH": "10"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
