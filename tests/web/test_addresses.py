"""Addresses that are kept are those that Flask makes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.request import FacetValue
from tests.web.sample_site import Site, open_site
from web.addresses import addresses_between, search_address, url_for
from web.charts.histogram import Bar
from web.facets import choices
from web.search_state import SearchState

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site"), empty=True) as opened:
        yield opened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS, topics=st.lists(TEXTS, max_size=3), root=st.sampled_from(["", "/news"]))
def test_an_address_is_the_one_that_flask_makes(
    site: Site, text: str, topics: list[str], root: str
) -> None:
    with site.client.application.test_request_context("/", base_url=f"http://localhost{root}"):
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


WILD = ["sport", "a|b", "-x", "\0", "++", "%20%20", "Łódź & co", "place/oslo"]
# As they are read from an address: without two spaces side by side.
VALUES = (st.sampled_from(WILD) | TEXTS).map(lambda text: " ".join(text.split())).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    facet=st.sampled_from(["topic", "person", "source", "lang"]),
    text=VALUES,
    chosen=st.lists(VALUES, max_size=3, unique=True),
    value=VALUES,
)
def test_the_addresses_of_a_choice_are_those_of_its_questions(
    site: Site, facet: str, text: str, chosen: list[str], value: str
) -> None:
    name, values = ("entity" if facet == "person" else facet), tuple(chosen)
    of = {"topic": "topics", "entity": "entities", "source": "sources", "lang": "languages"}
    state = SearchState(text=text, since=date(2023, 11, 1), **{of[name]: values})  # type: ignore[arg-type]  # one of several fields
    with site.client.application.test_request_context("/"):
        (choice,) = choices(facet, state, [FacetValue(value, value, 1)])
        assert choice.then == search_address(state.toggled(name, value))
        assert choice.without == search_address(state.toggled(name, f"-{value}"))
        either = state.either(name, value)
        assert choice.either == (search_address(either) if either else "")


@given(text=VALUES, first=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(0, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_address_of_a_bar_is_that_of_its_days(
    site: Site, text: str, first: date, days: int
) -> None:
    state = SearchState(text=text, topics=("sport",), page=3, as_typed=True)
    last = first + timedelta(days=days)
    with site.client.application.test_request_context("/"):
        found = addresses_between(state, [Bar(first, last, 1, 0, 1.0)])
        assert found == [search_address(state.between(first, last))]
