"""The repository of near-duplicates: groups with a leader and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import sqlalchemy as sa

from models.article import Copy
from models.duplicates import ComparedArticle, DuplicateGroup, Repetition
from models.errors import NotFoundError, UsageError
from store.changes import note_changed
from store.database import Database, in_chunks
from store.schema import MOMENT, about, articles, distinct_articles, duplicates

_COMPARED = "compared for duplicates up to"

# Made once: aliases take longer to make than their rows to be read.
_member, _leader = articles.alias("member"), articles.alias("leader")
_GROUP = (
    sa.select(_member.c.id, _leader.c.id, duplicates.c.reason, duplicates.c.score)
    .join(_member, _member.c.number == duplicates.c.article)
    .join(_leader, _leader.c.number == duplicates.c.leader)
    .where(duplicates.c.leader == sa.bindparam("leader"))
    .order_by(_member.c.published, _member.c.id)
)
_COPIES = (
    sa.select(_leader.c.id, *(articles.c[name] for name in ("id", "url", "source", "published")))
    .join(_leader, _leader.c.number == articles.c.leader)
    .where(_leader.c.id.in_(sa.bindparam("leaders", expanding=True)))
    .order_by(articles.c.published, articles.c.id)
)


class DuplicateRepository:
    """Groups of duplicates. Nothing is deleted: a member is an article like any other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self) -> tuple[tuple[date, ...], int]:
        """Return the days whose articles wait to be compared, and a cursor for `mark_compared`."""
        with self._database.reading() as connection:
            newest = connection.scalar(sa.select(sa.func.max(articles.c.number))) or 0
            after = sa.select(about.c.value).where(about.c.key == _COMPARED)
            last = int(connection.scalar(after) or 0)
            query = sa.select(MOMENT).where(articles.c.number > last)
            return tuple(sorted({moment.date() for moment in connection.scalars(query)})), newest

    def mark_compared(self, cursor: int) -> None:
        """Remember that all articles up to a cursor have been compared."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(about).where(about.c.key == _COMPARED))
            connection.execute(sa.insert(about).values(key=_COMPARED, value=str(cursor)))

    def compared(self, since: datetime, until: datetime) -> list[ComparedArticle]:
        """Return what is compared of the articles of a span of time."""
        query = (
            sa.select(
                articles.c.id,
                articles.c.url,
                articles.c.source,
                articles.c.title,
                articles.c.summary,
                MOMENT,
            )
            .where(since <= MOMENT, until > MOMENT)
            .order_by(MOMENT, articles.c.id)
        )
        with self._database.reading() as connection:
            return [ComparedArticle(*row) for row in connection.execute(query)]

    def put(self, found: Sequence[Repetition]) -> int:
        """Group articles; return how many were grouped that were not before.

        An article that has a leader keeps it, and a pair that a person parted stays apart.
        """
        ids = {one.article_id for one in found} | {one.earlier_id for one in found}
        with self._database.writing() as connection:
            numbers, leaders = _known(connection, sorted(ids))
            apart = _apart(connection, list(numbers.values()))
            grouped = []
            for one in found:
                if one.article_id not in numbers or one.earlier_id not in numbers:
                    continue
                article, earlier = numbers[one.article_id], numbers[one.earlier_id]
                leader = leaders.get(earlier, earlier)
                if article in leaders or leader == article or (article, leader) in apart:
                    continue
                _lead(connection, article, leader, one)
                leaders[article] = leader
                for follower, led_by in leaders.items():
                    if led_by == article:
                        leaders[follower] = leader
                grouped.append(one.article_id)
            note_changed(connection, list(dict.fromkeys(grouped)))
        return len(grouped)

    def group(self, article_id: str) -> DuplicateGroup | None:
        """Return the group that an article leads or belongs to, or None."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(articles.c.number, articles.c.leader).where(articles.c.id == article_id)
            ).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no article {article_id!r}.")
            led = connection.execute(_GROUP, {"leader": row.leader or row.number})
            members = tuple(Repetition(*found) for found in led)
        return DuplicateGroup(members[0].earlier_id, members) if members else None

    def copies(self, leader_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
        """Return what repeats each of some articles, earliest first; nothing for those alone."""
        found: dict[str, list[Copy]] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(leader_ids):
                for leader_id, *copy in connection.execute(_COPIES, {"leaders": chunk}):
                    found.setdefault(leader_id, []).append(Copy(*copy))
        return {leader_id: tuple(copies) for leader_id, copies in found.items()}

    def separate(self, article_id: str) -> None:
        """Take an article out of its group, by a person's word: it is never put back there."""
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(articles.c.number, articles.c.leader).where(articles.c.id == article_id)
            ).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no article {article_id!r}.")
            if row.leader is None:
                raise UsageError(f"Article {article_id} repeats no other, so there is no undoing.")
            connection.execute(
                sa.insert(distinct_articles).values(
                    article=row.number, other=row.leader, made=datetime.now(UTC)
                )
            )
            connection.execute(sa.delete(duplicates).where(duplicates.c.article == row.number))
            here = articles.c.number == row.number
            connection.execute(sa.update(articles).where(here).values(leader=None))
            note_changed(connection, [article_id])

    def rejoin(self, article_id: str, leader_id: str, reason: str, score: float) -> None:
        """Take back a `separate`: put an article under its leader again."""
        with self._database.writing() as connection:
            numbers, leaders = _known(connection, [article_id, leader_id])
            if len(numbers) < 2:
                raise NotFoundError("One of the two articles is gone.")
            article, first = numbers[article_id], numbers[leader_id]
            pair = (distinct_articles.c.article == article) & (distinct_articles.c.other == first)
            connection.execute(sa.delete(distinct_articles).where(pair))
            leader = leaders.get(first, first)
            if article in leaders or leader == article:
                raise UsageError(f"Article {article_id} is grouped with others by now.")
            _lead(connection, article, leader, Repetition(article_id, leader_id, reason, score))
            note_changed(connection, [article_id])

    def count(self) -> int:
        """Return how many articles repeat another."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(duplicates)) or 0

    def groups(self, limit: int) -> tuple[DuplicateGroup, ...]:
        """Return the largest groups."""
        number = sa.func.count().label("n")
        query = (
            sa.select(articles.c.id)
            .join(duplicates, duplicates.c.leader == articles.c.number)
            .group_by(articles.c.number)
            .order_by(number.desc(), articles.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            leaders = list(connection.scalars(query))
        return tuple(found for leader in leaders if (found := self.group(leader)))


def forget_compared_after(connection: sa.Connection) -> None:
    """Let the next article be compared though it has the number of one that was removed."""
    newest = connection.scalar(sa.select(sa.func.max(articles.c.number))) or 0
    here = about.c.key == _COMPARED
    last = connection.scalar(sa.select(about.c.value).where(here))
    if last is not None and int(last) > newest:
        connection.execute(sa.update(about).where(here).values(value=str(newest)))


def _known(connection: sa.Connection, ids: Sequence[str]) -> tuple[dict[str, int], dict[int, int]]:
    numbers: dict[str, int] = {}
    leaders: dict[int, int] = {}
    for chunk in in_chunks(ids):
        query = sa.select(articles.c.id, articles.c.number, articles.c.leader).where(
            articles.c.id.in_(chunk)
        )
        for article_id, number, leader in connection.execute(query):
            numbers[article_id] = number
            if leader is not None:
                leaders[number] = leader
    return numbers, leaders


def _apart(connection: sa.Connection, numbers: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs that a person parted, both ways round."""
    pairs: set[tuple[int, int]] = set()
    for chunk in in_chunks(list(numbers)):
        query = sa.select(distinct_articles.c.article, distinct_articles.c.other).where(
            distinct_articles.c.article.in_(chunk) | distinct_articles.c.other.in_(chunk)
        )
        for one, other in connection.execute(query):
            pairs |= {(one, other), (other, one)}
    return pairs


def _lead(connection: sa.Connection, article: int, leader: int, one: Repetition) -> None:
    """Put an article, and those that it led, under a leader."""
    for table, column in ((duplicates, duplicates.c.leader), (articles, articles.c.leader)):
        connection.execute(sa.update(table).where(column == article).values(leader=leader))
    connection.execute(
        sa.insert(duplicates).values(
            article=article,
            leader=leader,
            reason=one.reason,
            score=one.score,
            made=datetime.now(UTC),
        )
    )
    here = articles.c.number == article
    connection.execute(sa.update(articles).where(here).values(leader=leader))
