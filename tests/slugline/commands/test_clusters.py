"""Clusters and trends as users of the command line meet them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import home_store, run_slugline
from tests.slugline.conftest import copied_home


@pytest.fixture(scope="session")
def clustered_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the demo's home with clusters fitted. Read it, don't write."""
    with copied_home(demo_home, tmp_path_factory.mktemp("clustered") / "home") as home:
        done = run_slugline("clusters", "fit", "--clusters", "40", "--afresh", "--json", home=home)
        assert done.status == 0, done.err
        report = done.json
        assert set(report) == {
            *("articles", "clusters", "new", "gone", "unchanged", "assigned", "moved", "seconds")
        }
        assert report["assigned"] == report["articles"] > 100
        assert report["clusters"] >= 14
        yield home


@pytest.fixture
def home(clustered_home: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(clustered_home, tmp_path / "home"))


def listed(home: Path, *options: str) -> dict[str, dict[str, Any]]:
    report = run_slugline("clusters", "list", *options, "--json", home=home).json
    return {cluster["id"]: cluster for cluster in report["clusters"]}


def test_every_article_with_a_topic_has_a_cluster_in_store_search_and_export(
    clustered_home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all.jsonl"
    run_slugline("export", out, home=clustered_home)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    counts: dict[str, int] = {}
    for row in rows:
        assert bool(row["cluster"]) == bool(row["topics"])
        if row["cluster"]:
            assert row["cluster"].startswith(row["topics"][0]["slug"])
            counts[row["cluster"]] = counts.get(row["cluster"], 0) + 1
    shown = listed(clustered_home)
    assert counts == {key: cluster["articles"] for key, cluster in shown.items()}
    largest = max(counts, key=lambda key: counts[key])
    found = run_slugline("search", f"cluster:{largest}", "--json", home=clustered_home).json
    assert found["total"] == counts[largest]


def test_a_second_fit_to_the_same_articles_changes_nothing(home: Path) -> None:
    before = listed(home)
    done = run_slugline("clusters", "fit", "--clusters", "40", "--json", home=home).json
    assert (done["unchanged"], done["moved"], done["new"], done["gone"]) == (True, 0, [], [])
    assert listed(home) == before


def test_a_fit_that_was_stopped_half_way_goes_on(home: Path) -> None:
    before = listed(home)
    with home_store(home) as store:
        batch, _ = store.clusters.batch(50, 0)
        store.clusters.assign({article.id: "" for article in batch}, "another", 1)
    done = run_slugline("clusters", "fit", "--clusters", "40", "--json", home=home).json
    assert (done["unchanged"], done["moved"]) == (True, 50)
    assert listed(home) == before
    with home_store(home) as store:
        assert store.trends.refresh() == 0  # the days of what moved are counted


@pytest.mark.slow
def test_a_new_article_falls_into_a_cluster_without_a_fit(home: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(
        """<rss version="2.0"><channel><title>Late News</title><link>https://late.example/</link>
        <item><title>Striker scores twice as Rovers win the cup final</title>
        <link>https://late.example/1</link><pubDate>Sat, 07 Jun 2025 10:00:00 GMT</pubDate>
        <description>The goalkeeper saved a penalty, and the coach praised the team and its
        midfield after the football match in the stadium.</description></item></channel></rss>""",
        encoding="utf-8",
    )
    done = run_slugline("run", feed, "--json", home=home)
    assert done.json["tag"]["articles"] == 1, done.err
    found = run_slugline("search", "Rovers striker cup final", "--json", home=home).json
    (hit,) = [hit for hit in found["hits"] if hit["url"] == "https://late.example/1"]
    with home_store(home) as store:
        cluster = store.articles.tagged([hit["id"]])[0].cluster
    assert cluster.startswith("sport-")
    assert cluster in listed(home)


def test_clusters_are_shown_with_their_terms_and_newest_articles(clustered_home: Path) -> None:
    one = next(iter(listed(clustered_home)))
    shown = run_slugline("clusters", "show", one, "--json", home=clustered_home).json
    assert shown["newest"]
    assert {"name", "articles"} == set(shown["entities"][0])
    text = run_slugline("clusters", "show", one, home=clustered_home).out
    assert shown["newest"][0]["title"] in text
    of_topic = listed(clustered_home, "--topic", "sport")
    assert of_topic
    assert all(cluster["topic"] == "sport" for cluster in of_topic.values())


@pytest.mark.slow
def test_what_a_person_says_of_clusters_outlives_a_fit(home: Path) -> None:
    first, second, third = list(listed(home))[:3]
    articles = {key: cluster["articles"] for key, cluster in listed(home).items()}
    run_slugline("clusters", "rename", first, "What I call it", home=home)
    merged = run_slugline("clusters", "merge", second, first, "--json", home=home).json
    assert merged["articles"] == articles[first] + articles[second]
    run_slugline("clusters", "hide", third, home=home)
    done = run_slugline("clusters", "fit", "--clusters", "38", "--json", home=home)
    assert done.status == 0, done.err
    now = listed(home)
    assert now[first]["name"] == "What I call it"
    assert second not in now
    assert third not in now
    assert third in listed(home, "--all")
    asked = run_slugline("search", f"cluster:{third}", home=home)
    assert (asked.status, f"There is no cluster '{third}'" in asked.err) == (2, True)


@pytest.mark.slow
def test_a_cluster_becomes_a_topic_of_the_users_own_taxonomy(home: Path) -> None:
    one = next(key for key, cluster in listed(home).items() if cluster["terms"])
    done = run_slugline("clusters", "promote", one, "my-topic", "--json", home=home)
    assert done.status == 0, done.err
    path = Path(done.json["taxonomy"])
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert document["extends"] == "default"
    assert document["topics"]["my-topic"]["terms"]
    again = run_slugline("clusters", "promote", one, "my-topic", home=home)
    assert again.status == 2
    assert "already" in again.err
    assert run_slugline("clusters", "promote", one, "economy", home=home).status == 2
    fitted = run_slugline("topics", "fit", home=home, SLUGLINE_NLP_TAXONOMY=str(path))
    assert fitted.status == 0, fitted.err
    assert "my-topic" in run_slugline("topics", "list", home=home).out


@pytest.mark.parametrize(
    "command", [("show", "x-1"), ("rename", "x-1", "X"), ("hide", "x-1"), ("merge", "x-1", "x-2")]
)
def test_an_unknown_cluster_is_an_error_that_names_it(
    clustered_home: Path, command: tuple[str, ...]
) -> None:
    done = run_slugline("clusters", *command, home=clustered_home)
    assert done.status == 1
    assert "no cluster 'x-1'" in done.err
    assert "Traceback" not in done.err


def test_an_empty_home_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run_slugline("clusters", "fit", home=tmp_path / "home")
    assert done.status == 1
    assert "No article has a topic yet" in done.err
    assert "clusters fit" in run_slugline("clusters", "list", home=tmp_path / "home").out
    assert "No dated articles" in run_slugline("trends", home=tmp_path / "home").out


def test_a_damaged_cluster_model_is_named_with_what_to_do(home: Path) -> None:
    (home / "cluster-model" / "arrays.npz").write_bytes(b"nonsense")
    done = run_slugline("clusters", "fit", home=home)
    assert done.status == 1
    assert "slugline clusters fit" in done.err
    assert "Traceback" not in done.err


def test_trends_have_the_keys_of_the_contract(clustered_home: Path) -> None:
    options = ("--days", "2", "--against", "7", "--until", "2025-06-07")
    report = run_slugline("trends", *options, "--json", home=clustered_home).json
    assert set(report) == {
        *("since", "until", "days", "against", "by", "articles", "per_day", "rises")
    }
    told = run_slugline("trends", *options, "--by", "stories", "--json", home=clustered_home).json
    assert 0 < told["articles"]["now"] <= report["articles"]["now"]
    assert (report["since"], report["until"]) == ("2025-06-06", "2025-06-07")
    assert len(report["per_day"]) == 9
    assert sum(report["per_day"].values()) == sum(report["articles"].values())
    assert set(report["rises"]) == {"topic", "cluster", "entity"}
    told = run_slugline("trends", *options, home=clustered_home).out
    assert "2025-06-06 to 2025-06-07" in told


def test_trends_without_anything_before_say_so(clustered_home: Path) -> None:
    told = run_slugline("trends", "--until", "1999-01-01", home=clustered_home).out
    assert "No articles to compare with" in told
    assert run_slugline("trends", "--until", "soon", home=clustered_home).status == 2
