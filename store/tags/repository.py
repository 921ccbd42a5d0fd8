"""The repository of tags: which articles are due, and writing their tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.article import Article
from models.errors import NotFoundError
from models.tags import OTHER, Due, EntityName, LanguageShare, Mention, Origin, Provenance, Tags
from store import leases
from store.changes import note_changed
from store.clusters import leading_ids
from store.database import Database, in_chunks
from store.dialects.postgresql import insert_rows
from store.entities.entity_tables import entities
from store.entities.numbers import EntityNumbers
from store.schema import articles
from store.tags.rows import (
    MARK_TAGGED,
    clear,
    clear_mentions,
    count,
    due_of,
    entity_rows,
    mention_rows,
    names_in,
    numbers_of_versions,
    reviewed,
    tagged_row,
)
from store.tags.tag_tables import (
    article_entities,
    article_topics,
    mentions,
    reviewed_mentions,
    topic_corrections,
)
from store.tags.topics import apply_corrections, corrected, corrections_of


class TagRepository:
    """Tags by article; a person's corrections outlive every re-tagging."""

    def __init__(self, database: Database, numbers: EntityNumbers) -> None:
        self._database = database
        self._numbers = numbers

    def make_due(self, stamp: str | None) -> int:
        """Mark what other models than `stamp` tagged as due (all that is tagged, where None).

        Returns how many articles are due now. The old tags stay until the new ones replace them.
        """
        tagged = articles.c.tagged
        other = tagged.is_not(None) if stamp is None else tagged != stamp
        with self._database.writing() as connection:
            connection.execute(sa.update(articles).where(other).values(tagged=None))
            due = sa.select(sa.func.count()).select_from(articles).where(tagged.is_(None))
            return connection.scalar(due) or 0

    def claim(self, limit: int, holder: str, lasts: timedelta) -> tuple[Due, ...]:
        """Take articles to tag, in the order of arrival, that nobody else is at.

        They are `holder`'s until `put` takes their tags, the lease lapses, or it is given back.
        """
        query = (
            sa.select(articles.c.number)
            .where(articles.c.tagged.is_(None), leases.free(leases.TAGGING, articles.c.number))
            .order_by(articles.c.number)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing(alone=False) as connection:
            waiting = connection.scalars(query).all()
            mine = leases.take(connection, leases.TAGGING, waiting, holder, lasts)
            return tuple(due_of(connection, articles.c.number, mine))

    def due(self, ids: Sequence[str]) -> tuple[Due, ...]:
        """Return those of these articles that wait to be tagged, for one who claimed them."""
        with self._database.reading() as connection:
            return tuple(due_of(connection, articles.c.id, ids))

    def count_due(self) -> int:
        """Return how many articles wait to be tagged."""
        query = sa.select(sa.func.count()).select_from(articles).where(articles.c.tagged.is_(None))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def note(self, article_id: str) -> str | None:
        """Return what tagging could not do for an article, None where the article still waits."""
        query = sa.select(articles.c.tagged, articles.c.tag_note).where(articles.c.id == article_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None or row.tagged is None else str(row.tag_note)

    def put(self, tagged: Sequence[Tags]) -> int:
        """Write the tags of a batch in one transaction; return how many articles took them.

        Tags of a version that has changed meanwhile are dropped: the article is still due.
        """
        with self._database.writing() as connection:
            numbers = numbers_of_versions(connection, tagged)
            gone_over = reviewed(connection, numbers)
            if gone_over:
                kept = self.mentions(sorted(gone_over))
                tagged = [
                    replace(tags, mentions=kept.get(tags.article_id, ()))
                    if tags.article_id in gone_over
                    else tags
                    for tags in tagged
                ]
            taken = [tags for tags in tagged if tags.article_id in numbers]
            known = self._numbers.of(connection, names_in(taken))
            corrections = corrections_of(connection, list(numbers.values()))
            clear(connection, list(numbers.values()))
            rows: dict[sa.Table, list[dict[str, Any]]] = {
                mentions: [],
                article_entities: [],
                article_topics: [],
            }
            for tags in taken:
                number = numbers[tags.article_id]
                rows[mentions] += mention_rows(number, tags.mentions, known)
                rows[article_entities] += entity_rows(number, tags.mentions, known)
                rows[article_topics] += [
                    {"article": number, "topic": t.slug, "score": t.score, "origin": t.origin}
                    for t in corrected(tags.topics, corrections.get(number, {}))
                ]
            for table, values in rows.items():
                insert_rows(connection, table, values)
            gained = Counter(row["entity"] for row in rows[article_entities])
            count(connection, [{"of": entity, "n": n} for entity, n in gained.items()])
            if taken:
                leading = leading_ids(connection)
                connection.execute(
                    MARK_TAGGED, [tagged_row(numbers, tags, leading) for tags in taken]
                )
            note_changed(connection, [tags.article_id for tags in taken])
            leases.end(connection, leases.TAGGING, list(numbers.values()))
        return len(taken)

    def mentions(self, ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        """Return the mentions of articles, in the order of the text."""
        found: dict[str, list[Mention]] = {article_id: [] for article_id in ids}
        texts = sa.case(
            (mentions.c.field == "title", articles.c.title),
            (mentions.c.field == "summary", articles.c.summary),
            else_=articles.c.body,
        )
        length = mentions.c.end - mentions.c.start
        with self._database.reading() as connection:
            for chunk in in_chunks(ids):
                query = (
                    sa.select(
                        articles.c.id,
                        mentions.c.field,
                        mentions.c.start,
                        mentions.c.end,
                        sa.func.substr(texts, mentions.c.start + 1, length).label("text"),
                        mentions.c.label,
                        mentions.c.origin,
                        entities.c.key,
                        entities.c.name,
                        entities.c.type,
                        entities.c.country,
                        entities.c.hidden,
                    )
                    .join(articles, articles.c.number == mentions.c.article)
                    .join(entities, entities.c.number == mentions.c.entity, isouter=True)
                    .where(articles.c.id.in_(chunk))
                    .order_by(articles.c.number, mentions.c.field.desc(), mentions.c.start)
                )
                for row in connection.execute(query):
                    entity = (
                        EntityName(row.key, row.name, row.type, row.country)
                        if row.key and not row.hidden
                        else None
                    )
                    found[row.id].append(
                        Mention(*row[1:6], entity=entity, origin=Origin(row.origin))
                    )
        return {article_id: tuple(found[article_id]) for article_id in found}

    def correct(self, article: Article, topic: str, *, fits: bool) -> None:
        """Keep a person's word that a topic fits an article or does not, and act on it at once."""
        with self._database.writing() as connection:
            number = connection.scalar(
                sa.select(articles.c.number).where(articles.c.id == article.id)
            )
            if number is None:
                raise NotFoundError(f"There is no article {article.id!r}.")
            one = (topic_corrections.c.article == number) & (topic_corrections.c.topic == topic)
            connection.execute(sa.delete(topic_corrections).where(one))
            connection.execute(
                sa.insert(topic_corrections).values(
                    article=number, topic=topic, fits=fits, made=datetime.now(UTC)
                )
            )
            apply_corrections(connection, number)
            note_changed(connection, [article.id])

    def apply_corrections(self, ids: Sequence[str]) -> None:
        """Put people's words over the topics of these articles, as after corrections came in."""
        with self._database.writing() as connection:
            for chunk in in_chunks(ids):
                query = sa.select(articles.c.number).where(articles.c.id.in_(chunk))
                for number in connection.scalars(query).all():
                    apply_corrections(connection, number)

    def correct_mentions(self, article_id: str, said: Sequence[Mention]) -> None:
        """Keep a person's mentions of an article in the place of all others, and act on it at once.

        They hold until the article's text changes. Raises NotFoundError.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(articles.c.number).where(articles.c.id == article_id)
            ).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no article {article_id!r}.")
            self._replace_mentions(connection, row.number, said)
            here = reviewed_mentions.c.article == row.number
            connection.execute(sa.delete(reviewed_mentions).where(here))
            connection.execute(
                sa.insert(reviewed_mentions).values(article=row.number, made=datetime.now(UTC))
            )
            note_changed(connection, [article_id])

    def _replace_mentions(
        self, connection: sa.Connection, number: int, said: Sequence[Mention]
    ) -> None:
        names: dict[EntityName, set[str]] = {}
        for mention in said:
            if mention.entity:
                names.setdefault(mention.entity, set()).add(mention.text)
        known = self._numbers.of(connection, names)
        clear_mentions(connection, [number])
        if said:
            connection.execute(sa.insert(mentions), mention_rows(number, said, known))
        named = entity_rows(number, said, known)
        if named:
            connection.execute(sa.insert(article_entities), named)
            count(connection, [{"of": row["entity"], "n": 1} for row in named])

    def provenance(self, ids: Sequence[str]) -> dict[str, Provenance]:
        """Return where the tags of articles come from: models, and people's corrections."""
        found: dict[str, Provenance] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(ids):
                query = (
                    sa.select(
                        articles.c.number,
                        articles.c.id,
                        articles.c.tagged,
                        articles.c.guid,
                        reviewed_mentions.c.made,
                    )
                    .join(
                        reviewed_mentions,
                        reviewed_mentions.c.article == articles.c.number,
                        isouter=True,
                    )
                    .where(articles.c.id.in_(chunk))
                )
                rows = connection.execute(query).all()
                said = corrections_of(connection, [row.number for row in rows])
                for number, article_id, stamp, guid, made in rows:
                    topics = tuple(sorted(said.get(number, {}).items()))
                    found[article_id] = Provenance(stamp or "", topics, made is not None, guid)
        return found

    def taught(self) -> list[tuple[str, str, str]]:
        """Return title, summary and topic for each topic that a person says fits an article."""
        query = (
            sa.select(articles.c.title, articles.c.summary, topic_corrections.c.topic)
            .join(articles, articles.c.number == topic_corrections.c.article)
            .where(topic_corrections.c.fits)
            .order_by(articles.c.number, topic_corrections.c.topic)
        )
        with self._database.reading() as connection:
            return [(title, summary, topic) for title, summary, topic in connection.execute(query)]

    def count_mentions(self) -> int:
        """Return how many mentions there are."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(mentions)) or 0

    def topics(self) -> dict[str, int]:
        """Return the number of articles of each topic that any article has."""
        query = sa.select(article_topics.c.topic, sa.func.count()).group_by(article_topics.c.topic)
        with self._database.reading() as connection:
            return dict(connection.execute(query.order_by("topic")).all())

    def languages(self) -> tuple[LanguageShare, ...]:
        """Return what share of the tagged articles has topics, by language, the largest first."""
        topic = sa.exists().where(
            article_topics.c.article == articles.c.number, article_topics.c.topic != OTHER
        )
        count = sa.func.count().label("articles")
        query = (
            sa.select(articles.c.language, count, sa.func.sum(sa.case((topic, 1), else_=0)))
            .where(articles.c.tagged.is_not(None))
            .group_by(articles.c.language)
            .order_by(count.desc(), articles.c.language)
        )
        with self._database.reading() as connection:
            return tuple(LanguageShare(*row) for row in connection.execute(query))
