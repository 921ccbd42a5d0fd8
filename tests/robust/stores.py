"""Damage of every kind to a store's file, and every command there is to meet it."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from models.accounts import Role
from models.alerts import Channel, NewAlert, Watched
from models.feed import Feed
from slugline.cli import slugline
from slugline.commands.demo import SAMPLE
from store.store import Store
from tests.conftest import Done, run_slugline

NAME = "store.sqlite"
PAGE = 4096
NOBODY = 65_534
"""The user that has no rights: root may read whatever it likes."""

Damage = Callable[[Path, random.Random], None]


def _header(store: Path, chance: random.Random) -> None:
    data = store.read_bytes()
    store.write_bytes(chance.randbytes(100) + data[100:])


def _noise(store: Path, chance: random.Random) -> None:
    """Fill one page in twenty with noise; the first ones say what the tables are, and stay."""
    data = bytearray(store.read_bytes())
    pages = range(20, len(data) // PAGE)
    for page in chance.sample(pages, max(1, len(pages) // 20)):
        data[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
    store.write_bytes(data)


def _zeros(store: Path, chance: random.Random) -> None:
    """Empty pages one after the other, as a file that was copied while a disk failed has."""
    data = bytearray(store.read_bytes())
    start = chance.randrange(1, len(data) // PAGE // 2) * PAGE
    length = len(data) // 8
    data[start : start + length] = bytes(length)
    store.write_bytes(data)


def _cut(store: Path, chance: random.Random) -> None:
    data = store.read_bytes()
    store.write_bytes(data[: chance.randrange(PAGE, len(data) * 3 // 4)])


def _lacks_tables(store: Path, chance: random.Random) -> None:
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [row[0] for row in connection.execute(query) if row[0] != "alembic_version"]
        for name in chance.sample([one for one in names if not one.startswith("sqlite_")], 8):
            connection.execute(f'DROP TABLE "{name}"')
        connection.commit()


def _loses_its_log(store: Path, _chance: random.Random) -> None:
    """Keep the file and lose the log beside it, in which the latest changes are."""
    copy = store.with_name("copy")
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE about SET value = value || ' '")
        connection.commit()
        shutil.copyfile(store, copy)
    copy.replace(store)
    for ending in ("-wal", "-shm"):
        store.with_name(NAME + ending).unlink(missing_ok=True)


def _has_a_strange_log(store: Path, chance: random.Random) -> None:
    for ending in ("-wal", "-shm"):
        store.with_name(NAME + ending).write_bytes(chance.randbytes(3 * PAGE))


def _of_another_program(store: Path, _chance: random.Random) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA application_id = 252006674")  # Fossil, by SQLite's own list
        connection.commit()


def _newer(store: Path, _chance: random.Random) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def _directory(store: Path, _chance: random.Random) -> None:
    store.unlink()
    store.mkdir()


def _not_allowed(store: Path, _chance: random.Random) -> None:
    store.chmod(0)
    store.parent.chmod(0o755)


def _not_a_database(store: Path, _chance: random.Random) -> None:
    store.write_text("Shopping list: bread, milk, six eggs.\n" * 300, encoding="utf-8")


def _empty(store: Path, _chance: random.Random) -> None:
    store.write_bytes(b"")


def _gone(store: Path, _chance: random.Random) -> None:
    store.unlink()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of damage; `whole` says whether no command can do without what is damaged."""

    damage: Damage
    whole: bool


KINDS = {
    "header": Kind(_header, whole=True),
    "noise": Kind(_noise, whole=False),
    "zeros": Kind(_zeros, whole=False),
    "cut": Kind(_cut, whole=False),
    "lacks tables": Kind(_lacks_tables, whole=False),
    "lost log": Kind(_loses_its_log, whole=False),
    "strange log": Kind(_has_a_strange_log, whole=False),
    "another program's": Kind(_of_another_program, whole=True),
    "newer": Kind(_newer, whole=True),
    "directory": Kind(_directory, whole=True),
    "not allowed": Kind(_not_allowed, whole=True),
    "not a database": Kind(_not_a_database, whole=True),
    "empty": Kind(_empty, whole=True),
    "gone": Kind(_gone, whole=True),
}


def all_commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield the words and the command of everything that the command line can do."""

    def below(
        group: click.Group, words: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from below(command, (*words, name))
            else:
                yield (*words, name), command

    yield from below(slugline, ())


OPTIONS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("serve",): ("--host", "192.0.2.1", "--access", "public"),  # an address of nobody's
    ("watch",): ("--once",),
    ("demo",): ("--no-serve",),
    ("compare",): ("ministers",),
    ("topics", "correct"): ("--add", "sport"),
    ("users", "token"): ("--for", "a test"),
    ("alerts", "add"): ("--source", "Harbour Post", "--mail", "ada@harbourpost.example"),
    ("articles", "remove"): ("--reason", "a test"),
    ("retention", "preview"): ("--articles", "20"),
    ("retention", "apply"): ("--articles", "20"),
    ("export",): ("--format", "jsonl"),
    ("rules", "add"): ("--action", "star"),
    ("stories", "find"): ("--yes",),
    ("feeds", "subscribe"): ("--from-archive",),
}
"""What a command is told beside its arguments, so that it does something and comes to an end."""
WRONG_USAGE = 2
NEEDLESS = frozenset({("restore",), ("topics", "evaluate"), ("topics", "list")})
"""Commands that may do without a store."""
FEED = "http://127.0.0.1:9/feed.xml"
"""The address of a feed that nobody serves."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What commands are told to work on: things that are in the store, files that can be read."""

    articles: tuple[str, ...]
    stories: tuple[str, ...]
    clusters: tuple[str, ...]
    entities: tuple[str, ...]
    out: Path

    @classmethod
    def of(cls, home: Path, out: Path) -> Subjects:
        """Find some of each in a home, and put what has a number there: user, list, rule, alert."""
        now = datetime.now(UTC)
        with Store.at(home / NAME) as store:
            store.users.add("ada", Role.EDITOR, "", who="a test", now=now)
            saved = store.saved.add("ada", "Fish", "q=fish", shared=True, who="a test", now=now)
            told = ("Fish", Watched.SEARCH, Channel.MAIL, "ada@harbourpost.example")
            store.alerts.add("ada", NewAlert(*told, saved=saved.number), who="a test", now=now)
            store.feeds.subscribe([Feed(FEED)])
            found = cls(
                tuple(sorted(store.articles.ids())[:2]),
                (),
                (),
                tuple(one.key for one in store.entities.top(limit=2)),
                out,
            )
        for words in (("lists", "add", "ada", "Fish"), ("rules", "add", "ada", "Fish", "fish")):
            made = run_slugline(*words, *OPTIONS.get(words[:2], ()), home=home)
            assert made.status == 0, made.err
        return replace(
            found,
            stories=_ids(run_slugline("stories", "list", "--json", home=home).json["stories"]),
            clusters=_ids(run_slugline("clusters", "list", "--json", home=home).json["clusters"]),
        )

    def arguments(self, words: tuple[str, ...], command: click.Command) -> list[str]:
        """Return what a command is told, by the names of its arguments."""
        first, other = {
            "stories": self.stories,
            "clusters": self.clusters,
            "entities": self.entities,
        }.get(words[0], ("Fish", "Other"))[:2] or ("1", "2")
        named = "ada" if words[0] == "users" else first
        known = {
            "sources": str(SAMPLE / "feeds" / "tideline.atom.xml"),
            "urls": FEED,
            "url": FEED,
            "query": "election",
            "queries": "election",
            "article_id": self.articles[0],
            "articles": self.articles[0],
            "story_id": first,
            "cluster_id": first,
            "into": other,
            "key": first,
            "slug": "sport",
            "user": "ada",
            "role": "editor",
            "kind": "place",
            "subject": self.articles[0],
            "new_name": "Another Name",
            "out": str(self.out / "out.jsonl"),
            "from_": str(self.out.parent / "home" / NAME),
            "to": str(self.out / "copy.sqlite"),
            "gold": str(self.out / "gold.jsonl"),
            "file": str(self.out / f"{words[0]}.file"),
            "name": named,
        }
        given = [
            known.get(each.name or "", "1")
            for each in command.params
            if isinstance(each, click.Argument)
        ]
        return [*words, *OPTIONS.get(words, ()), *given]

    def make_files(self) -> None:
        """Write the files that commands read; `out` is a directory that anybody may write to."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        self.out.chmod(0o777)
        row = {"title": "Ministers meet in Oslo", "summary": "They speak.", "topic": "diplomacy"}
        (self.out / "gold.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
        label = {"id": self.articles[0], "text": "x", "label": []}
        (self.out / "import-labels.file").write_text(json.dumps(label) + "\n", encoding="utf-8")


def _ids(rows: list[dict[str, object]]) -> tuple[str, ...]:
    return tuple(str(row["id"]) for row in rows[:2])


@contextmanager
def as_nobody(*, really: bool) -> Iterator[None]:
    """Be a user without rights for the length of a block, where `really` and where root can."""
    if not really or os.geteuid() != 0:
        yield
        return
    import smtplib  # noqa: F401 - nobody may not be allowed to read Python's own files later

    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def outcome(arguments: list[str], home: Path, *, nobody: bool = False) -> Done | str:
    """Run a command; return what it gave, or the error that it let out."""
    try:
        with as_nobody(really=nobody):
            return run_slugline(*arguments, home=home)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:300]


CURES = re.compile(
    r"restore|newer Slugline|another place|--home|read-only|not yours|another user|again",
    re.IGNORECASE,
)


def fault(words: tuple[str, ...], found: Done | str, home: Path, sound: Done | None = None) -> str:
    """Return what is wrong with how a command met a damaged store, "" where nothing is.

    `sound` is what it gives on a sound store, which is right too where the damage may be elsewhere;
    None where no command can do without what is damaged.
    """
    if isinstance(found, str):
        return f"ended in {found}"
    not_looked_at = found.status == WRONG_USAGE or words in NEEDLESS
    if not_looked_at or (sound is not None and found.status == sound.status):
        return ""
    told = found.err + found.out
    if found.status != 1:
        return f"exit {found.status}: {told[-200:]}"
    if str(home / NAME) not in told and f"{home}/watch.lock" not in told:
        return f"does not name the file: {told[-200:]}"
    if not CURES.search(told):
        return f"does not say what to do: {told[-200:]}"
    return ""
