"""The full texts of articles whose feeds bring only a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from models.article import Entry
from store.changes import note_changed
from store.database import Database, in_chunks
from store.schema import article_versions, articles


class FullTextRepository:
    """Texts of linked pages, kept in `articles.body` beside the summary.

    An article's content hash stays that of what its feed said: a text put here makes no new
    version of it, neither now nor when the feed says the same again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def wanting(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries whose pages are still to be read: news, with a link, without a text.

        What the store has in this or an earlier version is not new.
        """
        known: set[tuple[str, str]] = set()
        with self._database.reading() as connection:
            for chunk in in_chunks([entry.id for entry in entries]):
                here = articles.c.id.in_(chunk)
                now = sa.select(articles.c.id, articles.c.content_hash).where(here)
                earlier = (
                    sa.select(articles.c.id, article_versions.c.content_hash)
                    .join(articles, articles.c.number == article_versions.c.article)
                    .where(here)
                )
                for query in (now, earlier):
                    known |= {(found, content) for found, content in connection.execute(query)}
        wanted = {
            entry.id: entry
            for entry in entries
            if entry.url and not entry.body and (entry.id, entry.content_hash) not in known
        }
        return list(wanted.values())

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep texts by article id, in one transaction, where an article has none of its own."""
        if not texts:
            return
        with self._database.writing() as connection:
            connection.execute(
                sa.update(articles)
                .where(articles.c.id == sa.bindparam("of"), articles.c.body == "")
                .values(body=sa.bindparam("text")),
                [{"of": article_id, "text": text} for article_id, text in texts.items()],
            )
            note_changed(connection, list(texts))
