"""Executors run tagging: in this process, or in several."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Protocol

from models.errors import ModelError
from models.tags import Due, Tags

if TYPE_CHECKING:
    from nlp.tagger import Tagger

Batch = Sequence[Due]

WAITING = 2
"""Batches in flight for each worker: enough that none waits, few enough that memory stays flat."""


class Executor(Protocol):
    """Runs the tagger over batches; called by `pipeline.tag`.

    `set_aside` fills up with the ids of articles that killed their worker twice. Their tags are
    empty, with a note that says why.
    """

    set_aside: tuple[str, ...]

    def tag(self, batches: Iterable[Batch]) -> Iterator[list[Tags]]:
        """Yield the tags of each batch, in any order; raises ModelError for a missing model."""


class InProcess:
    """Tags in this process, one batch after the other."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.set_aside: tuple[str, ...] = ()

    def tag(self, batches: Iterable[Batch]) -> Iterator[list[Tags]]:
        """Yield the tags of each batch in order."""
        return map(self._tagger.tag, batches)


class Processes:
    """Tags in several processes, each with models of its own.

    `load` makes the tagger in each worker; it must be picklable. A worker that dies costs its
    batch a second try, in halves down to the article; an article that kills its worker again is
    set aside. `stamp` is what set-aside articles are stamped with, so that they are tried again
    only by other models.
    """

    def __init__(self, load: Callable[[], Tagger], workers: int, stamp: str) -> None:
        self._load = load
        self._workers = workers
        self._stamp = stamp
        self.set_aside: tuple[str, ...] = ()

    def tag(self, batches: Iterable[Batch]) -> Iterator[list[Tags]]:
        """Yield the tags of each batch in order."""
        waiting: deque[tuple[Batch, Future[list[Tags]]]] = deque()
        source = iter(batches)
        pool = self._pool(self._workers)
        try:
            while True:
                while len(waiting) < self._workers * WAITING and (batch := next(source, None)):
                    waiting.append((batch, pool.submit(_tag, batch)))
                if not waiting:
                    return
                batch, future = waiting.popleft()
                try:
                    yield future.result()
                except BrokenProcessPool:
                    # Which batch killed its worker is not known, so all in flight are suspects.
                    suspects = [batch, *(waited for waited, _ in waiting)]
                    waiting.clear()
                    pool.shutdown(wait=False)
                    for suspect in suspects:
                        yield self._tag_carefully(suspect)
                    pool = self._pool(self._workers)
        finally:
            pool.shutdown(cancel_futures=True)

    def _tag_carefully(self, batch: Batch) -> list[Tags]:
        """Tag a batch in a worker of its own, in halves where that dies, down to the article."""
        with self._pool(1) as pool:
            try:
                pool.submit(_ready).result()
            except BrokenProcessPool as error:
                raise ModelError(
                    "A worker ended while it loaded its models; there may be too little memory "
                    "for it. Try again with --workers 1."
                ) from error
            try:
                return pool.submit(_tag, batch).result()
            except BrokenProcessPool:
                pass
        if len(batch) == 1:
            self.set_aside += (batch[0].id,)
            return [self._untagged(batch[0])]
        half = len(batch) // 2
        return self._tag_carefully(batch[:half]) + self._tag_carefully(batch[half:])

    def _untagged(self, due: Due) -> Tags:
        note = "set aside: tagging this text ended its worker twice"
        return Tags(due.id, due.version, "", (), (), self._stamp, note)

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        # Forking a process that has threads or loaded models is not safe everywhere; spawning is.
        return ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_load,
            initargs=(self._load,),
        )


_tagger: Tagger | None = None


def _load(load: Callable[[], Tagger]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    global _tagger  # noqa: PLW0603 - a pool's initializer can hand models to tasks only this way
    _tagger = load()


def _end_with_parent() -> None:
    """End this process when the one that started it has gone, whichever way it went.

    A pool's worker waits for work on a pipe that its siblings hold open too, so that it would never
    hear of its parent's death by itself.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _ready() -> bool:
    return _tagger is not None


def _tag(batch: Batch) -> list[Tags]:
    assert _tagger is not None  # noqa: S101 - the initializer ran, or the pool is broken
    return _tagger.tag(batch)
