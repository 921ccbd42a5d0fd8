"""Pages of hits in OpenSearch: the first by number, deep ones from where the last ended."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from typing import Any

from search.engine import Scored, Sort
from search.engines.opensearch.dsl import Dsl
from search.engines.opensearch.rounds import Rounds, total

WINDOW = 10_000
"""Hits that OpenSearch gives from the start; beyond, it is asked to go on after the last one."""
_KEPT = 600.0

NEWEST = [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
OLDEST = [{"published": {"order": "asc", "missing": "_last"}}, {"id": "asc"}]
ORDERS: dict[Sort, list[Any]] = {
    Sort.OLDEST: OLDEST,
    Sort.NEWEST: NEWEST,
    Sort.RELEVANCE: [{"_score": "desc"}, *NEWEST],
}


class Cursors:
    """Where deep pages ended, so that the next one goes on from there; the latest thousand.

    Kept for as long as someone may be paging: later, other articles may stand before that place.
    """

    def __init__(self) -> None:
        self._after: OrderedDict[tuple[str, int], tuple[float, list[Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, offset: int, sort: list[Any]) -> None:
        """Keep the sort values of the last hit before an offset."""
        with self._lock:
            self._after.pop((key, offset), None)
            self._after[key, offset] = (time.monotonic(), sort)
            while len(self._after) > 1_000:
                self._after.popitem(last=False)

    def nearest(self, key: str, offset: int) -> tuple[int, list[Any]]:
        """Return the last offset up to this one that is known, and the sort values before it."""
        oldest = time.monotonic() - _KEPT
        with self._lock:
            known = [
                (at, sort)
                for (name, at), (since, sort) in self._after.items()
                if name == key and at <= offset and since > oldest
            ]
        return max(known, default=(0, []))


class Pages:
    """Hits by offset and limit: from the start as far as OpenSearch's window, then from cursors."""

    def __init__(self, asking: Rounds, cursors: Cursors) -> None:
        self.asking = asking
        self.cursors = cursors

    def first(self, body: Dsl, offset: int, limit: int, others: list[Dsl]) -> list[Any]:
        """Return the answer with total and facets, and the hits if they are within the window."""
        shallow = offset + limit <= WINDOW
        asked = {**body, "track_total_hits": True, "stored_fields": "_none_"}
        if shallow and limit > 0:
            asked |= {"from": offset, "size": limit, "track_scores": True}
        else:
            asked["size"] = 0
            del asked["sort"]
        if not body["aggs"]:
            del asked["aggs"]
        return self.asking.send([asked, *others])

    def hits(self, body: Dsl, offset: int, limit: int, answer: Any) -> list[Scored]:
        """Return the hits of a page; `answer` is what `first` gave."""
        if limit <= 0 or offset >= total(answer):
            return []
        if offset + limit <= WINDOW:
            return [_scored(hit) for hit in answer["hits"]["hits"]]
        return self._deep(body, offset, limit)

    def _deep(self, body: Dsl, offset: int, limit: int) -> list[Scored]:
        """Return hits beyond the first window, by `search_after` from the nearest known page."""
        key = hashlib.sha256(repr((body["query"], body["sort"])).encode()).hexdigest()
        at, after = self.cursors.nearest(key, offset)
        found: list[Scored] = []
        asked: Dsl = {
            **{name: body[name] for name in ("query", "sort", "post_filter") if name in body},
            "track_total_hits": False,
            "stored_fields": "_none_",
            "track_scores": True,
        }
        while at < offset + limit:
            until = offset if at < offset else offset + limit
            asked["size"] = min(WINDOW, until - at)
            if after:
                asked["search_after"] = after
            (answer,) = self.asking.send([asked])
            hits = answer["hits"]["hits"]
            if not hits:
                break
            if at >= offset:
                found += [_scored(hit) for hit in hits]
            at += len(hits)
            after = hits[-1]["sort"]
            self.cursors.keep(key, at, after)
        return found


def _scored(hit: Any) -> Scored:
    return Scored(str(hit["sort"][-1]), round(float(hit["_score"] or 0.0), 6))
