"""Tags on a Dask cluster: workers load the models once, and get ids; articles go by the store.

    claim ids -> scheduler -> worker: store.tags.due -> tagger -> store.tags.put -> counts

What is done is in the store, so nothing is lost with a worker, the scheduler or this process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.errors import ModelError, SluglineError, UsageError
from models.tags import Tags
from slugline.jobs.executors import WAITING
from slugline.jobs.holder import LeaseHolder
from slugline.jobs.names import settle_names
from slugline.jobs.pipeline import TagResult
from slugline.progress import ProgressBar
from store.store import Store

if TYPE_CHECKING:
    from distributed import Client, Future

    from nlp.tagger import Tagger

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds to wait for a scheduler, and for its first worker."""

GONE = (
    "The Dask scheduler has gone. What was tagged is in the store: start the scheduler, and run "
    "this again for the rest."
)

RETRIES = 2
"""How often a batch is tried again that ended in an error, as when the store was not reached."""

Load = Callable[[], "Tagger"]


class ClusterError(SluglineError):
    """The Dask cluster can't be reached, or ended."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know: how to load its models, their stamp, and where the store is.

    Two jobs are the same where models and store are.
    """

    load: Load = field(compare=False)
    stamp: str
    store_url: str


def connect(address: str, store_url: str) -> Client:
    """Connect to a scheduler that has a worker.

    Raises ClusterError where there is none, UsageError for a store that workers can't share.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise ClusterError(
            "Tagging on a Dask cluster needs a package that is not installed "
            f"({error.name}); install it with: pip install 'slugline[dask]'"
        ) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, and workers "
            f"with `dask worker {address} --nthreads 1`."
        ) from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        _check_shared(client, store_url)
    except TimeoutError as error:
        client.close()
        raise ClusterError(
            f"The Dask scheduler at {address} has no workers. Start some with: "
            f"dask worker {address} --nthreads 1"
        ) from error
    except BaseException:
        client.close()
        raise
    return client


def _check_shared(client: Client, store_url: str) -> None:
    """Raise UsageError where the store is a file, and workers are on several machines."""
    if not store_url.startswith("sqlite"):
        return
    import socket

    hosts = client.run(socket.gethostname).values()
    if set(hosts) != {socket.gethostname()}:
        raise UsageError(
            "The store is an SQLite file, which workers on other machines can't share. Move it to "
            "PostgreSQL (`slugline store copy`), or start the workers on this machine."
        )


def tag_on_cluster(
    store: Store, client: Client, job: Job, size: int, bar: ProgressBar
) -> TagResult:
    """Tag all that is due in batches of `size`, a few for each worker at a time.

    A batch whose workers died is tried in halves, down to the article. Dask blames a death on all
    that its worker held, so such an article is tried once more with nothing beside it; one that
    ends its workers then as well is set aside and named. Raises ClusterError when the scheduler has
    gone, and what a worker raised otherwise.
    """
    began = time.perf_counter()
    articles = mentions = 0
    set_aside: tuple[str, ...] = ()
    halves: list[list[str]] = []
    suspects: list[list[str]] = []
    running: dict[Future, list[str]] = {}

    def submit(ids: list[str]) -> None:
        running[client.submit(tag_ids, job, ids, pure=False, retries=RETRIES)] = ids

    with LeaseHolder(store) as holder, _scheduler_needed():
        try:
            while True:
                while len(running) < _window(client):
                    ids = halves.pop() if halves else _claimed(store, size, holder)
                    if not ids:
                        break
                    submit(ids)
                alone = not running and bool(suspects)
                if alone:
                    submit(suspects.pop())
                if not running:
                    if not store.tags.count_due():
                        break
                    holder.wait_for_others()
                for future in _finished(client, running):
                    ids = running.pop(future)
                    if not _killed_its_workers(future):
                        done = future.result()
                        articles, mentions = articles + done[0], mentions + done[1]
                        bar(len(ids))
                    elif len(ids) > 1:
                        halves += [ids[: len(ids) // 2], ids[len(ids) // 2 :]]
                    elif not alone:
                        suspects.append(ids)
                    else:
                        set_aside += tuple(ids)
                        articles += _set_aside(store, ids, job.stamp)
                        bar(1)
        finally:
            with suppress(Exception):  # the cluster may be what ended
                client.cancel(list(running), force=True)
    settle_names(store)
    seconds = time.perf_counter() - began
    rate = articles / seconds if articles else 0.0
    return TagResult(articles, mentions, seconds, rate, set_aside)


def _window(client: Client) -> int:
    """Return how many batches may be on the cluster: enough that no worker waits, and no more."""
    _check_running(client)
    return WAITING * max(1, len(client.nthreads()))


def _claimed(store: Store, size: int, holder: LeaseHolder) -> list[str]:
    return [due.id for due in store.tags.claim(size, holder.name, holder.lasts)]


def _finished(client: Client, running: dict[Future, list[str]]) -> list[Future]:
    """Wait until a batch is done; raises ClusterError when the scheduler has gone."""
    while running:
        found = [future for future in running if future.done()]
        _check_running(client)
        if found:
            return found
        time.sleep(0.05)
    return []


def _check_running(client: Client) -> None:
    if client.status != "running":
        raise ClusterError(GONE)


@contextmanager
def _scheduler_needed() -> Iterator[None]:
    """Raise ClusterError where the scheduler goes in a block, in whichever way that shows."""
    try:
        yield
    except (OSError, CancelledError) as error:
        raise ClusterError(GONE) from error


def _killed_its_workers(future: Future) -> bool:
    from distributed import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)


def _set_aside(store: Store, ids: Sequence[str], stamp: str) -> int:
    note = "set aside: tagging this text ended its worker on the cluster, every time"
    due = store.tags.due(ids)
    return store.tags.put([Tags(one.id, one.version, "", (), (), stamp, note) for one in due])


class _Worker:
    """What a worker's process has loaded, once for all batches of a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.tagger = job.load()
        if self.tagger.stamp != job.stamp:
            raise ModelError(
                "A Dask worker has other models than the command that asks it to tag. Install the "
                "same version of Slugline there, and give it the same home."
            )
        self.store = Store(job.store_url)


_loading = threading.Lock()
_loaded: list[_Worker] = []


def tag_ids(job: Job, ids: Sequence[str]) -> tuple[int, int]:
    """Tag articles in a worker, and put their tags; return how many took them, and mentions.

    One batch at a time in a process, however many threads the worker has.
    """
    with _loading:
        if not _loaded or _loaded[0].job != job:
            _loaded[:] = [_Worker(job)]
        worker = _loaded[0]
        tags = worker.tagger.tag(worker.store.tags.due(ids))
        return worker.store.tags.put(tags), sum(len(one.mentions) for one in tags)
