"""A small invented library for the tests of the pages: a real store and a real index."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from ingest.pasted_address import read_address
from models.article import Entry
from models.duplicates import Repetition
from models.feed import Feed
from models.tags import EntityName, Mention, Tags, TopicScore
from nlp.topics.model import Why
from nlp.topics.taxonomy import Topic
from search.engines.registry import open_engine
from search.searcher import Searcher
from search.sync import drain
from slugline.feeds.service import GuardedFeeds
from slugline.setting_sections import FetchSettings
from slugline.settings import Settings
from store.store import Store
from web.accounts.access import reader_of_lists
from web.app import create_app
from web.context import Library, WebSettings

NOW = datetime(2025, 6, 30, tzinfo=UTC)

KASK = EntityName("person/radomir-kask", "Radomir Kask", "person")
ORLOVA = EntityName("person/mira-orlova", "Mira Orlova", "person")
CALDER = EntityName("org/calder-motors", "Calder Motors", "org")
OSTVAR = EntityName("place/ostvar", "Ostvar", "place")
FRANCE = EntityName("place/france", "France", "place", country="FR")
ESTRAVIANS = EntityName("group/estravian", "Estravian", "group")
NAMES = (KASK, ORLOVA, CALDER, OSTVAR, FRANCE, ESTRAVIANS)

TOPICS = {
    "politics": Topic("politics", "Politics", "Who governs.", terms=("election", "prime minister")),
    "economy": Topic("economy", "Economy", "Who pays.", terms=("market",)),
    "sport": Topic("sport", "Sport", "Who wins.", terms=("match",)),
}


@dataclass(frozen=True)
class Site:
    """An invented library, and a client that asks for its pages."""

    library: Library
    client: FlaskClient

    @property
    def store(self) -> Store:
        return self.library.store

    def text(self, address: str, status: int = 200) -> str:
        """Return a page's HTML."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text


def entry(
    slug: str,
    title: str,
    summary: str = "",
    *,
    day: int = 1,
    hour: int = 12,
    source: str = "Harbour Post",
    language: str = "en",
    url: str = "",
) -> Entry:
    address = f"https://{source.lower().replace(' ', '')}.example/world/{slug}"
    return Entry(
        url=url or address,
        canonical_url=address,
        title=title,
        summary=summary,
        published=datetime(2025, 6, day, hour, tzinfo=UTC),
        feed=f"https://{source.lower().replace(' ', '')}.example/rss",
        source=source,
        section="world",
        language=language,
    )


def put(store: Store, *entries: Entry, now: datetime = NOW) -> None:
    for each in entries:
        store.articles.put([each], Feed(each.feed, title=each.source), now)


def mentions_of(field: str, text: str) -> Iterator[Mention]:
    """Find the names of this site in a text, and the year 2025."""
    for name in NAMES:
        at = text.find(name.name)
        if at >= 0:
            end = at + len(name.name)
            yield Mention(field, at, end, name.name, name.type.upper(), name)
    at = text.find("2025")
    if at >= 0:
        yield Mention(field, at, at + 4, "2025", "DATE")


def tag(
    store: Store, each: Entry, *topics: tuple[str, float], more: Sequence[Mention] = ()
) -> None:
    article = store.articles.get(each.id)
    found = (*mentions_of("title", each.title), *mentions_of("summary", each.summary), *more)
    scores = tuple(TopicScore(slug, score) for slug, score in topics)
    language = each.language
    store.tags.put([Tags(each.id, article.version, language, found, scores, "test-1")])


TALKS = entry(
    "talks",
    "Radomir Kask opens talks in Ostvar",
    "The Estravian president, Radomir Kask, said in 2025 that the dam would be shared.",
    day=5,
)
RECALL = entry(
    "recall",
    "Calder Motors recalls vans in France",
    "The dam of silence broke: Calder Motors will mend 14,000 vans.",
    day=6,
    source="Meridian Wire",
)
BARRAGE = entry(
    "barrage",
    "Le barrage d'Ostvar sera partagé",
    "Radomir Kask et Mira Orlova se sont mis d'accord.",
    day=7,
    source="Radio Garonne",
    language="fr",
)
ARABIC = entry(
    "arabic", "محادثات في أوستفار", "بدأت المحادثات", day=7, source="Radio Garonne", language="ar"
)
HOSTILE_TITLE = "</title><script>alert('1')</script><b>bold</b> \"quoted\" & \u202eevil\u202c dam"
HOSTILE = entry(
    "hostile",
    HOSTILE_TITLE,
    "<img src=x onerror=alert(2)> {{ 7 * 7 }} {% raw %} ' \" dam",
    day=8,
    source='<i>Sly</i> & Sons / "Post"',
    url="javascript:alert(3)",
)
MATCHES = tuple(
    entry(
        f"match-{number}",
        f"Match {number}: the Rovers hold their line",
        f"A goal in minute {number} decided the match that Mira Orlova watched.",
        day=1 + number % 20,
        hour=number % 24,
        source="Touchline",
    )
    for number in range(1, 41)
)
TWIN = entry("twin", "Radomir Kask opens talks", "The dam.", day=5, hour=13, source="Echo Daily")


def fill(store: Store) -> None:
    put(store, TALKS, RECALL, BARRAGE, ARABIC, HOSTILE, TWIN, *MATCHES)
    tag(store, TALKS, ("politics", 0.91), ("economy", 0.42))
    tag(store, RECALL, ("economy", 0.88))
    tag(store, BARRAGE, ("politics", 0.77))
    tag(store, ARABIC, ("politics", 0.5))
    tag(store, HOSTILE, ("politics", 0.3))
    tag(store, TWIN, ("politics", 0.8))
    for match in MATCHES:
        tag(store, match, ("sport", 0.95))
    changed = entry("talks", "Radomir Kask ends talks in Ostvar", TALKS.summary, day=5)
    put(store, changed, now=NOW + timedelta(hours=1))
    tag(store, changed, ("politics", 0.91), ("economy", 0.42))
    store.tags.correct(store.articles.get(RECALL.id), "sport", fits=True)
    reason = "94 % of the shorter text stands in the longer"
    store.duplicates.put([Repetition(TWIN.id, TALKS.id, reason, 0.94)])


class Words:
    """Explains politics by a word of the title or summary, and economy by none."""

    languages = ("en",)

    def why(self, title: str, summary: str, language: str, most: int = 8) -> tuple[Why, ...]:
        if language not in self.languages:
            return ()
        spoke = tuple((word, 1.0) for word in ("president",) if word in summary)
        against = tuple((word, 0.5) for word in ("dam",) if word in summary)
        return (
            Why("politics", 0.91, spoke[:most], against[:most]),
            Why("economy", 0.42, (), ()),
            Why("sport", 0.01, (), ()),
        )


@lru_cache(maxsize=1)
def filled() -> Path:
    """Return a directory with the library's store and index, made once for all tests."""
    directory = Path(tempfile.mkdtemp(prefix="slugline-site-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    with Store.at(directory / "store.sqlite") as store:
        fill(store)
        engine = open_engine("whoosh", directory / "index")
        drain(store.changes, store.articles, engine)
        engine.close()
    return directory


class CompiledTemplates(BytecodeCache):
    """What an earlier application of this process has compiled, by language of the templates."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[self._key(bucket)] = bucket.code

    @staticmethod
    def _key(bucket: Bucket) -> tuple[str, str, str]:
        environment: Any = bucket.environment
        return environment.language, bucket.key, bucket.checksum


_COMPILED = CompiledTemplates()
_PARSED: dict[tuple[str, str | None, str], dict[str, Any]] = {}


class ParsedRule(Rule):
    """A rule of addresses that an earlier application of this process has parsed and compiled."""

    _RESULTS = ("_parts", "_trace", "_converters", "arguments")

    def compile(self) -> None:
        """Take over what parsing the same rule gave; its converters are the same for each map."""
        key = (self.rule, self.subdomain, repr(self.defaults))
        if key not in _PARSED:
            super().compile()
            _PARSED[key] = {name: getattr(self, name) for name in self._RESULTS}
            _PARSED[key] |= {
                name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")
            }
            return
        known = _PARSED[key]
        for name in self._RESULTS:
            setattr(self, name, known[name])
        self._build = known["_build"].__get__(self, None)
        self._build_unknown = known["_build_unknown"].__get__(self, None)


def make_app(library: Library, settings: WebSettings | None = None) -> Flask:
    """Make the application; what makes up most of that is done once for all tests."""
    with patch.object(Flask, "url_rule_class", ParsedRule):
        app = create_app(library, settings)
    app.jinja_env.bytecode_cache = _COMPILED
    return app


@contextmanager
def open_site(
    directory: Path,
    settings: WebSettings | None = None,
    *,
    empty: bool = False,
    fetch: FetchSettings | None = None,
) -> Iterator[Site]:
    """Make the library in a directory, or an empty one; `fetch` says how it asks for feeds."""
    if not empty:
        shutil.copytree(filled(), directory, dirs_exist_ok=True)
    with Store.at(directory / "store.sqlite") as store:
        engine = open_engine("whoosh", directory / "index")
        try:
            drain(store.changes, store.articles, engine)
            library = Library(
                *(
                    store,
                    Searcher(
                        engine,
                        store,
                        lambda: NOW,
                        mutes=store.rules.any_muted,
                        address=read_address,
                        reader=reader_of_lists,
                    ),
                    engine,
                    TOPICS,
                    Words(),
                ),
                feeds=GuardedFeeds(Settings(directory, fetch=fetch or FetchSettings()), store),
            )
            yield Site(library, make_app(library, settings).test_client())
        finally:
            engine.close()
