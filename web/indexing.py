"""Updates the search index after a change, so that its effect is visible at once."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import TYPE_CHECKING

from models.errors import SluglineError
from search.sync import drain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search.engine import Engine
    from store.changes import Change
    from store.store import Store

log = logging.getLogger(__name__)

WAIT = 10.0
"""Seconds that an answer waits for the index; a change of many articles goes on behind it."""


class Indexing:
    """Drains the change queue, one thread at a time; `done` takes off it what is indexed."""

    def __init__(
        self, store: Store, engine: Engine, done: Callable[[Sequence[Change]], object]
    ) -> None:
        self._store = store
        self._engine = engine
        self._done = done
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    def catch_up(self, wait: float = WAIT) -> bool:
        """Index what waits; say whether search knows it by now. What is left, the next round takes.

        An index that another engine's queue feeds is left alone.
        """
        if self._store.changes.reader() not in {"", self._engine.name}:
            return False
        try:
            return self._pool.submit(self._drain).result(timeout=wait)
        except Late:
            return False

    def _drain(self) -> bool:
        try:
            drain(self._store.changes, self._store.articles, self._engine, done=self._done)
        except SluglineError as error:
            log.warning("The index could not take a change yet: %s", error)
            return False
        return True
