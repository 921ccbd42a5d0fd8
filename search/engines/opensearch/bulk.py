"""Sends articles to OpenSearch in bulks: as large as it likes them, again where it was too busy."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import SSLError, TransportError

from models.errors import EngineError
from search.document import Document
from search.engines.opensearch.client import Client
from search.engines.opensearch.errors import BUSY
from search.engines.opensearch.schema import to_fields

LARGEST = 4_000_000
"""Bytes of a bulk, where the cluster keeps up."""
SMALLEST = 50_000
MOST = 2_000
"""Operations of a bulk."""
IN_MEMORY = 16_000_000
"""Bytes of articles that wait in memory; more wait on disk."""

_TRIED_AGAIN = BUSY | {500}
_SAVED = 300


@dataclass(frozen=True, slots=True)
class Operation:
    """One line or two of a bulk: write the article of an id, or remove it (no `fields`)."""

    id: str
    fields: bytes = b""

    def __bytes__(self) -> bytes:
        verb = "index" if self.fields else "delete"
        action = json.dumps({verb: {"_id": self.id}}).encode()
        return action + b"\n" + (self.fields + b"\n" if self.fields else b"")


def removing(id_: str) -> Operation:
    """Return the operation that removes an article."""
    return Operation(id_)


def writing(document: Document) -> Operation:
    """Return the operation that adds or replaces an article."""
    fields = json.dumps(to_fields(document), ensure_ascii=False, separators=(",", ":"))
    return Operation(document.id, fields.encode())


class Spool:
    """Articles that wait until all of them are there; of the same article the last counts."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed below
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, operation: Operation) -> None:
        """Keep an operation."""
        self._places[operation.id] = (self._file.tell(), len(operation.fields))
        self._file.write(operation.fields)

    def operations(self, without: set[str]) -> Iterator[Operation]:
        """Yield what was kept, but for some ids."""
        for id_, (start, length) in self._places.items():
            if id_ not in without:
                self._file.seek(start)
                yield Operation(id_, self._file.read(length))


class Sender:
    """Sends operations to an index, in their order; `pulse` is called before each bulk.

    A bulk that OpenSearch is too busy for, or that meets a node which is just lost, is sent again
    after a pause, in smaller parts, for `patience` seconds; writing the same twice changes nothing.
    """

    def __init__(
        self,
        cluster: Client,
        index: str,
        *,
        pulse: Callable[[], object] = lambda: None,
        patience: float = 120.0,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.cluster = cluster
        self.index = index
        self.pulse = pulse
        self.patience = patience
        self.sleep = sleep
        self.room = LARGEST

    def send(self, operations: Iterable[Operation]) -> None:
        """Send all; raises `EngineError` that names the first article that was refused."""
        some: list[Operation] = []
        size = 0
        ids: set[str] = set()
        for operation in operations:
            length = len(operation.fields) + _SAVED
            full = size + length > self.room or len(some) >= MOST
            if some and (full or operation.id in ids):
                self._deliver(some)
                some, size, ids = [], 0, set()
            some.append(operation)
            ids.add(operation.id)
            size += length
        if some:
            self._deliver(some)

    def _deliver(self, some: list[Operation]) -> None:
        """Send operations until all are taken: what is refused now goes later, less at once."""
        last = time.monotonic() + self.patience
        pause = 0.1
        parts = [some]
        while parts:
            self.pulse()
            waiting, error = self._once(parts[0])
            if not waiting:
                parts.pop(0)
                pause = 0.1
                self.room = min(LARGEST, int(self.room * 1.2))
                continue
            if time.monotonic() > last:
                raise error
            # Back off: less at once, and later.
            self.room = max(SMALLEST, self.room // 2)
            half = (len(waiting) + 1) // 2
            parts[0:1] = [part for part in (waiting[:half], waiting[half:]) if part]
            self.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _once(self, some: list[Operation]) -> tuple[list[Operation], EngineError]:
        """Send one bulk; return what must be sent again, and the error if it can't be."""
        try:
            answer = self.cluster.bulk(self.index, b"".join(map(bytes, some)))
        except (NoConnection, TransportError) as error:
            failure = self.cluster.faults.in_words(error)
            too_large = error.status_code == 413 and len(some) > 1
            lost = isinstance(error, NoConnection) and not isinstance(error, SSLError)
            if lost or too_large or error.status_code in _TRIED_AGAIN:
                return some, failure
            raise failure from error
        if not answer.get("errors"):
            return [], EngineError()
        return self._refused(some, answer["items"])

    def _refused(
        self, some: list[Operation], items: list[Any]
    ) -> tuple[list[Operation], EngineError]:
        """Return what is to be tried again, and the error to raise when patience ends."""
        again: list[Operation] = []
        bad: list[str] = []
        reason = ""
        for operation, item in zip(some, items, strict=True):
            result = next(iter(item.values()))
            status = int(result["status"])
            if status < 300 or (status == 404 and not operation.fields):
                continue
            why = _why(result)
            if status in _TRIED_AGAIN:
                again.append(operation)
            else:
                bad.append(f"{operation.id}: {why}")
            reason = reason or f"{operation.id}: {why}"
        if bad:
            raise EngineError(
                f"OpenSearch at {self.cluster.faults.shown} refused {len(bad)} of {len(some)} "
                f"articles; the first is {bad[0]}"
            )
        return again, EngineError(
            f"OpenSearch at {self.cluster.faults.shown} is too busy or short of nodes to take "
            f"{len(again)} articles even after {self.patience:g} seconds; {reason}"
        )


def _why(result: Any) -> str:
    error = result.get("error", {})
    why = f"{error.get('type')}: {error.get('reason')}" if isinstance(error, dict) else str(error)
    return " ".join(why.split())[:300]
