"""`slugline users`, and what `slugline serve` makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from store.store import Store
from tests.conftest import Done, run_slugline
from web.accounts.passwords import verify_password


def with_input(text: str, *arguments: str | Path) -> Done:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SLUGLINE_")}
    program = Path(sys.executable).with_name("slugline")
    done = subprocess.run(
        [program, *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        env=clean,
        timeout=100,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    home = ("--home", tmp_path)
    added = with_input("four words are best\n", *home, "users", "add", "Ada", "--role", "admin")
    assert added.status == 0, added.err
    with Store.at(tmp_path / "store.sqlite") as store:
        assert verify_password(store.users.get("ada").password, "four words are best")
        (entry,) = store.journal.entries()
        assert entry.who.endswith("command line)") or entry.who == "command line"
    listed = run_slugline(*home, "users", "list", "--json")
    assert [(user["name"], user["role"]) for user in listed.json["users"]] == [("ada", "admin")]
    token = run_slugline(*home, "users", "token", "ada", "--for", "a test", "--json")
    assert token.json["token"].startswith("slg_")
    assert run_slugline(*home, "users", "remove", "ada").status == 0
    assert run_slugline(*home, "users", "list", "--json").json == {"users": []}


def test_an_impossible_request_is_refused_without_a_traceback(tmp_path: Path) -> None:
    home = ("--home", tmp_path)
    for text, name, words in (
        ("short\n", "ada", "10 to 500"),
        ("", "ada", "one line"),
        ("four words are best\n", "a b", "user's name"),
        ("aaaaaaaaaaaaa\n", "ada", "too easy"),
    ):
        done = with_input(text, *home, "users", "add", name)
        assert (done.status, words in done.err) == (2, True), done.err
    missing = run_slugline(*home, "users", "remove", "nobody")
    assert missing.status == 1
    assert "users list" in missing.err


def test_serve_refuses_to_show_all_to_others(tmp_path: Path) -> None:
    done = run_slugline("--home", tmp_path, "serve", "--host", "0.0.0.0")  # noqa: S104 - refused
    assert done.status == 2
    assert "users add" in done.err
    wrong = run_slugline("--home", tmp_path, "serve", SLUGLINE_WEB_RATE_LIMIT="often")
    assert wrong.status == 2
    assert "600 per minute" in wrong.err
