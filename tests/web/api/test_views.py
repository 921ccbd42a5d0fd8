"""The API says what the pages say, pages through all of it, and tells errors as problems."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.sample_site import ARABIC, MATCHES, TALKS, Site, open_site
from web.api.problems import MEDIA_TYPE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def get(site: Site, address: str, status: int = 200) -> Any:
    answer = site.client.get(f"/api/v1{address}")
    assert answer.status_code == status, answer.text
    assert answer.mimetype == ("application/json" if status == 200 else MEDIA_TYPE)
    return answer.json


def walked(site: Site, address: str, items: str) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = ""
    join = "&" if "?" in address else "?"
    while cursor is not None:
        page = get(site, f"{address}{join}cursor={cursor}")
        found += page[items]
        cursor = page["next"]
    return found


@pytest.mark.parametrize(
    "question", ["q=dam", "q=match&sort=newest", "fold=true", "fold=story", "topic=sport"]
)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_count_shown_is_a_count_delivered(site: Site, question: str, limit: int) -> None:
    address = f"/search?{question}&limit={limit}"
    page = get(site, address)
    ids = [hit["id"] for hit in walked(site, address, "hits")]
    assert len(ids) == len(set(ids)) == page["total"] - page["folded"] > 0


def test_a_search_narrows_by_every_filter_and_counts_facets(site: Site) -> None:
    found = get(
        site,
        "/search?q=dam&topic=politics&entity=person/radomir-kask&source=Harbour+Post&lang=en"
        "&since=2025-06-01&until=2025-06-05&facets=topic&facets=day",
    )
    assert [hit["id"] for hit in found["hits"]] == [TALKS.id]
    assert {value["value"] for value in found["facets"]["topic"]} == {"politics", "economy"}
    assert found["facets"]["day"] == [{"value": "2025-06-05", "name": "2025-06-05", "count": 1}]


def test_the_marks_of_a_snippet_are_spans_of_the_words_asked_for(site: Site) -> None:
    (hit,) = get(site, "/search?q=president")["hits"]
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["president"]


def test_an_article_is_given_as_it_is_exported(site: Site) -> None:
    article = get(site, f"/articles/{TALKS.id}")
    assert article["title"] == "Radomir Kask ends talks in Ostvar"
    assert [version["title"] for version in article["versions"]] == [TALKS.title]
    assert {entity["key"] for entity in article["entities"]} >= {"person/radomir-kask"}
    for mention in article["mentions"]:
        text = article[mention["field"]]
        assert text[mention["start"] : mention["end"]] == mention["text"]


def test_an_article_says_why_it_has_its_topics(site: Site) -> None:
    first, *others = get(site, f"/articles/{TALKS.id}/why")["topics"]
    assert (first["topic"], first["words_for"]) == (
        "politics",
        [{"word": "president", "weight": 1}],
    )
    assert first["words_against"] == [{"word": "dam", "weight": 0.5}]
    assert [each["topic"] for each in others] == ["economy", "sport"]
    assert get(site, f"/articles/{ARABIC.id}/why") == {"topics": []}


def test_similar_articles_are_given(site: Site) -> None:
    hits = get(site, f"/articles/{MATCHES[0].id}/similar")["hits"]
    assert hits
    assert MATCHES[0].id not in {hit["id"] for hit in hits}


def test_topics_entities_sources_and_feeds_are_listed(site: Site) -> None:
    assert get(site, "/topics")["items"][0] == {
        "slug": "sport",
        "name": "Sport",
        "description": "Who wins.",
        "articles": 41,
    }
    assert get(site, "/topics/economy")["articles"] == 2
    people = walked(site, "/entities?type=person&limit=1", "items")
    assert [person["name"] for person in people] == ["Mira Orlova", "Radomir Kask"]
    kask = get(site, "/entities/person/radomir-kask")
    assert {each["key"] for each in kask["companions"]} >= {"place/ostvar"}
    assert get(site, "/sources")["items"][0] == {"name": "Touchline", "articles": 40}
    assert len(walked(site, "/feeds?limit=2", "items")) == get(site, "/feeds")["total"] == 6


def test_counts_are_those_of_the_store(site: Site) -> None:
    stats = get(site, "/stats")
    assert stats["articles"] == stats["index"]["documents"] == site.store.articles.count()
    assert get(site, "/trends?days=5")["until"] == "2025-06-20"


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("/search?limit=0", 422, "limit"),
        ("/search?limit=101", 422, "limit"),
        ("/search?limit=many", 422, "limit"),
        ("/search?nosuch=1", 422, None),
        ("/search?sort=loudest", 422, "sort"),
        ("/search?facets=topics", 422, "facets"),
        ("/search?q=(dam", 400, "q"),
        ("/search?since=someday", 400, "since"),
        ("/search?cursor=abc", 400, "cursor"),
        ("/search?cursor=%F0%9F%98%80", 400, "cursor"),
        ("/entities?type=ship", 422, "type"),
        ("/trends?until=0001-01-01", 400, None),
        ("/articles/nosuch", 404, None),
        ("/articles/nosuch/similar", 404, None),
        ("/articles/nosuch/why", 404, None),
        ("/topics/nosuch", 404, None),
        ("/entities/person/nosuch", 404, None),
        ("/clusters/nosuch", 404, None),
        ("/nosuch", 404, None),
    ],
)
def test_a_mistake_is_reported_as_a_problem(
    site: Site, address: str, status: int, parameter: str | None
) -> None:
    problem = get(site, address, status)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith((".", "closed"))
    assert (problem.get("parameter") or "").startswith(parameter or "")


def test_a_cursor_of_another_question_is_refused(site: Site) -> None:
    cursor = get(site, "/search?q=match&limit=1")["next"]
    problem = get(site, f"/search?q=dam&limit=1&cursor={cursor}", 400)
    assert "another question" in problem["detail"]


def test_a_method_that_is_not_there_is_reported_as_a_problem(site: Site) -> None:
    answer = site.client.post("/api/v1/topics")
    assert (answer.status_code, answer.mimetype) == (405, MEDIA_TYPE)


def test_an_answer_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    first = site.client.get("/api/v1/topics")
    again = site.client.get("/api/v1/topics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_example_in_the_docs_reads_every_hit(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    example = docs.split("```py\n")[1].split("```")[0]
    application = httpx.WSGITransport(app=site.client.application)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=application))
    question = '"ferry AND storm", "topic": "disaster", "limit": 100'
    assert question in example
    exec(example.replace(question, '"match", "limit": 3'), {})  # noqa: S102 - our own docs
    assert len(capsys.readouterr().out.splitlines()) == len(MATCHES)


def test_all_articles_come_once_newest_first_as_they_are_exported(site: Site) -> None:
    rows = walked(site, "/articles?limit=7", "items")
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) == get(site, "/articles")["total"]
    published = [row["published"] for row in rows]
    assert published == sorted(published, reverse=True)
    assert rows[ids.index(TALKS.id)] == get(site, f"/articles/{TALKS.id}")
    found = {hit["id"] for hit in walked(site, "/search?q=dam", "hits")}
    assert {row["id"] for row in walked(site, "/articles?q=dam&limit=2", "items")} == found


def test_facets_are_those_of_the_search(site: Site) -> None:
    asked = get(site, "/facets?q=dam&facets=topic&facets=source")
    search = get(site, "/search?q=dam&facets=topic&facets=source&limit=1")
    assert asked["facets"] == search["facets"]
    assert asked["total"] == search["total"]
    assert {"topic", "entity", "lang", "story", "day"} <= set(get(site, "/facets")["facets"])


def test_one_value_left_out_is_enough(site: Site) -> None:
    everything = get(site, "/search")["total"]
    without = get(site, "/search?-topic=sport")["total"]
    assert 0 < without == get(site, "/search?topic=-sport")["total"] < everything
