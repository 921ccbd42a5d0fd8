"""What is newest, page by page, on the page of every kind of thing, over the bundled sample."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from web.latest import SIZE

LISTED = re.compile(r'<li><a href="(/articles/\w+)"|headline"[^>]*><a href="(/articles/\w+)"')
LONG = ("/topics/health", "/topics/disaster", "/sources/Meridian%20Wire")


def listed(client: FlaskClient, address: str) -> list[str]:
    """Return where the list of newest articles of a page leads."""
    page = client.get(address).text
    part = re.search(r'<section id="latest".*?</section>', page, re.DOTALL)
    assert part
    return [one or other for one, other in LISTED.findall(part[0])]


def story_of(client: FlaskClient, enough: int) -> str:
    """Return the address of a story of the demo with that many articles or more."""
    stories = client.get("/api/v1/stories?limit=100").get_json()["stories"]
    return next(f"/stories/{each['id']}" for each in stories if each["articles"] >= enough)


@pytest.mark.parametrize("address", LONG)
def test_every_article_is_on_one_page_of_the_list(demo_client: FlaskClient, address: str) -> None:
    page = demo_client.get(address).text
    shown = re.search(r"<strong>(\d+) articles?</strong>", page)
    assert shown
    total = int(shown[1])
    assert total > SIZE
    last = -(-total // SIZE)
    found = [
        link for n in range(1, last + 1) for link in listed(demo_client, f"{address}?page={n}")
    ]
    assert len(found) == len(set(found)) == total
    assert len(listed(demo_client, address)) == SIZE


def test_a_story_lists_its_newest_articles_page_by_page(demo_client: FlaskClient) -> None:
    story = story_of(demo_client, SIZE + 1)
    first, second = listed(demo_client, story), listed(demo_client, f"{story}?page=2")
    assert len(first) == SIZE
    assert second
    assert not set(first) & set(second)


@pytest.mark.parametrize("address", [*LONG, "/entities/place/rotterdam"])
def test_a_page_that_is_not_there_leads_to_the_last(demo_client: FlaskClient, address: str) -> None:
    answer = demo_client.get(f"{address}?page=99")
    assert answer.status_code == 404
    assert "This list has no page 99." in answer.text
    assert f'href="{address}' in answer.text


def test_links_work_with_and_without_javascript(demo_client: FlaskClient) -> None:
    page = demo_client.get("/topics/health?page=2").text
    assert 'rel="prev" href="/topics/health#latest" data-hx-get="/topics/health"' in page
    assert re.search(r'<script defer src="/static/vendor/htmx/htmx.min.js\?v=\w+">', page)


def test_a_short_list_needs_no_script(demo_client: FlaskClient) -> None:
    page = demo_client.get("/entities/place/rotterdam").text
    assert "htmx" not in page
    assert 'class="pager"' not in page
