"""Doubtful entities at the command line: proposed, accepted or refused with one key."""

from __future__ import annotations

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
