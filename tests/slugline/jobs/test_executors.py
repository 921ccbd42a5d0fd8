from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from models.errors import ModelError
from models.tags import Due, Tags, TopicScore
from slugline.jobs.executors import Executor, InProcess, Processes

if TYPE_CHECKING:
    from nlp.tagger import Tagger


class Scripted:
    """A tagger that dies of one text, as a segfault in native code would kill its process."""

    stamp = "scripted 1"

    def tag(self, batch: Sequence[Due]) -> list[Tags]:
        for due in batch:
            if due.title == "deadly":
                os._exit(1)
        return [
            Tags(due.id, due.version, "en", (), (TopicScore(due.title, 1.0),), self.stamp)
            for due in batch
        ]


def load() -> Tagger:
    return cast("Tagger", Scripted())


def fail() -> Tagger:
    os._exit(1)


def due(number: int, title: str = "politics") -> Due:
    return Due(f"{number:020}", 1, title, "", "en", "", ())


def batches(size: int, articles: Sequence[Due]) -> list[Sequence[Due]]:
    return [articles[i : i + size] for i in range(0, len(articles), size)]


@pytest.mark.parametrize("executor", [InProcess(load()), Processes(load, 2, "scripted 1")])
def test_every_batch_is_tagged_once_and_in_order(executor: Executor) -> None:
    articles = [due(number) for number in range(25)]
    tagged = [tags for batch in executor.tag(batches(4, articles)) for tags in batch]
    assert [tags.article_id for tags in tagged] == [article.id for article in articles]
    assert executor.set_aside == ()


def test_a_text_that_kills_its_worker_is_set_aside_and_the_rest_is_tagged() -> None:
    articles = [due(number, "deadly" if number == 2 else "politics") for number in range(6)]
    executor = Processes(load, 2, "scripted 1")
    tagged = {t.article_id: t for batch in executor.tag(batches(2, articles)) for t in batch}
    assert set(tagged) == {article.id for article in articles}
    assert executor.set_aside == (articles[2].id,)
    assert "set aside" in tagged[articles[2].id].note
    assert tagged[articles[2].id].stamp == "scripted 1", "or it would kill a worker every day"
    assert all(tagged[a.id].topics for a in articles if a.title != "deadly")


def test_workers_that_cannot_load_their_models_do_not_blame_the_texts() -> None:
    executor = Processes(fail, 2, "scripted 1")
    with pytest.raises(ModelError, match="loaded its models"):
        list(executor.tag([[due(1)], [due(2)]]))
    assert executor.set_aside == ()


PARENT = """
import sys, time
from slugline.jobs.executors import Processes
from tests.slugline.jobs.test_executors import batches, due, slow_load

if __name__ == "__main__":
    articles = [due(number) for number in range(40)]
    for batch in Processes(slow_load, 2, "scripted 1").tag(batches(1, articles)):
        print(batch[0].mentions or batch[0].topics[0].slug, flush=True)
"""


class Slow(Scripted):
    """A tagger that says in which process it is, and takes its time."""

    def tag(self, batch: Sequence[Due]) -> list[Tags]:
        time.sleep(0.2)
        return [
            Tags(due.id, due.version, "en", (), (TopicScore(str(os.getpid()), 1.0),), self.stamp)
            for due in batch
        ]


def slow_load() -> Tagger:
    return cast("Tagger", Slow())


def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, script],
        cwd=root,
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        workers = {int(parent.stdout.readline()) for _ in range(6)}
        parent.kill()
        parent.wait(timeout=20)
    deadline = time.monotonic() + 60
    while any(map(is_alive, workers)):
        assert time.monotonic() < deadline, "workers outlive their parent"
        time.sleep(0.1)


def is_alive(process: int) -> bool:
    """Say whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
