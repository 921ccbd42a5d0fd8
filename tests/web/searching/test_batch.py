"""The page of a batch: a list in, rows out, on the page and as files, within limits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from models.accounts import Role
from tests.web.accounts_of import add_user, form_token, sign_in
from tests.web.sample_site import RECALL, Site, open_site
from web.searching import batch

PAGE = "/search/batch"
LIST = "Radomir Kask\ndam\n(broken\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        yield opened


def post(site: Site, **fields: Any) -> TestResponse:
    token = form_token(site.client, PAGE)
    data = {"csrf_token": token, "queries": LIST, "rows": "queries", "limit": "10", **fields}
    return site.client.post(PAGE, data=data)


def test_the_search_page_leads_here_with_its_filters(site: Site) -> None:
    html = site.text("/search?q=dam&topic=politics&-source=Touchline")
    assert "/search/batch?q=dam&amp;topic=politics&amp;source=-Touchline" in html
    form = site.text("/search/batch?q=dam&topic=politics&source=-Touchline")
    assert 'name="topic" maxlength="200" value="politics"' in form
    assert 'name="source" maxlength="200" value="-Touchline"' in form
    assert ">dam</textarea>" in form


def test_each_query_has_a_row_and_what_cannot_be_read_says_why(site: Site) -> None:
    answer = post(site)
    assert answer.status_code == 200
    assert "3 rows" in answer.text
    assert "/search?q=Radomir+Kask" in answer.text
    assert "never closed" in answer.text


def test_rows_of_hits_lead_to_the_articles(site: Site) -> None:
    answer = post(site, queries="Calder vans", rows="hits")
    assert f"/articles/{RECALL.id}" in answer.text


def test_the_filters_hold_for_every_query(site: Site) -> None:
    answer = post(site, queries="dam\nKask", download="jsonl", topic="economy")
    totals = {row["query"]: row["total"] for row in map(json.loads, answer.text.splitlines())}
    assert totals["Kask"] == 1
    plain = [json.loads(line) for line in post(site, download="jsonl").text.splitlines()]
    assert next(row["total"] for row in plain if row["query"] == "dam") > totals["dam"] == 2


def test_the_same_rows_come_as_csv(site: Site) -> None:
    answer = post(site, download="csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["query"] for row in rows] == LIST.split("\n")[:3]
    assert rows[2]["error"]


def test_a_file_takes_the_place_of_the_text(site: Site) -> None:
    file = (io.BytesIO(b"\xef\xbb\xbfname,query\n1,vans\n"), "names.csv")
    assert "/search?q=vans" in post(site, list=file, queries="").text
    wrong = post(site, list=(io.BytesIO(b"\xff\xfe\x00"), "names.csv"))
    assert (wrong.status_code, "not UTF-8" in wrong.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"queries": "x\n" * (batch.MOST_QUERIES + 1)}, f"at most {batch.MOST_QUERIES}"),
        ({"queries": " \n"}, "no queries"),
        ({"limit": "0"}, "1 to 50 hits"),
        ({"topic": "sprt"}, "the nearest is sport"),
    ],
)
def test_what_cannot_be_answered_is_said(site: Site, fields: dict[str, str], words: str) -> None:
    answer = post(site, **fields)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_list_that_takes_too_long_says_what_was_left(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", -1.0)
    assert post(site).text.count("not asked") == 3


def test_a_list_needs_the_forms_token_and_a_reader_on_a_private_instance(site: Site) -> None:
    assert site.client.post(PAGE, data={"queries": "dam"}).status_code == 400
    add_user(site.store, "rob", Role.READER)
    assert site.client.post(PAGE, data={"queries": "dam"}).status_code == 303
    sign_in(site.client, "rob")
    assert "1 row" in post(site, queries="dam").text
