"""Addresses that are kept are those that Flask makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.sample_site import World, open_world
from web.addresses import search_address, url_for
from web.search_state import SearchState

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("world"), empty=True) as opened:
        yield opened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS, topics=st.lists(TEXTS, max_size=3), root=st.sampled_from(["", "/news"]))
def test_an_address_is_the_one_that_flask_makes(
    world: World, text: str, topics: list[str], root: str
) -> None:
    with world.client.application.test_request_context("/", base_url=f"http://localhost{root}"):
        state = SearchState(text=text, topics=tuple(topics))
        arguments: dict[str, Any] = dict(state.args())
        assert search_address(state) == flask.url_for("search.results", **arguments)
        for _ in range(2):  # the second one is kept
            mine = url_for("search.results", q=text, topic=topics, lang=None)
            assert mine == flask.url_for("search.results", q=text, topic=topics, lang=None)
            article = url_for("article.article", article_id="a1")
            assert article == flask.url_for("article.article", article_id="a1")
        assert url_for("trends.trends", days=7) == flask.url_for("trends.trends", days=7)
        assert url_for("export.form", topic=topics) == flask.url_for("export.form", topic=topics)
        outside = url_for("search.results", _external=True)
        assert outside == flask.url_for("search.results", _external=True)
