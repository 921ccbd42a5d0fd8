"""What strangers wrote stays text, and a browser is told so."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import pytest

from models.errors import EngineError
from search.request import Filters, Hit, Request, Results
from search.sync import drain
from tests.web.pages.test_pages import PAGES, Outline
from tests.web.sample_site import HOSTILE, HOSTILE_TITLE, Site, entry, make_app, open_site, put
from web.context import Library


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.mark.parametrize(
    "address", [f"/articles/{HOSTILE.id}", "/", "/search?q=evil", "/topics/politics", "/sources"]
)
def test_a_hostile_article_is_only_text(site: Site, address: str) -> None:
    html = site.text(address)
    page = Outline(html)
    assert not {"b", "i", "img"} & set(page.tags)
    assert page.tags.count("script") == html.count('<script type="module" src="/static/') == 1, (
        "our own"
    )
    assert "javascript:" not in " ".join(page.links)
    assert "Sly" in html or HOSTILE.id in html


def test_a_hostile_title_is_shown_as_it_is(site: Site) -> None:
    html = site.text(f"/articles/{HOSTILE.id}")
    assert str(escape(HOSTILE_TITLE)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in html
    assert "{{ 7 * 7 }}" in html
    assert "The link to the original is not safe to follow" in " ".join(html.split())


def test_a_hostile_source_has_a_page(site: Site) -> None:
    answer = site.client.get("/sources/" + "%3Ci%3ESly%3C%2Fi%3E%20%26%20Sons%20%2F%20%22Post%22")
    assert answer.status_code == 200
    assert '<h1 dir="auto">&lt;i&gt;Sly' in answer.text


@pytest.mark.parametrize("name", ["/", "..", "a/../b", "//x", "", "a//b", "a/", ".", "a\\b", "?#%"])
def test_a_source_of_any_name_can_be_reached(tmp_path: Path, name: str) -> None:
    odd = entry("odd", "An odd publisher", "Of fish.", source=name)
    with open_site(tmp_path, empty=True) as site:
        put(site.store, odd)
        drain(site.store.changes, site.store.articles, site.library.engine)
        links = Outline(site.text("/sources")).links
        (link,) = (link for link in links if link.startswith(("/sources/", "/search?source=")))
        answer = site.client.get(link, follow_redirects=True)
        assert answer.status_code == 200
        assert odd.id in answer.text or not name


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?topic=%3Cscript%3E&entity=%22%3E%3Cimg%20onerror%3D1%3E&source=%27%3E%3Cb%3E",
        "/search?since=%3Cscript%3E&lang=%3Cscript%3E&sort=%3Cscript%3E&page=%3Cscript%3E",
        "/entities?type=%3Cscript%3E&begins=%22%3E%3Cscript%3E",
        "/entities/%3Cscript%3E/x",
        "/topics/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/sources/%3Cscript%3E",
        "/articles/%3Cscript%3E",
        "/%3Cscript%3E",
    ],
)
def test_what_an_address_says_is_only_text(site: Site, address: str) -> None:
    answer = site.client.get(address)
    assert answer.status_code in {200, 400, 404}
    assert not {"b", "img"} & set(Outline(answer.text).tags)
    assert Outline(answer.text).tags.count("script") == 1, "our own"


@pytest.mark.parametrize("address", [*PAGES, "/healthz"])
def test_every_answer_carries_its_headers(site: Site, address: str) -> None:
    headers = site.client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "no-cache" in headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(site: Site, method: str) -> None:
    for address in ("/", "/search", f"/articles/{HOSTILE.id}"):
        answer = getattr(site.client, method)(address, data={"q": "dam"})
        assert answer.status_code == 405
        assert "Traceback" not in answer.text


def test_the_stylesheet_is_kept_until_it_changes(site: Site) -> None:
    page = Outline(site.text("/"))
    sheet = next(link for link in page.links if "style.css" in link)
    assert "?v=" in sheet
    with site.client.get(sheet) as answer:
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert site.client.get("/static/../app.py").status_code == 404


def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    first = site.client.get("/topics")
    again = site.client.get("/topics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


class Broken:
    """A searcher that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def search(self, request: Request) -> Results:
        raise self.error

    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        raise self.error

    def complete(self, text: str, limit: int) -> tuple[str, ...]:
        raise self.error

    def matching(self, text: str, filters: Filters, *, spellings: bool = False) -> Iterator[str]:
        raise self.error

    def as_seen_by(self, user: str) -> Broken:
        return self

    def among(self, request: Request, ids: Sequence[str]) -> set[str]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (EngineError("The index at x can't be opened."), 503, "The search index does not answer"),
        (RuntimeError("secret-detail"), 500, "Something went wrong"),
    ],
)
def test_what_breaks_is_said_without_a_traceback(
    site: Site, caplog: pytest.LogCaptureFixture, error: Exception, status: int, words: str
) -> None:
    here = site.library
    app = make_app(Library(here.store, Broken(error), here.engine, here.topics))
    with caplog.at_level(logging.CRITICAL):
        answer = app.test_client().get("/search?q=dam")
    assert answer.status_code == status
    assert words in answer.text
    assert "secret-detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_an_article_is_shown_where_search_does_not_answer(site: Site) -> None:
    here = site.library
    searcher = Broken(EngineError("The index is gone."))
    app = make_app(Library(here.store, searcher, here.engine, here.topics))
    assert app.test_client().get(f"/articles/{HOSTILE.id}").status_code == 200


def test_two_applications_do_not_know_of_each_other(site: Site, tmp_path: Path) -> None:
    with open_site(tmp_path, empty=True) as other:
        assert "Nothing to show yet" in other.text("/")
        assert "Nothing to show yet" not in site.text("/")
