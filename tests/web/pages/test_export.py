"""The page of exports: the number that it shows is the number that it gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

import feedparser
import pytest

from export.format import FORMAT_NAMES
from tests.web.sample_site import TALKS, Site, open_site
from web.words import FORMAT_USES


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


class Form(HTMLParser):
    """The fields of the form of exports as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._select: str | None = None
        form = page[page.index('<form class="export-form"') :]
        self.feed(form[: form.index("</form>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given["name"]
            self.fields.append((self._select, ""))
        elif tag == "option" and "selected" in given and self._select:
            self.fields[-1] = (self._select, given["value"])

    def with_(self, **changed: str) -> str:
        kept = [(name, value) for name, value in self.fields if name not in changed]
        return urlencode([*kept, *changed.items()])


def shown(page: str) -> int:
    found = re.search(r"This export has <strong>([\d,]+) article", page)
    assert found, page
    return int(found[1].replace(",", ""))


def ids(text: str) -> list[str]:
    return [json.loads(line)["id"] for line in text.split("\n") if line]


@pytest.mark.parametrize(
    "question",
    ["", "q=dam", "q=dam+president+vans", "topic=sport", "source=Touchline&since=2025-06-03"],
)
def test_the_number_shown_is_the_number_given(site: Site, question: str) -> None:
    page = site.text(f"/export?{question}")
    with closing(site.client.get("/export/file?" + Form(page).with_())) as answer:
        assert answer.status_code == 200
        assert len(ids(answer.text)) == shown(page) > 0


@pytest.mark.parametrize(
    "place",
    [
        "/search?q=dam",
        "/search?q=dam+president+vans",
        "/topics/politics",
        "/entities/person/radomir-kask",
        "/sources/Touchline",
    ],
)
def test_pages_lead_to_the_export_of_what_they_show(site: Site, place: str) -> None:
    page = site.text(place)
    found = re.search(r'href="(/export\?[^"]*)"', page)
    assert found
    total = re.search(r"<strong>(?:at least )?([\d,]+) articles?</strong>", page)
    assert total
    assert shown(site.text(unescape(found[1]))) == int(total[1])


def test_a_changed_choice_is_counted_before_it_is_given(site: Site) -> None:
    form = Form(site.text("/export?topic=sport"))
    again = site.client.get("/export/file?" + form.with_(sample="7"))
    assert again.status_code == 409
    assert shown(again.text) == 7
    with closing(site.client.get("/export/file?" + Form(again.text).with_())) as answer:
        assert len(ids(answer.text)) == 7


def test_corrected_articles_are_counted(site: Site) -> None:
    assert shown(site.text("/export?gold=1")) == 1


def test_a_form_keeps_what_was_chosen(site: Site) -> None:
    asked = "q=dam&format=csv&columns=id%2Ctitle&sample=3&stratify=source&split=hash&describe=1"
    fields = dict(Form(site.text(f"/export?{asked}")).fields)
    assert fields | dict(pair.split("=") for pair in asked.replace("%2C", ",").split("&")) == fields


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("format=parket", "Did you mean parquet?"),
        ("format=csv&columns=titel", "Did you mean title?"),
        ("sample=many", "is not a number of articles"),
        ("stratify=topic", "say how many articles"),
        ("q=%28dam", "("),
        ("format=csv&month=1", "Only Parquet"),
    ],
)
def test_the_form_says_what_cannot_be_exported(site: Site, asked: str, said: str) -> None:
    for place in ("/export", "/export/file"):
        page = unescape(site.text(f"{place}?{asked}", 400))
        assert said in page
        assert "This export has" not in page


def test_hostile_choices_are_only_text(site: Site) -> None:
    page = site.text('/export?format="><script>alert(1)</script>&columns="><b>', 400)
    assert "<script>alert(1)" not in page
    assert "<b>" not in page


def test_the_name_of_the_file_says_what_is_in_it(site: Site) -> None:
    asked = "/export/file?q=Dam+%22shared%22&lang=en&format=csv"
    with closing(site.client.get(asked)) as answer:
        told = answer.headers["Content-Disposition"]
        assert TALKS.id in answer.text
    assert told == 'attachment; filename="slugline-dam-shared-en.csv"'


def test_a_dataset_has_a_title_that_says_what_is_in_it(site: Site) -> None:
    atom = site.client.get("/export/file?q=oslo&topic=politics&since=2025-06-01&format=atom")
    said = 'Tagged news: query "oslo"; topics politics; since 2025-06-01'
    assert feedparser.parse(atom.get_data())["feed"]["title"] == said
    whole = site.client.get("/export/file?format=atom")
    assert feedparser.parse(whole.get_data())["feed"]["title"] == "Tagged news"


def test_every_format_says_what_it_is_for() -> None:
    assert tuple(FORMAT_USES) == FORMAT_NAMES
