"""What a home holds, to be compared with what another one holds."""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from models.batches import batches
from search.engines.registry import open_engine
from store.store import Store

SQL = ("INSERT", "SELECT", "UPDATE ", "DELETE FROM", "sqlalche.me", "[parameters", "Traceback")
"""What no message for people contains."""


def articles(home: Path) -> dict[str, Any]:
    """Return all articles by id, with their versions and tags: each is there once, or not at all.

    Left out is what depends on the moment: when an article was fetched.
    """
    found: dict[str, Any] = {}
    with Store.at(home / "store.sqlite") as store:
        for ids in batches(sorted(store.articles.ids()), 500):
            versions = store.articles.versions_of(ids)
            mentions = defaultdict(tuple, store.tags.mentions(ids))
            for one in store.articles.tagged(ids):
                article = one.article
                assert article.id not in found
                found[article.id] = (
                    article.url,
                    article.title,
                    article.summary,
                    article.published,
                    article.source,
                    len(versions.get(article.id, ())),
                    sorted((topic.slug, round(topic.score, 4)) for topic in one.topics),
                    sorted(
                        (m.field, m.start, m.end, m.label) for m in mentions.get(article.id, ())
                    ),
                )
    return found


def indexed(home: Path, engine: str = "whoosh") -> set[str]:
    """Return the ids of all articles in an index, which is read whole."""
    with closing(open_engine(engine, home / "index")) as opened:
        opened.check()
        return set(opened.ids())


def problems(home: Path, engine: str = "whoosh") -> list[str]:
    """Return what is wrong between store, change queue and index once all work is done."""
    found = []
    with Store.at(home / "store.sqlite") as store:
        ids = set(store.articles.ids())
        found += store.faults()
        if due := store.tags.count_due():
            found.append(f"{due} articles are not tagged")
        if waiting := store.changes.count():
            found.append(f"{waiting} changes wait")
    if ids != indexed(home, engine):
        found.append("the index has other articles than the store")
    return found


def leftovers(folder: Path) -> list[str]:
    """Return the names of hidden files and of parts that a directory and those below it hold."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name.startswith((".slugline-", ".restore-")) or path.suffix in {".new", ".old"}
    )
