"""An entity's time line against another's, over the bundled sample."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

ROTTERDAM = "/entities/place/rotterdam"


def beside(client: FlaskClient, query: str = "") -> str:
    """Return the part of the page that puts another name beside it."""
    page = client.get(ROTTERDAM + query, follow_redirects=True).text
    found = re.search(r'<section [^>]*id="beside">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_another_is_chosen_by_name_and_the_address_has_its_key(demo_client: FlaskClient) -> None:
    answer = demo_client.get(f"{ROTTERDAM}?against=femke+ZANDSTRA&as=count")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{ROTTERDAM}?")
    assert "against=person/femke-zandstra" in answer.headers["Location"]
    assert "as=count" in answer.headers["Location"]
    odd = demo_client.get(f"{ROTTERDAM}?against=femke+zandstra&endpoint=x&_method=POST")
    assert odd.status_code == 302


def test_both_are_lines_of_one_picture_and_a_table_says_the_same(demo_client: FlaskClient) -> None:
    part = beside(demo_client, "?against=person/femke-zandstra&as=count")
    assert part.count("<polyline") == 2
    assert 'role="img" aria-label="Articles a day,' in part
    both = re.findall(r"entity=person/femke-zandstra&amp;since=([-\d]+)[^>]*>(\d+)</a>", part)
    counted = sum(int(count) for _, count in both)
    found = demo_client.get("/api/v1/search?entity=person/femke-zandstra").get_json()
    assert counted == found["total"] > 1
    assert f"{counted} articles" in part
    assert re.search(r"entity=place/rotterdam&amp;entity=person/femke-zandstra\"", part)


def test_shares_are_shown_where_nothing_else_is_asked_for(demo_client: FlaskClient) -> None:
    part = beside(demo_client, "?against=person/femke-zandstra")
    assert "Share of all articles a day" in part
    assert re.search(r"highest: \d+\.\d\d&nbsp;%", part)
    assert demo_client.get(f"{ROTTERDAM}?against=&as=").headers["Location"] == ROTTERDAM


def test_names_that_stand_beside_it_are_offered(demo_client: FlaskClient) -> None:
    part = beside(demo_client)
    assert '<option value="Femke Zandstra">' in part
    assert "<polyline" not in part


def test_a_name_that_is_not_there_or_is_its_own_is_said(demo_client: FlaskClient) -> None:
    part = beside(demo_client, "?against=nosuch")
    assert "There is no entity “nosuch”." in part
    assert 'href="/entities?begins=nosuch"' in part
    assert "That is this name itself" in beside(demo_client, "?against=Rotterdam")
    assert "<polyline" not in beside(demo_client, "?against=Rotterdam")
