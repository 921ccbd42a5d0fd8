"""The briefing of a day as a page and as a feed, over the bundled sample."""

from __future__ import annotations

import feedparser
import pytest
from flask.testing import FlaskClient


def test_the_briefing_leads_to_the_newest_day_with_stories(demo_client: FlaskClient) -> None:
    answer = demo_client.get("/briefing?topic=politics")
    assert answer.status_code == 302
    assert answer.location.startswith("/briefing/2025-06-")
    assert answer.location.endswith("?topic=politics")


def test_each_story_of_the_day_is_told_with_a_sentence_and_its_sources(
    demo_client: FlaskClient,
) -> None:
    said = demo_client.get("/api/v1/briefing?limit=20").get_json()
    page = demo_client.get(f"/briefing/{said['day']}").text
    assert page.count('<section class="told-story">') == len(said["items"]) > 1
    for story in said["items"]:
        assert f'href="/stories/{story["id"]}"' in page
        assert story["sources"][0]["name"] in page


def test_days_topics_and_the_reader_view_keep_each_other(demo_client: FlaskClient) -> None:
    page = demo_client.get("/briefing/2025-06-05?topic=politics").text
    assert 'href="/briefing/2025-06-04?topic=politics">The day before' in page
    assert 'href="/briefing/2025-06-06?topic=politics">The day after' in page
    assert "/briefing/2025-06-05?topic=politics&amp;view=reader" in page
    reader = demo_client.get("/briefing/2025-06-05?topic=politics&view=reader").text
    assert 'href="/briefing/2025-06-05?topic=politics">Leave the reader view' in reader


def test_the_feed_of_a_briefing_is_read_back(demo_client: FlaskClient) -> None:
    day = demo_client.get("/briefing").location.rsplit("/", 1)[1]
    answer = demo_client.get(f"/briefing/{day}/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    told = demo_client.get(f"/briefing/{day}").text.count('<section class="told-story">')
    assert len(feed.entries) == told


@pytest.mark.parametrize("day", ["2025-13-40", "yesterday", "0001-01-01", "99999-01-01", "%00"])
def test_a_text_that_is_not_a_day_is_reported(demo_client: FlaskClient, day: str) -> None:
    answer = demo_client.get(f"/briefing/{day}")
    assert answer.status_code == 404
    assert "is not a day" in answer.text


def test_a_day_without_stories_says_so(demo_client: FlaskClient) -> None:
    assert "No stories on this day." in demo_client.get("/briefing/1999-12-31").text
