"""The reader view of an article and of a story: another look of the same address."""

from __future__ import annotations

import re

from flask.testing import FlaskClient


def address_of(client: FlaskClient, kind: str) -> str:
    """Return the address of an article or a story of the demo."""
    found = re.search(rf"/{kind}/\w+", client.get("/search?q=Rotterdam").text)
    assert found
    return found[0]


def test_an_article_and_a_story_have_a_reader_view(demo_client: FlaskClient) -> None:
    for kind in ("articles", "stories"):
        address = address_of(demo_client, kind)
        assert f'href="{address}?view=reader"' in demo_client.get(address).text
        page = demo_client.get(f"{address}?view=reader").text
        assert '<body class="reader">' in page
        assert f'<a href="{address}">Leave the reader view</a>' in page
        assert f'<link rel="canonical" href="{address}">' in page


def test_other_pages_have_none(demo_client: FlaskClient) -> None:
    assert 'class="reader"' not in demo_client.get("/topics?view=reader").text


def test_nothing_is_counted_without_its_right_form(demo_client: FlaskClient) -> None:
    wrong = re.compile(r"\b1 (?:articles|sources|stories|names|edges|rows|feeds|days|ways)\b")
    addresses = ["/", "/search?q=Rotterdam", "/stories", "/topics", "/sources", "/trends", "/graph"]
    addresses += ["/entities/place/rotterdam", address_of(demo_client, "stories")]
    for address in addresses:
        shown = " ".join(re.sub(r"<[^>]*>", "", demo_client.get(address).text).split())
        assert not wrong.search(shown), address
