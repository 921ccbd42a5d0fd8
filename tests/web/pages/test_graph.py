from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from nlp.topics.taxonomy import load_taxonomy
from search.engines.registry import open_engine
from search.searcher import Searcher
from search.sync import rebuild
from store.store import Store
from tests.web.sample_site import make_app
from web.context import Library


@pytest.fixture
def client(demo_home: Path) -> Iterator[FlaskClient]:
    with Store.at(demo_home / "store.sqlite") as store:
        engine = open_engine("whoosh", demo_home / "index")
        topics = {topic.slug: topic for topic in load_taxonomy()}
        library = Library(
            store=store, searcher=Searcher(engine, store), engine=engine, topics=topics
        )
        yield make_app(library).test_client()
        engine.close()


def test_the_names_of_a_search_are_drawn_and_lead_to_their_articles(client: FlaskClient) -> None:
    page = client.get("/graph?q=ostvar").get_data(as_text=True)
    assert page.count('class="node ') > 4
    assert 'class="edge"' in page
    opened = page.split('class="entity-graph"')[1].split('<a href="')[1].split('"')[0]
    about = page.split(f'id="{opened.removeprefix("#")}"')[1]
    link = about.split('<a href="')[1].split('"')[0]
    answer = client.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "No articles match" not in answer.get_data(as_text=True)


def test_names_are_left_out_and_looked_around_and_that_is_undone(client: FlaskClient) -> None:
    page = client.get("/graph?q=ostvar").get_data(as_text=True)
    assert ">Beatriz Salgado</text>" in page
    without = client.get("/graph?q=ostvar&drop=person/beatriz-salgado").get_data(as_text=True)
    assert ">Beatriz Salgado</text>" not in without
    assert "<bdi>Beatriz Salgado</bdi>" in without
    assert 'href="/graph?q=ostvar"' in without
    around = client.get("/graph?q=ostvar&around=person/beatriz-salgado").get_data(as_text=True)
    assert 0 < around.count('class="node ') <= page.count('class="node ')
    people = client.get("/graph?type=person").get_data(as_text=True)
    picture = people.split('class="entity-graph"')[1].split("</figure>")[0]
    assert "node person" in picture
    assert "node place" not in picture


def test_a_search_that_finds_too_little_says_so(client: FlaskClient) -> None:
    page = client.get("/graph?q=nosuchwordanywhere").get_data(as_text=True)
    assert "Too few names" in page


@pytest.mark.parametrize("query", ["(", "a" * 3000])
def test_a_query_that_cannot_be_read_is_explained_on_the_search_page(
    client: FlaskClient, query: str
) -> None:
    answer = client.get("/graph", query_string={"q": query})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/search?")


def test_names_from_outside_are_escaped(client: FlaskClient) -> None:
    page = client.get("/graph?q=%3Cscript%3Ealert(1)%3C/script%3E").get_data(as_text=True)
    assert "<script>alert" not in page


def test_a_search_that_the_engine_cannot_do_is_explained_and_is_not_a_failure(
    demo_home: Path, tmp_path: Path
) -> None:
    with Store.at(demo_home / "store.sqlite") as store:
        engine = open_engine("tantivy", tmp_path)
        rebuild(store, engine)
        library = Library(store=store, searcher=Searcher(engine, store), engine=engine, topics={})
        client = make_app(library).test_client()
        phrase = f'"{" ".join(map(str, range(40)))}"~50'
        answer = client.get("/graph", query_string={"q": f"{phrase} {phrase}"})
        assert answer.status_code == 302
        explained = client.get(answer.location)
        assert explained.status_code == 400
        assert "quote fewer words" in explained.text
        engine.close()
