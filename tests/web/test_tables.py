from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Role
from models.clusters import FoundCluster
from models.feed import Feed
from models.lists import ItemKind, NewItem
from tests.web.accounts_of import add_user, private_site, send, sign_in
from tests.web.sample_site import MATCHES, NOW, TALKS, Site, make_app, open_site
from web import tables
from web.coverage import SourceGroup
from web.tables import table_of

LISTS = (
    "/topics",
    "/clusters",
    "/sources",
    "/sources?q=post",
    "/entities",
    "/entities?type=person",
    "/entities?begins=r",
    "/feeds",
)
MAIL = "desk@post.example"
LINKS = re.compile(
    r'Download ([\d,]+) rows?: <a href="([^"]+format=csv)">CSV</a>,'
    r' <a href="([^"]+format=json)">JSON</a>'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("tables")) as opened:
        opened.store.clusters.learn(
            [FoundCluster("sport-1", "sport", "=1+1, Rovers", ("Rovers", "goal"), 2, True)]
        )
        opened.store.clusters.assign({MATCHES[0].id: "sport-1"}, "model-1", 0)
        feed = Feed("https://post.example/rss", title="=Post", labels=("a", "b"))
        opened.store.feeds.subscribe([feed])
        yield opened


@pytest.mark.parametrize("address", LISTS)
def test_all_rows_of_a_list_come_as_csv_and_json_as_many_as_it_says(
    site: Site, address: str
) -> None:
    found = LINKS.search(site.text(address))
    assert found, f"{address} does not link to its files"
    number = int(found[1].replace(",", ""))
    rows = list(csv.DictReader(io.StringIO(site.text(unescape(found[2])).lstrip("\ufeff"))))
    records = json.loads(site.text(unescape(found[3])))
    assert number == len(rows) == len(records)
    assert list(rows[0]) == list(records[0])


def test_the_stories_of_a_day_are_a_list_too(demo_client: FlaskClient) -> None:
    page = demo_client.get("/stories?day=2025-06-05").get_data(as_text=True)
    found = LINKS.search(page)
    assert found
    records = json.loads(demo_client.get(unescape(found[3])).get_data(as_text=True))
    assert len(records) == int(found[1].replace(",", ""))
    assert all(f'/stories/{each["id"]}"' in page for each in records[:10])


def test_what_rises_is_a_list_too(demo_client: FlaskClient) -> None:
    page = demo_client.get("/trends").get_data(as_text=True)
    found = LINKS.search(page)
    assert found
    records = json.loads(demo_client.get(unescape(found[3])).get_data(as_text=True))
    assert len(records) == int(found[1].replace(",", "")) == page.count('<a class="what"')


def test_the_edges_of_a_graph_are_a_list_too(demo_client: FlaskClient) -> None:
    page = demo_client.get("/graph?q=ostvar").get_data(as_text=True)
    found = LINKS.search(page)
    assert found
    edges = json.loads(demo_client.get(unescape(found[3])).get_data(as_text=True))
    assert len(edges) == int(found[1])
    for edge in edges:
        title = f"{edge['name']} and {edge['with']}: {edge['articles']} articles"
        assert f"<title>{title}</title>" in unescape(page)


def test_all_figures_of_a_comparison_come_as_a_file(site: Site) -> None:
    page = site.text("/compare?q=dam&q=%3DKask&by=week")
    found = LINKS.search(page)
    assert found
    figures = json.loads(site.text(unescape(found[3])))
    assert len(figures) == int(found[1])
    for search in ("dam", "=Kask"):
        (whole,) = (each for each in figures if each["by"] == "all" and each["search"] == search)
        for by in ("week", "source", "language"):
            counts = [
                each["articles"]
                for each in figures
                if each["by"] == by and each["search"] == search
            ]
            assert sum(counts) == whole["articles"] > 0
    assert "'=Kask" in site.text(unescape(found[2]))


def test_a_comparison_that_cannot_be_read_is_a_page_and_no_file(site: Site) -> None:
    assert "never closed" in site.text("/compare?q=Kask&q=(dam&format=csv", 400)


def test_what_groups_of_sources_tell_comes_as_a_file(site: Site) -> None:
    groups = (
        SourceGroup("port", "Port papers", "owner", ("harbour post",)),
        SourceGroup("none", "=Nobody", "owner", ("nobody.example",)),
    )
    client = make_app(replace(site.library, coverage=groups)).test_client()
    found = LINKS.search(client.get("/coverage?q=dam").get_data(as_text=True))
    assert found
    told = json.loads(client.get(unescape(found[3])).get_data(as_text=True))
    assert [(each["group"], each["articles"] > 0, each["sources"]) for each in told] == [
        ("Port papers", True, ["Harbour Post"]),
        ("=Nobody", False, []),
    ]
    assert "'=Nobody,owner,0," in client.get(unescape(found[2])).get_data(as_text=True)


def test_a_list_of_a_person_comes_with_its_notes_and_only_to_who_may_see_it(
    tmp_path: Path,
) -> None:
    with private_site(tmp_path) as own:
        here = own.store.lists.add("ada", "Dams", shared=False, who="ada", now=NOW)
        new_item = NewItem(ItemKind.ARTICLE, TALKS.id, "=1+1", ("dam", "talks"))
        own.store.lists.put(here.number, "ada", new_item, who="ada", now=NOW)
        address = f"/lists/{here.number}"
        found = LINKS.search(own.text(address))
        assert found
        assert found[1] == "1"
        records = json.loads(own.text(unescape(found[3])))
        assert [(each["id"], each["note"], each["tags"]) for each in records] == [
            (TALKS.id, "=1+1", ["dam", "talks"])
        ]
        assert "'=1+1,dam; talks,ada," in own.text(unescape(found[2]))
        stranger = own.client.application.test_client()
        assert stranger.get(f"{address}?format=json").status_code in {302, 303, 401}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A place of work: an admin with something on each of their lists."""
    with open_site(tmp_path_factory.mktemp("office")) as opened:
        add_user(opened.store, "the-admin", Role.ADMIN)
        sign_in(opened.client, "the-admin")
        for page, form in (
            ("/saved", {"question": "q=dam", "name": "=Dams"}),
            ("/lists", {"name": "Talks"}),
            ("/rules", {"name": "Mute", "action": "mute", "q": "dam"}),
            (
                "/alerts",
                {
                    "watches": "search",
                    "saved": "1",
                    "channel": "mail",
                    "target": MAIL,
                    "pace": "daily",
                },
            ),
            ("/jobs", {"kind": "tag"}),
        ):
            answer = send(opened.client, "/lists", page, **form)
            assert answer.status_code == 303, (page, answer.text)
        yield opened


@pytest.mark.parametrize(
    "address",
    ["/saved", "/lists", "/rules", "/alerts", "/jobs", "/users", "/changes", "/facets/topic"],
)
def test_what_a_person_works_with_comes_as_files_too(office: Site, address: str) -> None:
    found = LINKS.search(office.text(address))
    assert found, f"{address} does not link to its files"
    rows = list(csv.DictReader(io.StringIO(office.text(unescape(found[2])).lstrip("\ufeff"))))
    records = json.loads(office.text(unescape(found[3])))
    assert int(found[1]) == len(rows) == len(records) > 0
    stranger = office.client.application.test_client()
    if address != "/facets/topic":
        assert stranger.get(f"{address}?format=json").status_code in {302, 303, 401}


def test_no_secret_is_in_a_file(office: Site) -> None:
    (search,) = office.store.saved.seen_by("the-admin")
    (alert,) = office.store.alerts.of_user("the-admin")
    admin = office.store.users.get("the-admin")
    for address in ("/saved", "/alerts", "/users", "/changes"):
        text = office.text(f"{address}?format=json")
        for secret in (search.secret, alert.secret, admin.password):
            assert not secret or secret not in text


def test_the_changes_come_to_their_end(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.corrections.pages.IN_FILE", 2)
    numbers = [each["number"] for each in json.loads(office.text("/changes?format=json"))]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == office.store.journal.count() > 2


def test_a_page_further_on_links_to_all_rows(site: Site) -> None:
    found = LINKS.search(site.text("/entities?type=person&page=1"))
    assert found
    assert "page" not in found[2]


def test_a_list_as_a_file_keeps_the_filters_of_its_page(site: Site) -> None:
    assert {row["type"] for row in json.loads(site.text("/entities?type=place&format=json"))} == {
        "place"
    }
    assert json.loads(site.text("/sources?q=no+such+name&format=json")) == []


def test_texts_of_strangers_are_harmless_in_csv_and_whole_in_json(site: Site) -> None:
    assert 'sport-1,"\'=1+1, Rovers"' in site.text("/clusters?format=csv")
    assert json.loads(site.text("/clusters?format=json"))[0]["name"] == "=1+1, Rovers"


def test_a_file_says_what_it_is_and_an_unknown_format_is_refused(site: Site) -> None:
    answer = site.client.get("/topics?format=csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="slugline-topics.csv"'
    site.text("/topics?format=xml", 400)


def test_values_of_every_kind_have_their_form() -> None:
    app = Flask("tables")
    tables.register(app)
    moment = datetime(2025, 6, 30, 12, tzinfo=UTC)
    rows = [("a", 1.5, moment, ("x", "y"), None), ("-b", 2, None, (), None)]
    columns = ("text", "number", "time", "list", "none")
    with app.test_request_context("/?format=csv"):
        answer = table_of("all", columns, lambda: rows)
        assert answer
        assert answer.get_data(as_text=True).splitlines()[1:] == [
            "a,1.5,2025-06-30T12:00:00Z,x; y,",
            "'-b,2,,,",
        ]
    with app.test_request_context("/?format=json"):
        answer = table_of("all", columns, lambda: rows)
        assert answer
        assert json.loads(answer.get_data(as_text=True))[0] == {
            "text": "a",
            "number": 1.5,
            "time": "2025-06-30T12:00:00Z",
            "list": ["x", "y"],
            "none": None,
        }
    with app.test_request_context("/"):
        assert table_of("all", columns, lambda: pytest.fail("rows of a page")) is None
