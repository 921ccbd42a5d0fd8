"""The repository of clusters: from a fit, and renamed, merged or hidden by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.clusters import Cluster, ClusteredArticle, ClusterState, FoundCluster
from models.errors import NotFoundError, UsageError
from models.tags import Origin, TopicScore
from store.changes import note_changed
from store.database import Database, in_chunks
from store.entities.entity_tables import entities
from store.schema import about, articles, clusters
from store.tags.tag_tables import article_entities, article_topics

LONGEST_NAME = 200
CURSOR = "clusters_assigned_to"
"""The key of how far a fit has assigned its articles: the stamp of the model and a number."""


class ClusterRepository:
    """Clusters by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(
        self, topic: str = "", *, hidden: bool = False, gone: bool = False
    ) -> tuple[Cluster, ...]:
        """Return clusters, largest first, without those that were merged into another."""
        query = sa.select(clusters).where(clusters.c.merged_into.is_(None))
        if topic:
            query = query.where(clusters.c.topic == topic)
        if not hidden:
            query = query.where(~clusters.c.hidden)
        if not gone:
            query = query.where(clusters.c.state != ClusterState.GONE)
        with self._database.reading() as connection:
            counts = _counts(connection)
            found = [_cluster(row, counts) for row in connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda cluster: (-cluster.articles, cluster.id)))

    def get(self, cluster_id: str) -> Cluster:
        """Return one cluster, or the one that it was merged into; raises NotFoundError."""
        with self._database.reading() as connection:
            row = _row(connection, cluster_id)
            return _cluster(row, _counts(connection, row["id"]))

    def ids(self) -> frozenset[str]:
        """Return all ids that were ever given."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(sa.select(clusters.c.id)))

    def learn(self, found: Sequence[FoundCluster]) -> None:
        """Take what a fit found: new clusters, new terms of old ones, and which are gone.

        The name that a person gave stays; so do merges and what is hidden.
        """
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            known = {row["id"]: row for row in connection.execute(sa.select(clusters)).mappings()}
            connection.execute(sa.update(clusters).values(state=ClusterState.GONE))
            for each in found:
                values: dict[str, Any] = {
                    "topic": each.topic,
                    "terms": list(each.terms),
                    "articles": each.articles,
                    "state": ClusterState.NEW if each.new else ClusterState.LIVES,
                }
                before = known.get(each.id)
                if before is None:
                    connection.execute(
                        sa.insert(clusters).values(
                            id=each.id, name=each.name[:LONGEST_NAME], made=now, **values
                        )
                    )
                    continue
                if not before["named_by_person"]:
                    values["name"] = each.name[:LONGEST_NAME]
                connection.execute(
                    sa.update(clusters).where(clusters.c.id == each.id).values(**values)
                )
            _revive(connection)

    def rename(self, cluster_id: str, name: str) -> Cluster:
        """Call a cluster what a person calls it, from now on and through every fit."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise UsageError(f"A cluster's name has 1 to {LONGEST_NAME} characters.")
        with self._database.writing() as connection:
            row = _row(connection, cluster_id)
            connection.execute(
                sa.update(clusters)
                .where(clusters.c.id == row["id"])
                .values(name=name, named_by_person=True)
            )
        return self.get(cluster_id)

    def hide(self, cluster_id: str, *, hidden: bool = True) -> Cluster:
        """Keep a cluster out of lists, filters and exports, or show it again."""
        with self._database.writing() as connection:
            row = _row(connection, cluster_id)
            connection.execute(
                sa.update(clusters).where(clusters.c.id == row["id"]).values(hidden=hidden)
            )
            _note_articles(connection, row["id"])
        return self.get(cluster_id)

    def merge(self, cluster_id: str, into: str) -> Cluster:
        """Let one cluster take in another, now and in every fit to come.

        The articles of the first move to the second, which stays under its own topic.
        """
        with self._database.writing() as connection:
            gone, kept = _row(connection, cluster_id), _row(connection, into)
            if gone["id"] == kept["id"]:
                raise UsageError(f"{cluster_id} and {into} are one cluster already.")
            _note_articles(connection, gone["id"])
            connection.execute(
                sa.update(clusters)
                .where((clusters.c.id == gone["id"]) | (clusters.c.merged_into == gone["id"]))
                .values(merged_into=kept["id"])
            )
            connection.execute(
                sa.update(articles)
                .where(articles.c.cluster == gone["id"])
                .values(cluster=kept["id"])
            )
            _revive(connection)
        return self.get(into)

    def sample(self, limit: int) -> list[ClusteredArticle]:
        """Return at most `limit` articles that have topics, spread over the order of arrival."""
        there = articles.c.number.in_(sa.select(article_topics.c.article))
        query = sa.select(articles.c.number).where(there).order_by(articles.c.number)
        with self._database.reading() as connection:
            numbers = list(connection.scalars(query))
            if len(numbers) > limit:
                numbers = [numbers[n * len(numbers) // limit] for n in range(limit)]
            return [
                article
                for chunk in in_chunks(numbers)
                for article in _articles(connection, chunk, names=True).values()
            ]

    def count(self) -> int:
        """Return how many articles clustering looks at: those that have topics or a cluster."""
        query = sa.select(sa.func.count()).select_from(articles).where(_HAS_TOPIC_OR_CLUSTER)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def batch(self, limit: int, after: int) -> tuple[tuple[ClusteredArticle, ...], int]:
        """Return the next articles behind the cursor `after`, and the new cursor."""
        query = (
            sa.select(articles.c.number)
            .where(articles.c.number > after, _HAS_TOPIC_OR_CLUSTER)
            .order_by(articles.c.number)
            .limit(limit)
        )
        with self._database.reading() as connection:
            numbers = list(connection.scalars(query))
            found = tuple(
                article
                for chunk in in_chunks(numbers)
                for article in _articles(connection, chunk, names=False).values()
            )
        return found, numbers[-1] if numbers else after

    def cursor(self, stamp: str) -> int:
        """Return behind which article the assigning by a model goes on, 0 for all of them."""
        query = sa.select(about.c.value).where(about.c.key == CURSOR)
        with self._database.reading() as connection:
            model, _, number = (connection.scalar(query) or "").rpartition(" ")
        return int(number) if model == stamp else 0

    def assign(self, assigned: Mapping[str, str], stamp: str, cursor: int) -> int:
        """Write the clusters of articles, by article id, and how far that is; count the changes.

        A cluster that a person merged stands for the one that took it in. What changed is noted
        in the change queue.
        """
        with self._database.writing() as connection:
            leading = leading_ids(connection)
            changed = []
            for chunk in in_chunks(list(assigned)):
                query = sa.select(articles.c.id, articles.c.cluster).where(articles.c.id.in_(chunk))
                for article_id, before in connection.execute(query):
                    now = leading.get(assigned[article_id], "")
                    if now != before:
                        changed.append({"of": article_id, "now": now})
            if changed:
                connection.execute(_MOVE, changed)
                note_changed(connection, [row["of"] for row in changed])
            connection.execute(sa.delete(about).where(about.c.key == CURSOR))
            connection.execute(sa.insert(about).values(key=CURSOR, value=f"{stamp} {cursor}"))
        return len(changed)

    def finish_assignment(self) -> None:
        """Say that all articles have their clusters, so that the next time begins anew."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(about).where(about.c.key == CURSOR))


def leading_ids(connection: sa.Connection) -> dict[str, str]:
    """Return for each id that an article can be given the id of the cluster that it stands for.

    Clusters that are gone are none of them: a process that runs for long may know them still.
    """
    kept = clusters.alias("kept")
    query = (
        sa.select(clusters.c.id, kept.c.id)
        .join(kept, kept.c.id == sa.func.coalesce(clusters.c.merged_into, clusters.c.id))
        .where(kept.c.state != ClusterState.GONE)
    )
    return dict(connection.execute(query).all())


shown_cluster = sa.case(
    (articles.c.cluster.in_(sa.select(clusters.c.id).where(clusters.c.hidden)), ""),
    else_=articles.c.cluster,
)
"""The cluster of an article as others see it: "" where a person hid it."""

_HAS_TOPIC_OR_CLUSTER = articles.c.number.in_(sa.select(article_topics.c.article)) | (
    articles.c.cluster != ""
)

_MOVE = (
    sa.update(articles)
    .where(articles.c.id == sa.bindparam("of"))
    .values(cluster=sa.bindparam("now"))
)


def _row(connection: sa.Connection, cluster_id: str) -> Mapping[str, Any]:
    """Return the row of an id, or of the cluster that took it in."""
    query = sa.select(clusters).where(clusters.c.id == cluster_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no cluster {cluster_id[:60]!r}; `slugline clusters list` shows them."
        )
    if row["merged_into"] is None:
        return dict(row)
    kept = sa.select(clusters).where(clusters.c.id == row["merged_into"])
    return dict(connection.execute(kept).mappings().one())


def _counts(connection: sa.Connection, cluster_id: str = "") -> dict[str, int]:
    query = sa.select(articles.c.cluster, sa.func.count()).group_by(articles.c.cluster)
    query = query.where(articles.c.cluster == cluster_id if cluster_id else articles.c.cluster > "")
    return dict(connection.execute(query).all())


def _revive(connection: sa.Connection) -> None:
    """Let a cluster live that took in one that does: its articles come to it."""
    taken_in = sa.select(clusters.c.merged_into).where(
        clusters.c.merged_into.is_not(None), clusters.c.state != ClusterState.GONE
    )
    connection.execute(
        sa.update(clusters)
        .where(clusters.c.state == ClusterState.GONE, clusters.c.id.in_(taken_in))
        .values(state=ClusterState.LIVES)
    )


def _note_articles(connection: sa.Connection, cluster_id: str) -> None:
    query = sa.select(articles.c.id).where(articles.c.cluster == cluster_id)
    note_changed(connection, list(connection.scalars(query.order_by(articles.c.number))))


def _articles(
    connection: sa.Connection, numbers: Sequence[int], *, names: bool
) -> dict[int, ClusteredArticle]:
    """Return articles by number, in the order of numbers."""
    topics: dict[int, list[TopicScore]] = {}
    scored = (
        sa.select(article_topics)
        .where(article_topics.c.article.in_(numbers))
        .order_by(article_topics.c.score.desc(), article_topics.c.topic)
    )
    for number, topic, score, origin in connection.execute(scored):
        topics.setdefault(number, []).append(TopicScore(topic, score, Origin(origin)))
    named: dict[int, list[str]] = {}
    if names:
        query = (
            sa.select(article_entities.c.article, entities.c.name)
            .join(entities, entities.c.number == article_entities.c.entity)
            .where(article_entities.c.article.in_(numbers), ~entities.c.hidden)
            .order_by(article_entities.c.article, entities.c.key)
        )
        for number, name in connection.execute(query):
            named.setdefault(number, []).append(name)
    rows = connection.execute(
        sa.select(
            articles.c.number,
            articles.c.id,
            articles.c.title,
            articles.c.summary,
            articles.c.cluster,
            articles.c.source,
            articles.c.language,
        )
        .where(articles.c.number.in_(numbers))
        .order_by(articles.c.number)
    )
    return {
        row.number: ClusteredArticle(
            id=row.id,
            title=row.title,
            summary=row.summary,
            topics=tuple(topics.get(row.number, ())),
            cluster=row.cluster,
            names=tuple(named.get(row.number, ())),
            source=row.source,
            language=row.language or "",
        )
        for row in rows
    }


def _cluster(row: Mapping[str, Any] | sa.RowMapping, counts: Mapping[str, int]) -> Cluster:
    return Cluster(
        id=row["id"],
        topic=row["topic"],
        name=row["name"],
        terms=tuple(row["terms"]),
        articles=counts.get(row["id"], 0),
        state=ClusterState(row["state"]),
        named_by_person=row["named_by_person"],
        hidden=row["hidden"],
        merged_into=row["merged_into"] or "",
    )
