"""The command line as its users meet it: the real program, its words, keys and exit codes."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Done, run_process, run_slugline

INGEST = {"sources", "new", "updated", "unchanged", "duplicates", "rejected", "seconds"}
TAG = {"articles", "mentions", "seconds", "articles_per_second"}
INDEX = {"engine", "documents", "added", "removed", "seconds"}


def test_the_demo_does_the_whole_job_and_names_what_is_wrong(demo: tuple[Path, Done]) -> None:
    home, done = demo
    assert done.status == 0
    report = done.json
    assert set(report) == {"ingest", "tag", "stories", "index"}
    assert set(report["ingest"]) == INGEST | {"grouped"}
    assert set(report["tag"]) == TAG
    assert set(report["index"]) == INDEX
    articles = report["ingest"]["new"]
    assert articles >= 150
    assert report["tag"]["articles"] == report["index"]["documents"] == articles
    assert report["tag"]["mentions"] > articles
    rejected = report["ingest"]["rejected"]
    assert f"{rejected} faulty entries left out; which and why is in " in done.err
    assert (home / "ingest.log").read_text("utf-8").count("Rejected: ") == rejected > 0
    assert "Traceback" not in done.err


def test_the_same_source_again_changes_nothing_and_says_so(own_home: Path) -> None:
    from slugline.commands.demo import SAMPLE

    done = run_slugline("run", SAMPLE, "--json", home=own_home)
    report = done.json
    assert [report["ingest"][key] for key in ("new", "updated")] == [0, 0]
    assert report["ingest"]["unchanged"] > 150
    assert report["tag"]["articles"] == report["index"]["added"] == 0
    file = next((SAMPLE / "2025-06" / "2025-06-01").glob("*_entries.json"))
    assert "nothing new" in run_slugline("ingest", file, home=own_home).out


def test_search_has_the_keys_of_the_contract(demo_home: Path) -> None:
    found = run_slugline("search", "talks", "--facets", "--json", home=demo_home).json
    assert {"total", "hits", "facets", "suggestion", "seconds"} <= set(found)
    assert 0 < len(found["hits"]) <= 10
    keys = {"id", "url", "title", "source", "published", "topics", "entities", "score", "snippet"}
    assert all(keys <= set(hit) for hit in found["hits"])
    assert {"topic", "entity", "source", "lang", "day"} <= set(found["facets"])
    assert any("<mark>" in hit["snippet"] for hit in found["hits"])


def test_a_query_that_cannot_be_read_is_shown_with_the_place_of_its_fault(demo_home: Path) -> None:
    failed = run_slugline("search", "strike AND (ferry OR", home=demo_home)
    assert failed.status == 2
    assert failed.err.splitlines() == [
        "Error: A bracket is never closed",
        "  strike AND (ferry OR",
        "             ^",
        "Did you mean: strike AND (ferry)",
    ]


def test_folded_hits_and_their_copies_are_all_there_is(demo_home: Path) -> None:
    plain = run_slugline("search", "--limit", "1000", "--json", home=demo_home).json
    folded = run_slugline("search", "--fold", "--limit", "1000", "--json", home=demo_home).json
    copies = [copy["id"] for hit in folded["hits"] for copy in hit["copies"]]
    assert folded["folded"] == len(copies) > 0
    ids = {hit["id"] for hit in folded["hits"]}
    assert ids.isdisjoint(copies)
    assert ids | set(copies) == {hit["id"] for hit in plain["hits"]}
    assert folded["total"] == plain["total"] == len(plain["hits"])


@pytest.mark.parametrize("facet", ["topic", "source", "lang", "entity"])
def test_a_count_shown_is_a_count_delivered(demo_home: Path, facet: str) -> None:
    every = run_slugline("search", "--facets", facet, "--limit", "0", "--json", home=demo_home)
    value = every.json["facets"][facet][0]
    option = f"--{facet}"
    found = run_slugline(
        "search", option, value["value"], "--limit", "1000", "--json", home=demo_home
    ).json
    assert found["total"] == value["count"] == len(found["hits"])


def test_filters_of_search_and_export_give_the_same_articles(
    demo_home: Path, tmp_path: Path
) -> None:
    filters = ("--topic", "economy", "--since", "2025-06-02", "--until", "2025-06-05")
    found = run_slugline("search", *filters, "--limit", "1000", "--json", home=demo_home).json
    out = tmp_path / "out.jsonl"
    done = run_slugline("export", out, *filters, "--json", home=demo_home).json
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert found["total"] == done["articles"] == len(rows) > 0
    assert {row["id"] for row in rows} == {hit["id"] for hit in found["hits"]}
    assert all("2025-06-02" <= row["published"] < "2025-06-06" for row in rows)
    assert done["files"] == [str(out)]

    table = tmp_path / "out.csv"
    run_slugline("export", table, "--format", "csv", *filters, home=demo_home)
    with table.open(encoding="utf-8-sig", newline="") as lines:
        assert {row["id"] for row in csv.DictReader(lines)} == {row["id"] for row in rows}


def test_an_export_of_everything_holds_every_article_with_its_tags(
    demo_home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all.jsonl"
    run_slugline("export", out, home=demo_home)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    stats = run_slugline("stats", "--json", home=demo_home).json
    assert len(rows) == len({row["id"] for row in rows}) == stats["articles"]
    assert sum(len(row["mentions"]) for row in rows) == stats["mentions"]
    for row in rows:
        for mention in row["mentions"]:
            assert row[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
    assert all(row["topics"] for row in rows if row["language"] == "en")
    french = [topic for row in rows if row["language"] == "fr" for topic in row["topics"]]
    assert {topic["origin"] for topic in french} == {"rule"}, "by seed terms, without a model"


def test_stats_have_the_keys_of_the_contract(demo_home: Path) -> None:
    stats = run_slugline("stats", "--json", home=demo_home).json
    keys = {"articles", "feeds", "sources", "entities", "mentions", "topics", "index"}
    assert keys <= set(stats)
    assert {"engine", "documents"} <= set(stats["index"])
    assert stats["index"]["documents"] == stats["articles"]
    assert stats["topics"]["diplomacy"] > 0


def test_topics_are_listed_shown_and_measured(demo_home: Path, tmp_path: Path) -> None:
    listed = run_slugline("topics", "list", "--json", home=demo_home).json["topics"]
    assert [topic["slug"] for topic in listed][:2] == ["politics", "diplomacy"]
    assert "summit" in run_slugline("topics", "show", "diplomacy", home=demo_home).out
    gold = tmp_path / "gold.jsonl"
    row = {"title": "Striker scores twice in cup final", "summary": "", "topic": "sport"}
    gold.write_text(json.dumps(row) + "\n")
    empty = tmp_path / "empty"
    measured = run_slugline("topics", "evaluate", gold, "--json", home=empty).json
    keys = "articles macro_f1 accuracy top2_accuracy nmi articles_per_second topics"
    assert set(keys.split()) <= set(measured)
    assert measured["articles"] == 1
    assert set(measured["topics"]["sport"]) == {"precision", "recall", "f1", "support"}


@pytest.mark.slow
def test_a_persons_word_on_topics_and_entities_is_searched_by(own_home: Path) -> None:
    found = run_slugline("search", "talks NOT topic:other", "--json", home=own_home).json
    hit = next(each for each in found["hits"] if each["topics"])
    wrong = hit["topics"][0]["slug"]
    right = "religion" if wrong != "religion" else "sport"
    run_slugline("topics", "correct", hit["id"], "--add", right, "--remove", wrong, home=own_home)
    run_slugline("tag", "--all", home=own_home)
    run_slugline("index", home=own_home)
    found = run_slugline("search", "--topic", right, "--limit", "99", "--json", home=own_home).json
    (corrected,) = [other for other in found["hits"] if other["id"] == hit["id"]]
    assert corrected["topics"][0] == {"slug": right, "score": 1.0, "origin": "person"}
    assert wrong not in [topic["slug"] for topic in corrected["topics"]]

    one, two = run_slugline("entities", "list", "--json", home=own_home).json["entities"][:2]
    run_slugline("entities", "merge", two["key"], one["key"], home=own_home)
    both = run_slugline("search", "--entity", two["key"], "--json", home=own_home).json
    merged = run_slugline("entities", "show", one["name"], "--json", home=own_home).json
    assert both["total"] == merged["articles"] >= max(one["articles"], two["articles"])
    assert run_slugline("doctor", home=own_home).status == 0


def test_doctor_finds_an_index_that_is_not_the_stores(own_home: Path) -> None:
    assert run_slugline("doctor", "--json", home=own_home).json["well"]
    for path in sorted((own_home / "index").rglob("*")):
        if path.is_file():
            path.write_bytes(b"damaged")
    # As processes of their own: Whoosh leaves a file open that it can't read.
    done = run_process("doctor", home=own_home)
    assert done.status == 1
    assert "slugline index --rebuild" in done.out
    assert run_process("index", "--rebuild", home=own_home).status == 0
    assert run_slugline("doctor", home=own_home).status == 0


def test_global_options_stand_before_or_behind_the_command(demo_home: Path) -> None:
    before = run_slugline("--home", demo_home, "stats", "--json")
    behind = run_slugline("stats", "--json", "--home", demo_home)
    assert before.json == behind.json


def test_a_file_feed_is_read(tmp_path: Path) -> None:
    from slugline.commands.demo import SAMPLE

    feed = next((SAMPLE / "feeds").glob("*.atom.xml"))
    done = run_slugline("ingest", feed, "--json", home=tmp_path / "home")
    assert done.status == 0
    assert done.json["new"] > 0


def bad_sources(folder: Path) -> dict[str, Path]:
    (folder / "empty folder").mkdir()
    (folder / "no.zip").write_bytes(b"this is no ZIP")
    (folder / "empty_entries.json").write_bytes(b"")
    (folder / "cut_entries.json").write_text('[{"title": "A", "link": "https://a.exam')
    with zipfile.ZipFile(folder / "nothing.zip", "w") as empty:
        empty.writestr("photo.jpg", b"\xff")
    return {
        "missing": folder / "missing.json",
        "empty folder": folder / "empty folder",
        "no.zip": folder / "no.zip",
        "empty_entries": folder / "empty_entries.json",
        "cut_entries": folder / "cut_entries.json",
        "nothing.zip": folder / "nothing.zip",
    }


def test_bad_sources_are_named_and_the_rest_is_ingested(tmp_path: Path) -> None:
    from slugline.commands.demo import SAMPLE

    bad = bad_sources(tmp_path)
    good = next((SAMPLE / "feeds").glob("*.atom.xml"))
    done = run_slugline("ingest", *bad.values(), good, "--json", home=tmp_path / "home")
    assert done.status == 1, "a source that can't be read at all is a failure"
    assert done.json["new"] > 0
    assert done.json["rejected"] == len(bad)
    for name in bad:
        assert name in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["sarch"], 2, "No such command"),
        (["ingest"], 2, "Missing argument"),
        (["search", "(taiwan"], 2, "Error"),
        (["search", "nofield:x"], 2, "nofield"),
        (["search", "x", "--since", "yesterday-ish"], 2, "not a date"),
        (["search", "x", "--limit", "-1"], 2, "--limit"),
        (["search", "--topic", "econmy"], 2, "the nearest"),
        (["search", "topic:war"], 2, "the nearest is military"),
        (["search", "--topic", "wojna"], 2, "the nearest is military"),
        (["search", "--topic", "xyzzy"], 2, "the topics are crime, culture"),
        (["search", "--facets", "topics"], 2, "the nearest is topic"),
        (["search", "talks", "--facets", "authors"], 2, "there are topic, entity"),
        (["--config", "/nowhere.toml", "stats"], 2, "can't be read"),
        (["topics", "show", "nonsense"], 1, "no topic 'nonsense'"),
        (["topics", "evaluate", "/nowhere.jsonl"], 1, "nowhere.jsonl"),
        (["entities", "show", "Nobody At All"], 1, "no entity"),
        (["export", "out.doc"], 2, "names no format"),
        (["export", "/proc/none/out.csv"], 2, "can't be written"),
        (["serve", "--port", "99999"], 2, "--port"),
    ],
)
def test_a_users_mistake_gives_a_clear_message(
    demo_home: Path, arguments: list[str], status: int, words: str
) -> None:
    done = run_slugline(*arguments, home=demo_home)
    assert done.status == status, done.out + done.err
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_word_behind_facets_alone_is_the_query(demo_home: Path) -> None:
    bare = run_slugline("search", "--facets", "talks", "--json", home=demo_home).json
    assert bare["total"] == run_slugline("search", "talks", "--json", home=demo_home).json["total"]
    assert bare["facets"]["topic"]


def test_an_index_that_missed_changes_is_reported(own_home: Path) -> None:
    home = own_home
    with (home / "slugline.toml").open("a", encoding="utf-8") as settings:
        settings.write('[search]\nengine = "tantivy"\n')
    done = run_slugline("search", "talks", "-q", home=home)
    assert "tantivy index is out of date" in done.err
    run_slugline("index", home=home)
    assert "out of date" not in run_slugline("search", "talks", home=home).err


def test_a_home_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_slugline("stats", home=tmp_path / "file" / "home")
    assert done.status == 1
    assert str(tmp_path / "file") in done.err
    assert "Traceback" not in done.err


def test_a_reader_that_goes_away_is_not_an_error(demo_home: Path) -> None:
    import subprocess
    import sys

    binary = Path(sys.executable).with_name("slugline")
    command = f"'{binary}' --home '{demo_home}' search --limit 500 | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "articles" in done.stdout
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("command", [("search", "dam"), ("stats",), ("serve",)])
def test_a_mistyped_home_is_reported_and_not_created(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = tmp_path / "hmoe"
    done = run_slugline(*command, home=home)
    assert done.status == 1
    assert str(home) in done.err
    assert "slugline run" in done.err
    assert not home.exists()


@pytest.mark.slow
def test_the_demo_takes_the_next_port_where_one_is_taken(own_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = Path(sys.executable).with_name("slugline")
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SLUGLINE_")}
        with subprocess.Popen(
            [program, "--home", own_home, "demo"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=clean | {"SLUGLINE_WEB_PORT": str(port)},
            text=True,
        ) as demo:
            assert demo.stderr
            said = []
            for line in demo.stderr:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            demo.terminate()
    text = "".join(said)
    assert f"Port {port} is taken by another program; the demo takes" in text
    assert "sign in as demo with the password" in text
