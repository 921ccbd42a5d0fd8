"""The bundled sample keeps what its README promises: counts, topics, languages and faults."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from ingest import source
from ingest.urls import canonical_url
from models.article import Entry, Rejection

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "slugline" / "sample"
ARCHIVE = SAMPLE / "2025-06"
JUDGED = ROOT / "tests" / "data" / "sample"

TOPICS = {
    *("politics", "diplomacy", "military", "economy", "crime", "technology", "gaming", "science"),
    *("health", "environment", "sport", "culture", "lifestyle", "education", "disaster"),
    "religion",
}
EMPTY = "2025-06-04/https.www.commontable.examplefeed_entries.json"
CUT = "2025-06-05/https.fieldnotes.examplefeed.rss_entries.json"
ONLY_MARKDOWN = "2025-06-06/https.www.pacificledger.examplerssasia.xml_entries.md"
AGENCY = {
    "/politics/nebraska-special-election-results",
    "/news/politics/trevino-leads-hutchens-by-412-votes/",
    "/defence/peacekeepers-ostvar-mandate",
    "/defence/article/90433/un-weighs-sending-600-observers-to-ostvar-corridor",
}

Row = dict[str, Any]


def lines(name: str) -> list[Row]:
    return [json.loads(line) for line in (JUDGED / name).read_text("utf-8").splitlines()]


def whole_json() -> dict[str, list[Row]]:
    """The rows of every .json that can be read, by its name under the archive."""
    faulty = {EMPTY, CUT}
    names = (p.relative_to(ARCHIVE).as_posix() for p in sorted(ARCHIVE.glob("*/*_entries.json")))
    return {n: json.loads((ARCHIVE / n).read_text("utf-8")) for n in names if n not in faulty}


def untracked(link: str) -> str:
    """The link as truth.jsonl has it: by rules of this test, not of ingest."""
    parts = urlsplit(link)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if not re.match("utm_|at_|xtor$", k)]
    return urlunsplit(parts._replace(query=urlencode(kept)))


@pytest.fixture(scope="module")
def truth() -> list[Row]:
    return lines("truth.jsonl")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for rows in whole_json().values() for row in rows]


@pytest.fixture(scope="module")
def read() -> tuple[list[Entry], list[Rejection]]:
    parts = list(source.read(str(SAMPLE)))
    return [e for p in parts for e in p.entries], [r for p in parts for r in p.rejections]


def test_the_sample_has_as_many_entries_and_articles_as_its_readme_says(
    read: tuple[list[Entry], list[Rejection]],
) -> None:
    entries, _ = read
    assert len(entries) == 334
    assert len({entry.id for entry in entries}) == 330
    readme = (SAMPLE / "README.md").read_text("utf-8")
    assert "330 articles" in readme
    assert "Of 340 entries, 334 can be taken" in readme


def test_every_publisher_has_as_many_articles_as_the_readme_says(
    read: tuple[list[Entry], list[Rejection]],
) -> None:
    counted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in read[0]:
        counted[entry.source].add(entry.id)
    told = re.findall(
        r"^\| ([^|(]+?)(?: \([^|]*\))? \| (\d+) \|", (SAMPLE / "README.md").read_text("utf-8"), re.M
    )
    assert {name: len(ids) for name, ids in counted.items()} == {n: int(k) for n, k in told}
    assert len(told) == 17


def test_every_fault_is_named_when_the_sample_is_read_and_nothing_else_is(
    read: tuple[list[Entry], list[Rejection]],
) -> None:
    faults = sorted((Path(r.where.split(",")[0]).as_posix(), r.reason) for r in read[1])
    expected = sorted(
        [
            (f"2025-06/{EMPTY}", "is empty"),
            (f"2025-06/{CUT}", "is cut off"),
            ("2025-06/2025-06-04/https.www.prairiesentinel.examplefeed_entries.json", "no link"),
            ("2025-06/2025-06-05/http.www.touchline.examplerssall.xml_entries.json", "date"),
            (
                "2025-06/2025-06-05/http.www.touchline.examplerssall.xml_entries.json",
                "neither title nor text",
            ),
            ("2025-06/2025-06-04/https.www.courrierduquai.examplerssune.xml_entries.json", "date"),
            (
                "2025-06/2025-06-06/https.savannachronicle.examplefeedsafrica.xml_entries.json",
                "not a web address",
            ),
            ("feeds/classroom-dispatch.rss.xml", "neither title nor text"),
        ]
    )
    assert [where for where, _ in faults] == [where for where, _ in expected]
    for (where, reason), (_, word) in zip(faults, expected, strict=True):
        assert word in reason, where


def test_truth_has_one_row_for_every_article_and_no_other(
    truth: list[Row], read: tuple[list[Entry], list[Rejection]]
) -> None:
    judged = [canonical_url(row["link"]) for row in truth]
    assert len(judged) == len(set(judged))
    assert set(judged) == {entry.canonical_url for entry in read[0]}


def test_truth_names_articles_by_their_links_without_tracking(truth: list[Row]) -> None:
    assert all(untracked(row["link"]) == row["link"] for row in truth)
    known = {untracked(row["link"]) for rows in whole_json().values() for row in rows}
    in_json = [r for r in truth if r["link"] in known]
    # the cut .json, the .md alone, the two feeds, the weeks around
    assert len(in_json) == 330 - 3 - 3 - 10 - 165


def test_every_topic_is_the_main_one_of_six_articles_and_many_have_two(truth: list[Row]) -> None:
    main = Counter(row["topics"][0] for row in truth)
    assert set(main) == TOPICS
    assert min(main.values()) >= 6, main
    assert all(set(r["topics"]) <= TOPICS and 1 <= len(r["topics"]) <= 3 for r in truth)
    assert sum(len(row["topics"]) > 1 for row in truth) == 110


def test_articles_are_in_four_languages_and_one_publisher_calls_its_french_american(
    truth: list[Row], rows: list[Row]
) -> None:
    assert Counter(row["language"] for row in truth) == {
        "en": 257,
        "fr": 35,
        "pl": 26,
        "de": 12,
    }
    french = {urlsplit(row["link"]).hostname for row in truth if row["language"] == "fr"}
    assert french == {"www.courrierduquai.example", "www.radiogaronne.example"}
    claimed = {(row["artist"], row["language"]) for row in rows if "artist" in row}
    assert ("Le Courrier du Quai", "en-US") in claimed
    assert ("Radio Garonne", "fr-FR") in claimed


def test_addresses_are_nobodys(rows: list[Row], truth: list[Row]) -> None:
    text = "".join(p.read_text("utf-8") for p in SAMPLE.rglob("*") if p.is_file())
    hosts = set(re.findall(r"https?://([^/\s\"<>)\\]+)", text))
    standards = {"purl.org", "www.w3.org"}
    assert {h for h in hosts - standards if not h.endswith(".example")} == set()
    assert len({urlsplit(row["link"]).hostname for row in truth}) == 17


def test_each_markdown_file_tells_what_its_json_tells() -> None:
    for name, rows in whole_json().items():
        told = (ARCHIVE / name).with_suffix(".md").read_text("utf-8")
        header, _, rest = told.partition("\n\n")
        first = rows[0]
        assert re.fullmatch(
            rf"# Source:.+, URL:{re.escape(first['source'])}, language:{first['language']}", header
        )
        assert rest == "".join(
            f"## {row['title']}\n - [{row['link']}]({row['link']})\n - RSS feed: {row['source']}\n"
            f" - date published: {row['date_published']}\n\n{row['description']}\n\n"
            for row in rows
        )


def test_the_faulty_files_are_faulty_as_told() -> None:
    assert (ARCHIVE / EMPTY).stat().st_size == 0
    assert not (ARCHIVE / EMPTY).with_suffix(".md").exists()
    with pytest.raises(json.JSONDecodeError):
        json.loads((ARCHIVE / CUT).read_text("utf-8"))
    assert (ARCHIVE / CUT).with_suffix(".md").read_text("utf-8").count("\n## ") == 3
    assert not (ARCHIVE / ONLY_MARKDOWN).with_suffix(".json").exists()
    assert (ARCHIVE / ONLY_MARKDOWN).read_text("utf-8").count("\n## ") == 3


def test_a_file_is_named_by_its_feed_and_holds_its_own_feed_only() -> None:
    for name, rows in whole_json().items():
        assert len({row["source"] for row in rows}) == 1
        squeezed = rows[0]["source"].replace("://", ".").replace("/", "")
        assert Path(name).name == f"{squeezed}_entries.json"


def test_only_touchline_has_the_older_form(rows: list[Row]) -> None:
    older = {row["source"] for row in rows if "persistent" in row}
    assert older == {"http://www.touchline.example/rss/all.xml"}
    blank = {r["source"] for r in rows if re.match(r"\d{4}-\d\d-\d\d \d\d:", r["date_published"])}
    assert blank == older


def test_articles_repeat_as_the_readme_says(rows: list[Row]) -> None:
    by_link: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_link[untracked(row["link"])].append(row)
    repeated = [same for link, same in by_link.items() if link and len(same) > 1]
    assert len(repeated) == 4
    assert sum(len({row["link"] for row in same}) > 1 for same in repeated) == 2
    changed = [same for same in repeated if len({row["title"] for row in same}) > 1]
    assert [same[0]["title"][:20] for same in changed] == ["Live: Cyclone Tavish"]


def test_no_text_appears_twice_but_agency_copy(read: tuple[list[Entry], list[Rejection]]) -> None:
    by_text: defaultdict[str, set[str]] = defaultdict(set)
    for entry in read[0]:
        if entry.summary:
            text = entry.summary.replace("\u2019", "'")
            by_text[text].add(urlsplit(entry.canonical_url).path.rstrip("/"))
    shared = [paths for paths in by_text.values() if len(paths) > 1]
    assert len(shared) == 2
    assert set().union(*shared) == {path.rstrip("/") for path in AGENCY}


def test_summaries_are_as_long_as_in_a_real_feed(
    read: tuple[list[Entry], list[Rejection]],
) -> None:
    words = [len(entry.summary.split()) for entry in read[0]]
    assert sum(25 <= n <= 60 for n in words) / len(words) > 0.8
    assert words.count(0) == 2
    assert max(words) < 80


def test_descriptions_have_the_html_of_real_feeds(rows: list[Row]) -> None:
    text = "".join(row["description"] for row in rows)
    for mark in ("<p>", "<img ", "<figure>", "Continue reading", "appeared first on", "&#8217;"):
        assert mark in text, mark


def test_day_files_that_are_no_articles_are_whole() -> None:
    assert len(list(ARCHIVE.glob("*/keywords.json"))) == 7
    sources = json.loads((ARCHIVE / "2025-06-03" / "sources.json").read_text("utf-8"))
    assert {row["url"] for row in sources} >= {rows[0]["source"] for rows in whole_json().values()}


def test_queries_are_judged_on_articles_that_exist(truth: list[Row]) -> None:
    queries = lines("queries.jsonl")
    links = {row["link"] for row in truth}
    assert len(queries) == 32
    assert len({row["query"] for row in queries}) == 32
    for row in queries:
        assert set(row["relevant"]) <= links, row["query"]
        assert set(row["relevant"].values()) <= {1, 2, 3}, row["query"]
        assert 3 in row["relevant"].values(), row["query"]


def test_the_weeks_around_are_small_and_have_news_on_most_days(
    read: tuple[list[Entry], list[Rejection]],
) -> None:
    weeks = sorted((SAMPLE / "weeks").glob("*.rss.xml"))
    assert len(weeks) == 17
    assert sum(file.stat().st_size for file in weeks) < 100_000
    days = {entry.published.date() for entry in read[0] if entry.published}
    assert (max(days) - min(days)).days == 47
    assert len(days) >= 44
