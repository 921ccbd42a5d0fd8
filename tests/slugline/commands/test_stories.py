"""Stories at the command line: found by `run`, put right by a person, told on one page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from tests.conftest import run_slugline


def listed(home: Path) -> list[dict[str, object]]:
    done = run_slugline("stories", "list", "--limit", "1000", "--json", home=home)
    assert done.status == 0, done.err
    assert done.json["total"] == len(done.json["stories"])
    return list(done.json["stories"])


def test_stories_have_the_keys_of_the_contract(demo_home: Path) -> None:
    stories = listed(demo_home)
    assert len(stories) > 5
    for story in stories:
        assert {"id", "name", "articles", "sources", "first", "last"} <= set(story)
        assert int(str(story["articles"])) >= 2


def test_search_and_export_know_the_story_of_an_article(demo_home: Path, tmp_path: Path) -> None:
    story = listed(demo_home)[0]
    wanted = ["search", "--story", str(story["id"]), "--limit", "1000", "--json"]
    ids = {hit["id"] for hit in run_slugline(*wanted, home=demo_home).json["hits"]}
    assert len(ids) == story["articles"]
    typed = run_slugline("search", f"story:{story['id']}", "--json", home=demo_home).json
    assert typed["total"] == len(ids)
    out = tmp_path / "all.jsonl"
    assert run_slugline("export", out, home=demo_home).status == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    told = {"id": story["id"], "name": story["name"]}
    assert {row["id"] for row in rows if row["story"] == told} == ids
    assert any(row["story"] is None for row in rows)


def test_folding_by_story_shows_each_story_once_and_counts_the_rest(demo_home: Path) -> None:
    found = run_slugline(
        "search", "--fold", "story", "--limit", "1000", "--json", home=demo_home
    ).json
    assert found["folded"] > 0
    assert len(found["hits"]) == found["total"] - found["folded"]


def test_what_a_person_did_is_undone_and_outlives_a_new_run(own_home: Path) -> None:
    first, second, *_ = (str(story["id"]) for story in listed(own_home))
    merged = run_slugline("stories", "merge", second, first, "--json", home=own_home)
    assert merged.status == 0, merged.err
    assert run_slugline("stories", "rename", first, "Two in one", home=own_home).status == 0
    again = run_slugline("stories", "find", "--all", "--yes", home=own_home)
    assert again.status == 0, again.err
    shown = run_slugline("stories", "show", second, "--json", home=own_home).json
    assert (shown["id"], shown["name"]) == (first, "Two in one")
    total = len(listed(own_home))
    for edit in shown["edits"]:
        done = run_slugline("stories", "undo", str(edit["number"]), home=own_home)
        assert done.status == 0, done.err
    assert len(listed(own_home)) == total + 1
    assert run_slugline("stories", "show", second, "--json", home=own_home).json["id"] == second


def test_each_change_says_the_number_that_takes_it_back(own_home: Path) -> None:
    first, second, *_ = (str(story["id"]) for story in listed(own_home))
    total = len(listed(own_home))
    member = run_slugline("stories", "show", first, "--json", home=own_home).json["members"][-1]
    for command in (("split", first, member["id"]), ("pin", first), ("merge", second, first)):
        said = run_slugline("stories", *command, home=own_home).out
        number = re.search(r"`slugline stories undo (\d+)` takes it back", said)
        assert number, said
        assert run_slugline("stories", "undo", number[1], home=own_home).status == 0
    assert len(listed(own_home)) == total


def test_an_article_taken_out_stays_out(own_home: Path) -> None:
    story = str(listed(own_home)[0]["id"])
    shown = run_slugline("stories", "show", story, "--json", home=own_home).json
    out = shown["members"][-1]["id"]
    assert run_slugline("stories", "split", story, out, home=own_home).status == 0
    run_slugline("tag", "--all", home=own_home)
    members = run_slugline("stories", "show", story, "--json", home=own_home).json["members"]
    assert out not in {each["id"] for each in members}


def members_of(story: str, home: Path) -> list[str]:
    shown = run_slugline("stories", "show", story, "--json", home=home).json
    return [each["id"] for each in shown["members"]]


def test_an_added_article_leaves_its_story_stays_and_goes_back_when_undone(own_home: Path) -> None:
    first, second, *_ = (str(story["id"]) for story in listed(own_home))
    before = {story: members_of(story, own_home) for story in (first, second)}
    moved = before[second][0]
    added = run_slugline("stories", "add", first, moved, "--json", home=own_home)
    assert added.status == 0, added.err
    assert added.json["articles"] == len(before[first]) + 1
    assert run_slugline("stories", "find", "--all", "--yes", home=own_home).status == 0
    assert moved in members_of(first, own_home)
    (edit,) = run_slugline("stories", "show", first, "--json", home=own_home).json["edits"]
    assert (edit["kind"], edit["articles"]) == ("add", [moved])
    undone = run_slugline("stories", "undo", str(edit["number"]), "--json", home=own_home)
    assert undone.status == 0, undone.err
    assert moved not in members_of(first, own_home)
    changes = run_slugline("changes", "list", "--json", home=own_home).json["changes"]
    assert [change["kind"] for change in changes] == ["story"]
    assert changes[0]["undone"]


def test_what_people_did_is_learned_from_until_it_is_undone(own_home: Path) -> None:
    nothing = run_slugline("stories", "fit", home=own_home)
    assert nothing.status == 2
    assert "nothing to learn from" in nothing.err
    stories = [str(story["id"]) for story in listed(own_home)]
    for story in stories[4:8]:
        moved = members_of(story, own_home)[-1]
        assert run_slugline("stories", "split", story, moved, home=own_home).status == 0
    fitted = run_slugline("stories", "fit", "--json", home=own_home)
    assert fitted.status == 0, fitted.err
    assert fitted.json["changes"] == 4
    assert fitted.json["right_after"] > fitted.json["right_before"]
    assert run_slugline("stories", "fit", "--forget", home=own_home).status == 0


def test_an_earlier_change_waits_for_a_later_one_of_the_same_articles(own_home: Path) -> None:
    first, second, *_ = (str(story["id"]) for story in listed(own_home))
    article = members_of(second, own_home)[0]
    run_slugline("stories", "add", first, article, home=own_home)
    run_slugline("stories", "split", first, article, home=own_home)
    later, earlier = (
        edit["number"]
        for edit in run_slugline("stories", "show", first, "--json", home=own_home).json["edits"]
    )
    refused = run_slugline("stories", "undo", str(earlier), home=own_home)
    assert refused.status != 0
    assert f"Change {later}" in refused.err
    for number in (later, earlier):
        assert run_slugline("stories", "undo", str(number), home=own_home).status == 0
    assert article in members_of(second, own_home)


@pytest.mark.parametrize("command", [["show"], ["rename"], ["merge"], ["split"], ["add"], ["undo"]])
def test_a_story_that_is_not_there_is_named(demo_home: Path, command: list[str]) -> None:
    more = {"rename": ["x"], "merge": ["y"], "split": ["z"], "add": ["z"]}.get(command[0], [])
    name = "999999" if command == ["undo"] else "nosuch"
    done = run_slugline("stories", *command, name, *more, home=demo_home)
    assert done.status == 1
    assert name in done.err
    assert "Traceback" not in done.err


def test_a_briefing_is_markdown_a_page_or_a_feed(demo_home: Path, tmp_path: Path) -> None:
    text = run_slugline("briefing", home=demo_home).out
    assert text.startswith("# The news, ")
    assert "## 1. " in text
    page = tmp_path / "briefing.html"
    done = run_slugline("briefing", "--format", "html", "--out", page, home=demo_home)
    assert done.status == 0, done.err
    assert page.read_text(encoding="utf-8").count("<section>") == text.count("\n## ")
    feed = run_slugline("briefing", "--format", "atom", home=demo_home).out
    ElementTree.fromstring(feed)  # noqa: S314 - our own
    assert len(feedparser.parse(feed).entries) == text.count("\n## ")


def test_a_briefing_of_a_day_without_stories_says_so(demo_home: Path) -> None:
    assert (
        "No stories on this day."
        in run_slugline("briefing", "--day", "2001-01-01", home=demo_home).out
    )
