"""The line to an OpenSearch cluster: one place where it is called, and where its errors are told.

Whatever goes wrong comes out as an `EngineError` that names the address and what to do; a password
is never part of a message.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import (
    ConnectionTimeout,
    NotFoundError,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import OpenSearchException as AnyError

from models.errors import ConfigError
from search.engines.opensearch.errors import BUSY, STOPPED, Faults, NoIndexError, root_reason
from search.limits import OutOfTimeError

GRACE = 0.25
"""Seconds that an answer may be on its way beyond the time the search itself may take."""
SLOW = 60.0
"""Seconds for what is not a search: making indexes, bulks, exports."""


class Client:
    """Some nodes of one cluster; if one is lost, the next is asked.

    `url` is one address or several with commas between; `ca_certs` a file of certificates to trust,
    `verify` False trusts any (for trials only). Connects when first asked.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        ca_certs: Path | str = "",
        verify: bool = True,
    ) -> None:
        urls = [_checked(part.strip()) for part in url.split(",") if part.strip()]
        if not urls:
            raise ConfigError(
                "The address of OpenSearch is missing; set opensearch.url to the likes of "
                "https://localhost:9200"
            )
        if ca_certs and not Path(ca_certs).is_file():
            raise ConfigError(f"There is no file of certificates at {ca_certs} (the CA to trust)")
        self.faults = Faults(", ".join(map(_without_password, urls)))
        options: dict[str, Any] = {}
        if any(part.startswith("https:") for part in urls):
            options = {
                "verify_certs": verify,
                "ssl_show_warn": False,
                "ssl_assert_hostname": None if verify else False,
                "ca_certs": str(ca_certs) or None if verify else None,
            }
        # What fails is told by our errors; opensearch-py would print it besides.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self._client = OpenSearch(
            hosts=urls,
            http_auth=(user, password) if user else None,
            max_retries=max(3, len(urls)),
            retry_on_timeout=False,
            timeout=SLOW,
            pool_maxsize=16,
            **options,
        )

    # asking

    def searches(
        self, index: str, bodies: Sequence[Mapping[str, Any]], preference: str, seconds: float
    ) -> list[Any]:
        """Send several searches at once, and return their answers.

        Raises `NoIndexError` where there is none, `OutOfTimeError` where none came in time.
        """
        lines: list[Mapping[str, Any]] = []
        limit = f"{max(1, int(seconds * 1000))}ms"
        for body in bodies:
            # Whatever copy of a shard answers, equal words weigh the same (dfs), and the same
            # question goes to the same copies (preference).
            lines.append(
                {"search_type": "dfs_query_then_fetch", "preference": preference}
                if body.get("size")
                else {"preference": preference}
            )
            lines.append({"timeout": limit, **body})
        with self.faults.errors_in_words():
            try:
                answers = self._client.msearch(
                    index=index, body=lines, params={"request_timeout": seconds + GRACE}
                )["responses"]
            except ConnectionTimeout:
                raise OutOfTimeError from None
        for answer in answers:
            if "error" in answer:
                reason = root_reason(answer["error"])
                if reason.partition(":")[0] in STOPPED:
                    raise OutOfTimeError
                if answer.get("status") == 404:
                    raise NoIndexError(reason)
                raise self.faults.failure(answer.get("status"), reason)
        return list(answers)

    def scroll(self, index: str, body: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield the sort values of all hits of a search in pages, over one state of the index."""
        with self.faults.errors_in_words():
            pit = self._client.create_pit(index=index, params={"keep_alive": "30m"})["pit_id"]
        try:
            after: dict[str, Any] = {}
            while True:
                asked = {**body, **after, "pit": {"id": pit, "keep_alive": "30m"}}
                with self.faults.errors_in_words():
                    hits = self._client.search(body=asked)["hits"]["hits"]
                if not hits:
                    return
                yield [hit["sort"] for hit in hits]
                after = {"search_after": hits[-1]["sort"]}
        finally:
            with contextlib.suppress(AnyError):
                self._client.delete_pit(body={"pit_id": [pit]})

    def count(self, index: str) -> int:
        """Return how many documents an index has; raises `NoIndexError`."""
        with self.faults.errors_in_words():
            return int(self._client.count(index=index)["count"])

    def health(self, index: str) -> tuple[str, int]:
        """Return the colour of an index, and how many of its parts or copies are on no node."""
        with self.faults.errors_in_words():
            said = self._client.cluster.health(index=index)
        return str(said["status"]), int(said["unassigned_shards"])

    # writing

    def bulk(self, index: str, body: bytes) -> Any:
        """Send one bulk as it is; raises what opensearch-py raises, for the sender to weigh."""
        return self._client.bulk(
            index=index, body=body, params={"filter_path": "errors,items.*.status,items.*.error"}
        )

    def refresh(self, index: str) -> None:
        """Let searches see what was written; waits where a node was just lost."""
        self._patiently(lambda: self._client.indices.refresh(index=index))

    def _patiently(self, act: Any, seconds: float = 60.0) -> Any:
        last = time.monotonic() + seconds
        while True:
            try:
                return act()
            except (NoConnection, TransportError) as error:
                status = error.status_code
                worth = isinstance(error, NoConnection) or status in BUSY
                if isinstance(error, SSLError) or not worth or time.monotonic() > last:
                    raise self.faults.in_words(error) from error
            time.sleep(0.5)

    # indexes

    def indexes(self, alias: str, seconds: float = SLOW) -> list[str]:
        """Return the names of the indexes that an alias stands for, none where there is none.

        Raises `OutOfTimeError` where no answer came in so many seconds.
        """
        wait = {"request_timeout": seconds + GRACE}
        with contextlib.suppress(NoIndexError), self.faults.errors_in_words():
            try:
                return sorted(self._client.indices.get_alias(name=alias, params=wait))
            except ConnectionTimeout:
                if seconds < SLOW:
                    raise OutOfTimeError from None
                raise
        return []

    def named(self, pattern: str) -> list[str]:
        """Return the names of the indexes of a pattern."""
        with self.faults.errors_in_words():
            found = self._client.indices.get(
                index=pattern, params={"expand_wildcards": "open", "filter_path": "*.aliases"}
            )
        return sorted(found)

    def put_template(self, name: str, body: Mapping[str, Any]) -> None:
        """Say what indexes of a pattern are like."""
        with self.faults.errors_in_words():
            self._client.indices.put_index_template(name=name, body=dict(body))

    def create(self, name: str, body: Mapping[str, Any]) -> None:
        """Make an index; one that is there stays."""
        with self.faults.errors_in_words():
            try:
                if self._client.indices.exists(index=name):
                    return
                self._client.indices.create(index=name, body=dict(body))
            except TransportError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def swap(self, alias: str, new: str, old: Sequence[str]) -> None:
        """Let an alias stand for a new index in the place of the old ones, in one step."""
        actions: list[dict[str, Any]] = [
            {"remove": {"index": name, "alias": alias}} for name in old
        ]
        actions.append({"add": {"index": new, "alias": alias}})
        self._patiently(lambda: self._client.indices.update_aliases(body={"actions": actions}))

    def delete(self, names: Sequence[str]) -> None:
        """Remove indexes; those that are gone are gone."""
        for name in names:
            with contextlib.suppress(NoIndexError), self.faults.errors_in_words():
                self._client.indices.delete(index=name)

    # one document, for the lock

    def put_document(self, index: str, id_: str, body: Any, **when: Any) -> tuple[int, int] | None:
        """Write a document if it is as expected; return its sequence number and term, else None."""
        with self.faults.errors_in_words():
            try:
                done = self._client.index(index=index, id=id_, body=body, params=when)
            except TransportError as error:
                if error.status_code == 409:
                    return None
                raise
        return int(done["_seq_no"]), int(done["_primary_term"])

    def get_document(self, index: str, id_: str) -> tuple[int, int] | None:
        """Return a document's sequence number and term, None where there is none."""
        try:
            with self.faults.errors_in_words():
                found = self._client.get(index=index, id=id_)
        except NoIndexError:
            return None
        return int(found["_seq_no"]), int(found["_primary_term"])

    def delete_document(self, index: str, id_: str, seq: int, term: int) -> None:
        """Remove a document if no one has changed it."""
        with self.faults.errors_in_words():
            try:
                self._client.delete(
                    index=index, id=id_, params={"if_seq_no": seq, "if_primary_term": term}
                )
            except (NotFoundError, TransportError) as error:
                if error.status_code not in {404, 409}:
                    raise

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
        fine = fine and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise ConfigError(
            f"{_without_password(url)!r} is not an OpenSearch address; one looks like "
            "https://localhost:9200"
        )
    return url


def _without_password(url: str) -> str:
    scheme, between, rest = url.rpartition("://")
    return scheme + between + rest.rpartition("@")[2]
