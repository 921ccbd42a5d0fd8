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
from tests.web.sample_site import RECALL, World, open_world
from web.searching import batch

PAGE = "/search/batch"
LIST = "Radomir Kask\ndam\n(broken\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as opened:
        yield opened


def post(world: World, **fields: Any) -> TestResponse:
    token = form_token(world.client, PAGE)
    data = {"csrf_token": token, "queries": LIST, "rows": "queries", "limit": "10", **fields}
    return world.client.post(PAGE, data=data)


def test_the_search_page_leads_here_with_its_filters(world: World) -> None:
    html = world.text("/search?q=dam&topic=politics&-source=Touchline")
    assert "/search/batch?q=dam&amp;topic=politics&amp;source=-Touchline" in html
    form = world.text("/search/batch?q=dam&topic=politics&source=-Touchline")
    assert 'name="topic" maxlength="200" value="politics"' in form
    assert 'name="source" maxlength="200" value="-Touchline"' in form
    assert ">dam</textarea>" in form


def test_each_query_has_a_row_and_what_cannot_be_read_says_why(world: World) -> None:
    answer = post(world)
    assert answer.status_code == 200
    assert "3 rows" in answer.text
    assert "/search?q=Radomir+Kask" in answer.text
    assert "never closed" in answer.text


def test_rows_of_hits_lead_to_the_articles(world: World) -> None:
    answer = post(world, queries="Calder vans", rows="hits")
    assert f"/articles/{RECALL.id}" in answer.text


def test_the_filters_hold_for_every_query(world: World) -> None:
    answer = post(world, queries="dam\nKask", download="jsonl", topic="economy")
    totals = {row["query"]: row["total"] for row in map(json.loads, answer.text.splitlines())}
    assert totals["Kask"] == 1
    plain = [json.loads(line) for line in post(world, download="jsonl").text.splitlines()]
    assert next(row["total"] for row in plain if row["query"] == "dam") > totals["dam"] == 2


def test_the_same_rows_come_as_csv(world: World) -> None:
    answer = post(world, download="csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["query"] for row in rows] == LIST.split("\n")[:3]
    assert rows[2]["error"]


def test_a_file_takes_the_place_of_the_text(world: World) -> None:
    file = (io.BytesIO(b"\xef\xbb\xbfname,query\n1,vans\n"), "names.csv")
    assert "/search?q=vans" in post(world, list=file, queries="").text
    wrong = post(world, list=(io.BytesIO(b"\xff\xfe\x00"), "names.csv"))
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
def test_what_cannot_be_answered_is_said(world: World, fields: dict[str, str], words: str) -> None:
    answer = post(world, **fields)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_list_that_takes_too_long_says_what_was_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", -1.0)
    assert post(world).text.count("not asked") == 3


def test_a_list_needs_the_forms_token_and_a_reader_on_a_private_instance(world: World) -> None:
    assert world.client.post(PAGE, data={"queries": "dam"}).status_code == 400
    add_user(world.store, "rob", Role.READER)
    assert world.client.post(PAGE, data={"queries": "dam"}).status_code == 303
    sign_in(world.client, "rob")
    assert "1 row" in post(world, queries="dam").text
