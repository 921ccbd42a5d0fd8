"""Doubtful entities at the command line: proposed, accepted or refused with one key."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from slugline.cli import slugline
from tests.conftest import run_slugline


def test_a_refused_proposal_is_not_made_again(own_home: Path) -> None:
    done = run_slugline("entities", "doubtful", "--json", home=own_home)
    assert done.status == 0, done.err
    first = done.json["doubtful"][0]
    assert {"key", "into", "reason", "articles"} <= set(first)
    pair = first["key"], first["into"]
    again = run_slugline("entities", "doubtful", "--refuse", *pair, "--json", home=own_home)
    assert again.json["total"] == done.json["total"] - 1
    assert pair not in [(d["key"], d["into"]) for d in again.json["doubtful"]]
    wrong = run_slugline(
        "entities", "doubtful", "--refuse", "person/nobody", pair[1], home=own_home
    )
    assert wrong.status == 1
    assert "person/nobody" in wrong.err


def test_proposals_are_decided_with_one_key_each(own_home: Path) -> None:
    listed = run_slugline("entities", "doubtful", "--json", home=own_home).json
    answers = "yq" if listed["total"] > 1 else "y"
    asked = CliRunner().invoke(
        slugline, ["--home", str(own_home), "entities", "doubtful", "--ask"], input=answers
    )
    assert asked.exit_code == 0, asked.output
    assert "1 merged, 0 refused." in asked.output
    first = listed["doubtful"][0]
    merged = run_slugline("entities", "show", first["key"], "--json", home=own_home).json
    assert merged["key"] == first["into"]


def test_related_entities_are_shown_and_not_merged(tmp_path: Path) -> None:
    text = "The Democratic Party won the seat. Democrats in Ohio cheered, Republicans did not."
    items = [
        {
            "id": str(number),
            "url": f"https://news.example/{number}",
            "title": f"Democrats win seat number {number} in Ohio",
            "content_text": text,
            "language": "en",
        }
        for number in range(2)
    ]
    feed = tmp_path / "feed.json"
    feed.write_text(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": items}),
        encoding="utf-8",
    )
    home = tmp_path / "home"
    for command in (["ingest", str(feed)], ["tag"]):
        done = run_slugline(*command, home=home)
        assert done.status == 0, done.err
    shown = run_slugline("entities", "show", "org/democratic-party", "--json", home=home)
    assert shown.status == 0, shown.err
    related = shown.json["related"]
    assert [(each["key"], each["type"]) for each in related] == [("group/democrat", "group")]
    assert related[0]["articles"] == 2
    back = run_slugline("entities", "show", "group/democrat", home=home)
    assert "related: Democratic Party (org/democratic-party)" in back.out
    hidden = run_slugline("entities", "hide", "group/democrat", home=home)
    assert hidden.status == 0, hidden.err
    again = run_slugline("entities", "show", "org/democratic-party", "--json", home=home)
    assert again.json["related"] == []
