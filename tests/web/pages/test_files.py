"""Links under a list that give it as a file: as many rows as they say, over the bundled sample."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

LINK = r'Download (\d+) rows?: <a href="([^"]+)">CSV</a>, <a href="([^"]+)">JSON Lines</a>'
LISTS = (
    "/search",
    "/search?q=cyclone",
    "/search?q=Rotterdam",
    "/search?q=Rotterdam&spelling=typed",
    "/search?q=rotterdam+hospital+outbreak+doctor&page=1",
    "/search?topic=health&lang=pl&sort=oldest",
    "/search?since=2025-06-01&until=2025-06-10&page=2",
    "/topics/health?page=2",
    "/entities/place/rotterdam",
    "/sources/Meridian%20Wire",
)


def links(client: FlaskClient, address: str) -> tuple[int, str, str]:
    """Return how many rows a page says that there are, and the addresses of its files."""
    found = re.search(LINK, " ".join(client.get(address).text.split()))
    assert found
    return int(found[1]), unescape(found[2]), unescape(found[3])


def assert_rows(client: FlaskClient, address: str) -> int:
    """Assert that both files have as many rows as the page says; return how many."""
    said, table, lines = links(client, address)
    answer = client.get(table)
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    objects = [json.loads(line) for line in client.get(lines).text.splitlines()]
    assert len(rows) == len(objects) == said
    assert [row["id"] for row in rows] == [each["id"] for each in objects]
    return said


@pytest.mark.parametrize("address", LISTS)
def test_a_list_gives_as_many_rows_as_it_says(demo_client: FlaskClient, address: str) -> None:
    assert assert_rows(demo_client, address) > 0


def test_a_story_gives_its_articles(demo_client: FlaskClient) -> None:
    stories = demo_client.get("/api/v1/stories?limit=5").get_json()["stories"]
    story = max(stories, key=lambda each: int(each["articles"]))
    assert assert_rows(demo_client, f"/stories/{story['id']}") == story["articles"]


def test_other_spellings_of_a_name_are_in_the_file_where_they_are_on_the_page(
    demo_client: FlaskClient,
) -> None:
    both, _, _ = links(demo_client, "/search?q=Rotterdam")
    typed, _, _ = links(demo_client, "/search?q=Rotterdam&spelling=typed")
    assert both > typed
    asked = "/api/v1/exports/jsonl?q=Rotterdam"
    assert len(demo_client.get(asked).text.splitlines()) == typed
    assert len(demo_client.get(f"{asked}&spellings=true").text.splitlines()) == both


def test_where_the_number_has_changed_the_form_says_so(demo_client: FlaskClient) -> None:
    said, table, _ = links(demo_client, "/search?q=cyclone")
    answer = demo_client.get(table.replace(f"rows={said}", f"rows={said + 1}"))
    assert answer.status_code == 409
    assert "The number of articles is another one now" in answer.text


def test_nothing_found_offers_no_file(demo_client: FlaskClient) -> None:
    assert "JSON Lines" not in demo_client.get("/search?q=zzqqxx").text
