"""What watches the service: readiness, figures for Prometheus, and ids of requests in the log."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families as families

from slugline.logs import JsonFormatter, TextFormatter
from tests.web.sample_site import Site, open_site
from web.app import METRICS
from web.monitoring.metrics import serve_metrics
from web.server.serve import ServeError


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        yield opened


def figures(site: Site) -> dict[str, float]:
    text = generate_latest(site.client.application.extensions[METRICS]).decode()
    found = {}
    for family in families(text):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_requests_are_counted_by_what_answers_them(site: Site) -> None:
    for address in ("/topics", "/topics", "/no-such-page-1", "/no-such-page-2"):
        site.client.get(address)
    found = figures(site)
    label = "slugline_requests_total{endpoint=%s,method=GET,status=%s}"
    assert found[label % ("topics.topics", 200)] == 2
    assert found[label % ("none", 404)] == 2, "strangers' paths make no figures of their own"
    assert found["slugline_request_seconds_count{endpoint=topics.topics}"] == 2


def test_amounts_are_those_of_now(site: Site) -> None:
    before = figures(site)
    assert before["slugline_articles"] == before["slugline_indexed_articles"] == 46
    assert before["slugline_up"] == 1
    site.store.tags.make_due(None)
    site.store.changes.add_all()
    after = figures(site)
    assert after["slugline_articles_to_tag"] == 46
    assert after["slugline_articles_to_index"] == 46


def test_metrics_answer_on_their_own_port_of_this_machine_only(site: Site) -> None:
    port = serve_metrics(site.client.application.extensions[METRICS], 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert b"slugline_articles 46.0" in answer.read()
    assert site.client.get("/metrics").status_code == 404
    with pytest.raises(ServeError, match="metrics_port"):
        serve_metrics(site.client.application.extensions[METRICS], port)


def test_ready_is_who_answers_from_this_store(site: Site) -> None:
    assert site.client.get("/readyz").status_code == 200
    site.store.changes.read_by("another engine")
    answer = site.client.get("/readyz")
    assert answer.status_code == 503
    assert "index --rebuild" in answer.text
    assert site.client.get("/healthz").status_code == 200


def test_every_answer_has_an_id_that_no_stranger_chooses(site: Site) -> None:
    asked = {"X-Request-Id": "mine\\n"}
    ids = {site.client.get("/topics", headers=asked).headers["X-Request-Id"] for _ in range(3)}
    ids.add(site.client.get("/no-such-page").headers["X-Request-Id"])
    ids.add(site.client.get("/api/v1/topics?x=1").headers["X-Request-Id"])
    assert len(ids) == 5
    assert all(len(each) == 16 and each.isalnum() for each in ids)


def test_what_is_logged_of_a_request_names_its_id(site: Site) -> None:
    lines: list[tuple[str, str]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((TextFormatter().format(record), JsonFormatter().format(record)))

    logger, handler = logging.getLogger("web"), Kept()
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        made = site.client.get("/topics").headers["X-Request-Id"]
        logger.warning("Between requests.")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    (text, as_json), (outside, outside_json) = lines
    assert f"[request {made}]" in text
    assert json.loads(as_json)["request"] == made
    assert "[request" not in outside
    assert "request" not in json.loads(outside_json)


def test_health_fails_where_a_page_would(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.client.get("/healthz").status_code == 200
        with site.store._database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE stories")
        answer = site.client.get("/healthz")
        assert answer.status_code == 503
        assert "lacks a table" in answer.get_json()["reason"]
