from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from models.clusters import FoundCluster
from search.sync import drain
from tests.web.sample_site import MATCHES, RECALL, TALKS, Site, open_site
from web.charts.sparkline import HEIGHT, sparkline

HOSTILE = '<script>alert("c")</script>, Rovers'


def clustered(site: Site) -> None:
    """Put the matches into two clusters of sport, and the talks into one of politics."""
    store = site.store
    store.clusters.learn(
        [
            FoundCluster(
                "sport-1", "sport", "Rovers, goal, line", ("Rovers", "goal line"), 30, True
            ),
            FoundCluster("sport-2", "sport", HOSTILE, ('a "b" c',), 10, True),
            FoundCluster("politics-1", "politics", "dam, Ostvar", ("dam",), 1, False),
        ]
    )
    ids = {match.id: "sport-1" for match in MATCHES[:30]}
    ids |= {match.id: "sport-2" for match in MATCHES[30:]}
    store.clusters.assign(ids | {TALKS.id: "politics-1"}, "model-1", 0)
    drain(store.changes, store.articles, site.library.engine)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        clustered(opened)
        yield opened


def test_one_comes_from_a_topic_to_its_clusters_and_on_to_their_articles(site: Site) -> None:
    topic = site.text("/topics/sport")
    assert 'href="/clusters/sport-1"' in topic
    assert 'href="/clusters/politics-1"' not in topic
    page = site.text("/clusters/sport-1")
    assert "Rovers, goal, line" in page
    assert "<strong>30 articles</strong>" in page
    assert 'href="/topics/sport"' in page
    assert 'href="/clusters/sport-2"' in page
    assert "Mira Orlova" in page
    assert "Articles over time" in page
    assert f'href="/articles/{MATCHES[18].id}"' in page


def test_what_a_cluster_page_counts_the_search_page_delivers(site: Site) -> None:
    assert "All 30 articles" in site.text("/clusters/sport-1")
    assert "30 articles" in site.text("/search?q=cluster:sport-1")


def test_an_article_leads_to_its_cluster(site: Site) -> None:
    assert 'href="/clusters/politics-1"' in site.text(f"/articles/{TALKS.id}")
    assert "/clusters/" not in site.text(f"/articles/{RECALL.id}")


def test_all_clusters_stand_under_their_topics(site: Site) -> None:
    page = site.text("/clusters")
    assert page.index("Sport") < page.index("Rovers, goal, line") < page.index(">Politics")
    site.store.clusters.hide("sport-1")
    assert "Rovers, goal, line" not in site.text("/clusters")


def test_a_hidden_cluster_has_no_page_and_is_on_no_article(site: Site) -> None:
    site.store.clusters.hide("politics-1")
    assert "hidden" in site.text("/clusters/politics-1", 404)
    assert "/clusters/" not in site.text(f"/articles/{TALKS.id}")


def test_a_merged_cluster_leads_to_the_one_that_took_it_in(site: Site) -> None:
    site.store.clusters.merge("sport-2", "sport-1")
    answer = site.client.get("/clusters/sport-2")
    assert answer.status_code == 302
    assert answer.location == "/clusters/sport-1"


def test_a_cluster_that_is_gone_says_so(site: Site) -> None:
    site.store.clusters.learn([])
    assert "found this cluster no more" in site.text("/clusters/sport-1")


@pytest.mark.parametrize(
    "address", ["/clusters/sport-9", "/clusters/%3Cscript%3E", "/clusters/x y"]
)
def test_the_page_of_an_unknown_cluster_says_so(site: Site, address: str) -> None:
    assert "There is no cluster" in site.text(address, 404)


@pytest.mark.parametrize("address", ["/clusters", "/clusters/sport-2", "/topics/sport", "/trends"])
def test_a_clusters_name_is_text_and_never_code(site: Site, address: str) -> None:
    assert "<script>" not in site.text(address)


def test_every_link_of_a_cluster_page_leads_somewhere(site: Site) -> None:
    pages = ("/clusters/sport-2", "/clusters/sport-1", "/trends?days=10&against=10")
    links = {link for page in pages for link in re.findall(r'href="(/[^"#]*)"', site.text(page))}
    assert len(links) > 20
    for link in sorted(links):
        with site.client.application.test_client(use_cookies=False).get(unescape(link)) as answer:
            assert answer.status_code in {200, 302}, link


def test_an_empty_library_says_how_to_come_to_clusters_and_trends(tmp_path: Path) -> None:
    with open_site(tmp_path, empty=True) as site:
        assert "slugline clusters fit" in site.text("/clusters")
        assert "no articles with a date" in site.text("/trends")


def test_trends_show_what_rises_with_a_picture_and_lead_onward(site: Site) -> None:
    page = site.text("/trends?days=2&against=6&until=2025-06-08")
    assert "7 to 8 Jun 2025" in page
    assert "No clear rises" in page
    assert "until=2025-06-06" in page


def test_a_rise_is_on_the_page_with_a_picture_of_its_days(site: Site) -> None:
    from tests.web.sample_site import entry, put, tag

    news = [entry(f"flood-{n}", f"Flood {n} in Ostvar", day=25 + n % 3) for n in range(30)]
    put(site.store, *news)
    for each in news:
        tag(site.store, each, ("economy", 0.9))
    page = site.text("/trends?days=3&against=24&until=2025-06-27")
    assert '<rect class="now"' in page
    assert 'href="/topics/economy"' in page
    assert 'href="/entities/place/ostvar"' in page
    assert "since=2025-06-25" in page
    assert "until=2025-06-27" in page


@pytest.mark.parametrize(
    "query",
    [
        *("days=0", "days=99999999999999", "days=x", "against=-1", "against=9999999"),
        *(
            "until=0001-01-01",
            "until=9999-12-31",
            "until=x",
            "until=2025-06-31",
            "until=" + "9" * 500,
        ),
    ],
)
def test_no_address_of_trends_is_an_error(site: Site, query: str) -> None:
    assert "Trends" in site.text(f"/trends?{query}")


def test_a_sparkline_is_as_high_as_its_peak_and_what_is_there_can_be_seen() -> None:
    picture = sparkline((0, 1, 1000, 500), now=1)
    assert [bar.x for bar in picture.bars] == [4, 8, 12]
    assert [bar.now for bar in picture.bars] == [False, False, True]
    assert picture.bars[1].height == HEIGHT
    assert picture.bars[0].height >= 1
    assert all(bar.y + bar.height == pytest.approx(HEIGHT) for bar in picture.bars)
    assert sparkline((), 1).bars == ()
    assert sparkline((0, 0), 1).bars == ()
