"""One writer at a time, across processes and machines: a document that only one can hold."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from models.errors import EngineError
from search.engines.opensearch.client import Client

INDEX = "slugline-turns"
"""The index of these documents; the id is the name of the index that is written."""
RENEWED = 5.0
"""Seconds after which who writes says so again."""
LOST = 30.0
"""Seconds of silence after which another may take over: its holder was killed."""

_BODY = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
    "mappings": {"dynamic": False},
}


class IndexLock:
    """The right to write an index, held until `end`; renewed by a thread of its own."""

    def __init__(self, cluster: Client, name: str, held: tuple[int, int]) -> None:
        self._cluster = cluster
        self._name = name
        self._held: tuple[int, int] | None = held
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._done.wait(RENEWED):
            if self._held is None:
                return
            seq, term = self._held
            # What can't be said now, because a node is lost, is said next time.
            with contextlib.suppress(EngineError):
                self._held = self._cluster.put_document(
                    INDEX, self._name, {}, if_seq_no=seq, if_primary_term=term
                )

    def check(self) -> None:
        """Raise `EngineError` if another took over."""
        if self._held is None:
            raise EngineError(
                f"Another process took over writing the index {self._name}, since this one was "
                "silent for too long; start again"
            )

    def end(self) -> None:
        """Let the next one write."""
        self._done.set()
        self._thread.join()
        if self._held is not None:
            with contextlib.suppress(EngineError):  # it is then taken over
                self._cluster.delete_document(INDEX, self._name, *self._held)


@contextlib.contextmanager
def turn(cluster: Client, name: str, patience: float) -> Iterator[IndexLock]:
    """Wait for the turn to write an index, `patience` seconds at most; raises `EngineError`."""
    held = _held(cluster, name, patience)
    mine = IndexLock(cluster, name, held)
    try:
        yield mine
    finally:
        mine.end()


def _held(cluster: Client, name: str, patience: float) -> tuple[int, int]:
    """Take the lock, or wait for its holder; one without a pulse for `LOST` seconds loses it."""
    cluster.create(INDEX, _BODY)
    last = time.monotonic() + patience
    seen: tuple[int, int] | None = None
    since = time.monotonic()
    while True:
        held = cluster.put_document(INDEX, name, {}, op_type="create")
        if held is not None:
            return held
        now = cluster.get_document(INDEX, name)
        if now != seen:
            seen, since = now, time.monotonic()
        elif now is not None and time.monotonic() - since > LOST:
            seq, term = now
            held = cluster.put_document(INDEX, name, {}, if_seq_no=seq, if_primary_term=term)
            if held is not None:
                return held
        if time.monotonic() > last:
            raise EngineError(
                f"Another process has been writing the index {name} in OpenSearch for more than "
                f"{patience:g} seconds; try again when it is done"
            )
        time.sleep(0.1)
