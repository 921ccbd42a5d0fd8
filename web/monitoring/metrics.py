"""Figures for Prometheus: how requests go, and how much there is and waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    multiprocess,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from models.errors import SluglineError
from web.context import library
from web.server.serve import ServeError

if TYPE_CHECKING:
    from web.context import Library

log = logging.getLogger(__name__)

HOST = "127.0.0.1"


def register(app: Flask) -> CollectorRegistry:
    """Count the requests of an application; return the registry that holds the figures."""
    registry = CollectorRegistry()
    requests = Counter(
        "slugline_requests",
        "Requests answered, by what answered them.",
        ("endpoint", "method", "status"),
        registry=registry,
    )
    seconds = Histogram(
        "slugline_request_seconds",
        "How long answers took to make.",
        ("endpoint",),
        registry=registry,
    )
    with app.app_context():
        registry.register(_Amounts(library()))

    @app.before_request
    def begin() -> None:
        g.metrics_began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        # Endpoints and methods are ours and few; paths are strangers' and without end.
        endpoint = request.endpoint or "none"
        method = request.method if request.method in _METHODS else "other"
        requests.labels(endpoint, method, str(response.status_code)).inc()
        began = g.get("metrics_began")
        if began is not None:
            seconds.labels(endpoint).observe(time.perf_counter() - began)
        return response

    return registry


def serve_shared_metrics(app: Flask, port: int, directory: Path) -> int:
    """Answer as `serve_metrics` does, with the requests of all processes that count in a directory.

    prometheus-client keeps them there where `PROMETHEUS_MULTIPROC_DIR` named it in time.
    """
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(directory))  # type: ignore[no-untyped-call]  # not typed
    with app.app_context():
        registry.register(_Amounts(library()))
    return serve_metrics(registry, port)


def serve_metrics(registry: CollectorRegistry, port: int) -> int:
    """Answer `/metrics` on this machine only, from a thread; return the port. 0 takes a free one.

    Raises ServeError where the port can't be listened on.
    """
    try:
        server, _ = start_http_server(port, HOST, registry)
    except OSError as error:
        raise ServeError(
            f"Port {port} for metrics can't be listened on: {error.strerror}; "
            "set web.metrics_port to another."
        ) from error
    log.info("Metrics are at http://%s:%d/metrics.", HOST, server.server_port)
    return int(server.server_port)


_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class _Amounts(Collector):
    """Asks store and index when it is asked."""

    def __init__(self, of: Library) -> None:
        self._library = of

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Say nothing beforehand, so that registering asks nobody."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield how much there is; what does not answer is left out, and `up` says so."""
        store, engine = self._library.store, self._library.engine
        up = 1
        for name, words, ask in (
            ("slugline_articles", "Articles in the store.", store.articles.count),
            ("slugline_indexed_articles", "Articles in the index.", engine.count),
            (
                "slugline_articles_to_index",
                "Articles to be indexed.",
                store.changes.count,
            ),
            ("slugline_articles_to_tag", "Articles to be tagged.", store.tags.count_due),
            ("slugline_feeds_failing", "Feeds whose last check failed.", self._failing),
        ):
            try:
                yield GaugeMetricFamily(name, words, value=float(ask()))
            except SluglineError as error:
                log.warning("No figure for %s: %s", name, error)
                up = 0
        yield GaugeMetricFamily("slugline_up", "Whether store and index answered.", value=up)

    def _failing(self) -> int:
        return sum(1 for feed in self._library.store.feeds.subscribed() if feed.failures)
