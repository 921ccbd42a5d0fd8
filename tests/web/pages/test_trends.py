"""The page of trends, over the bundled sample: the form, its addresses, and what it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import url_for
from flask.testing import FlaskClient

from search.engines.registry import open_engine
from search.searcher import Searcher
from store.store import Store
from tests.web.sample_site import TOPICS, make_app
from web.context import Library
from web.pages.trends import MOST_AGAINST, MOST_DAYS, TrendsQuery


def shown(client: FlaskClient, address: str) -> str:
    """Return a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(address).text).split())


def test_topics_and_names_rise_in_the_demo(demo_client: FlaskClient) -> None:
    page = demo_client.get("/trends").text
    assert page.count('<ol class="trends">') >= 2
    assert 'href="/topics/health"' in page
    assert "entity=place/rotterdam" in page


def test_fields_that_are_left_empty_are_not_in_the_address(demo_client: FlaskClient) -> None:
    answer = demo_client.get("/trends?days=3&against=&until=")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/trends?days=3"
    assert demo_client.get("/trends?days=&against=&until=").headers["Location"] == "/trends"


def test_the_form_shows_what_was_asked_for_and_the_days_that_were_chosen(
    demo_client: FlaskClient,
) -> None:
    page = demo_client.get("/trends?days=3&until=2025-06-10").text
    assert re.search(r'id="days"[^>]* value="3"', page)
    assert re.search(r'id="against"[^>]* value="" placeholder="28"', page)
    assert re.search(r'id="until"[^>]* value="2025-06-10"', page)
    assert "8 to 10 Jun 2025" in page


def test_the_other_unit_and_other_days_keep_what_was_asked_for(demo_client: FlaskClient) -> None:
    page = demo_client.get("/trends?days=3&until=2025-06-10").text
    assert 'href="/trends?days=3&amp;until=2025-06-10&amp;by=stories"' in page
    assert 'href="/trends?days=3&amp;until=2025-06-07"' in page
    by_stories = demo_client.get("/trends?days=3&by=stories").text
    assert '<input type="hidden" name="by" value="stories">' in by_stories
    assert 'href="/trends?days=3"' in by_stories


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/trends?until=2025-04-28", "The archive is too young for this comparison"),
        ("/trends?until=2031-01-01", "the newest are of 14 Jun 2025"),
        ("/trends?until=2010-01-01", "There are no articles of these days."),
        ("/trends?days=7&against=92", "of the 92 days before have articles"),
        (f"/trends?days={MOST_DAYS + 1}", "is not a number of days from 1 to 31"),
        (f"/trends?against={MOST_AGAINST + 1}", "is not a number of days from 1 to 92"),
        ("/trends?days=²", "is not a number of days from 1 to 31"),
        ("/trends?until=2025-06-31", "“2025-06-31” is not a day such as 2023-11-12"),
        ("/trends?until=9999-12-31", "is not a day such as"),
    ],
)
def test_what_cannot_be_compared_is_said(demo_client: FlaskClient, address: str, said: str) -> None:
    assert said in shown(demo_client, address)


def test_a_comparison_that_lacks_nothing_says_nothing(demo_client: FlaskClient) -> None:
    assert 'class="notice"' not in demo_client.get("/trends").text


def test_an_archive_without_articles_says_how_to_get_some(tmp_path: Path) -> None:
    with Store.at(tmp_path / "store.sqlite") as store:
        engine = open_engine("whoosh", tmp_path / "index")
        library = Library(store, Searcher(engine, store), engine, TOPICS)
        page = shown(make_app(library).test_client(), "/trends")
        engine.close()
    assert "There are no articles with a date yet" in page
    assert "Follow feeds" in page


def test_an_address_holds_only_what_was_asked_for(demo_client: FlaskClient) -> None:
    asked = TrendsQuery(None, 14, None, "articles")
    with demo_client.application.test_request_context():
        assert url_for("trends.trends", **asked.args(None)) == "/trends?against=14"
        later = url_for("trends.trends", **asked.args(date(2025, 6, 1)))
    assert later == "/trends?against=14&until=2025-06-01"
