"""What the archive says of its names: one type and one spelling for each, by all evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.names import SETTLED_TYPES, TypeDecision, usual_spelling
from models.tags import ENTITY_TYPES
from store.changes import note_changed
from store.database import Database, in_chunks
from store.entities.entity_tables import entities, refused_merges
from store.entities.moves import note_articles
from store.entities.numbers import add_names
from store.schema import articles
from store.tags.tag_tables import article_entities, mentions

MOVED = 500
"""Articles whose mentions go to another entity in one transaction."""
UNKNOWN_WEIGHT = 50
"""What an article counts that was tagged before weights were kept."""

_SETTLED = frozenset(SETTLED_TYPES)
_Row = sa.RowMapping


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many articles have `entity` for what they by themselves find as `found`."""

    entity: int
    found: int
    spelled: str
    articles: int
    weight: int


class NameRepository:
    """Names as the whole archive knows them. What a person said of an entity always stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count_unsettled(self) -> int:
        """Return how many entities were tagged since their names were settled."""
        query = sa.select(sa.func.count()).select_from(entities).where(entities.c.unsettled)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def settle(self, limit: int, decide: TypeDecision) -> int:
        """Give some names their type and spelling, in one transaction; return how many entities.

        Articles whose mentions differ get the decided entity and are put on the change queue, so
        many at a time that what is left is unsettled still: call it until it returns 0. What is
        decided depends on the articles alone, not on the order they were tagged in.
        """
        with self._database.writing() as connection:
            begun = connection.scalars(
                sa.select(entities.c.number)
                .where(entities.c.unsettled)
                .order_by(entities.c.number)
                .limit(limit)
            ).all()
            # First of all, so that whoever tags meanwhile waits, or marks it as unsettled again.
            _mark(connection, begun, unsettled=False)
            left = MOVED
            for group, tallies in _groups(connection, begun):
                leads = _decide(connection, group, tallies, decide)
                moved = _move(connection, tallies, leads, left)
                left -= moved
                if moved < _misplaced(tallies, leads):
                    _mark(connection, [row["number"] for row in group], unsettled=True)
                _spell(connection, group, tallies, leads)
        return len(begun)


def _groups(
    connection: sa.Connection, begun: Sequence[int]
) -> Iterator[tuple[list[_Row], list[_Tally]]]:
    """Yield the entities that share a name, and what articles say of them."""
    slugs: dict[str, None] = {}
    for numbers in in_chunks(begun):
        keys = sa.select(entities.c.key).where(entities.c.number.in_(numbers))
        slugs |= dict.fromkeys(map(_slug, connection.scalars(keys.order_by(entities.c.number))))
    groups: dict[str, list[_Row]] = defaultdict(list)
    for chunk in in_chunks([f"{kind}/{slug}" for slug in slugs for kind in ENTITY_TYPES]):
        query = sa.select(entities).where(entities.c.key.in_(chunk)).order_by(entities.c.number)
        for row in connection.execute(query).mappings():
            groups[_slug(row["key"])].append(row)
    named = {row["number"]: slug for slug, group in groups.items() for row in group}
    leads = {
        number: None
        for group in groups.values()
        for row in group
        for number in (row["number"], row["merged_into"])
        if number is not None
    }
    tallies: dict[str, list[_Tally]] = defaultdict(list)
    for tally in _tallies(connection, list(leads)):
        if slug := named.get(tally.found):
            tallies[slug].append(tally)
    for slug, group in groups.items():
        yield group, tallies[slug]


def _tallies(connection: sa.Connection, numbers: Sequence[int]) -> Iterator[_Tally]:
    found = sa.func.coalesce(article_entities.c.found, article_entities.c.entity)
    spelled = sa.func.coalesce(article_entities.c.spelled, "")
    weight = sa.func.sum(sa.func.coalesce(article_entities.c.weight, UNKNOWN_WEIGHT))
    for chunk in in_chunks(numbers):
        query = (
            sa.select(article_entities.c.entity, found, spelled, sa.func.count(), weight)
            .where(article_entities.c.entity.in_(chunk))
            .group_by(article_entities.c.entity, found, spelled)
            .order_by(article_entities.c.entity, found, spelled)
        )
        for row in connection.execute(query):
            yield _Tally(*row)


def _decide(
    connection: sa.Connection,
    group: Sequence[_Row],
    tallies: Sequence[_Tally],
    decide: TypeDecision,
) -> dict[int, int]:
    """Give entities of one name the type that the archive says; return which leads to which.

    Left alone are those that a person hid, gave another type, or parted; what a person merged stays
    merged, and others may be led to where it leads.
    """
    leads = {row["number"]: row["merged_into"] or row["number"] for row in group}
    if any(row["type"] != row["key"].partition("/")[0] for row in group):
        return leads
    kinds = {row["type"]: row for row in group if not row["hidden"] and row["type"] in _SETTLED}
    numbers = {row["number"]: kind for kind, row in kinds.items()}
    evidence: Counter[str] = Counter()
    for tally in tallies:
        if tally.found in numbers:
            evidence[numbers[tally.found]] += tally.weight
    shown = max(kinds.values(), key=lambda row: (evidence[row["type"]], row["key"]), default=None)
    gives_way = decide(shown["name"], evidence) if shown and len(evidence) > 1 else {}
    for kind, row in kinds.items():
        by_person = row["merged_into"] is not None and not row["merged_by_evidence"]
        if by_person or (kind not in evidence and row["merged_by_evidence"]):
            continue
        into = kinds[gives_way.get(kind, kind)]
        lead = into["number"]
        if into["merged_into"] is not None and not into["merged_by_evidence"]:
            lead = into["merged_into"]
        if lead == leads[row["number"]] or _is_kept(connection, row, into):
            continue
        leads[row["number"]] = lead
        merged = {"merged_into": None, "merged_by_evidence": False}
        if lead != row["number"]:
            merged = {"merged_into": lead, "merged_by_evidence": True}
            names = [(lead, row["name"])]
            add_names(connection, names)
        here = entities.c.number == row["number"]
        connection.execute(sa.update(entities).where(here).values(merged))
    return leads


def _is_kept(connection: sa.Connection, row: _Row, into: _Row) -> bool:
    """Say whether a person parted two entities, or made others a part of the first one."""
    if row["number"] == into["number"]:
        return False
    first, second = sorted((row["key"], into["key"]))
    parted = sa.select(refused_merges.c.entity).where(
        refused_merges.c.entity == first, refused_merges.c.other == second
    )
    joined = sa.select(entities.c.number).where(
        entities.c.merged_into == row["number"], ~entities.c.merged_by_evidence
    )
    return any(connection.execute(query.limit(1)).first() for query in (parted, joined))


def _misplaced(tallies: Sequence[_Tally], leads: Mapping[int, int]) -> int:
    return sum(t.articles for t in tallies if t.entity != leads[t.found])


def _move(
    connection: sa.Connection, tallies: Sequence[_Tally], leads: Mapping[int, int], most: int
) -> int:
    """Give mentions to the entities that they now belong to; return in how many articles."""
    moved = 0
    pairs = {(t.entity, t.found): leads[t.found] for t in tallies if t.entity != leads[t.found]}
    for (entity, found), lead in pairs.items():
        mine = sa.func.coalesce(article_entities.c.found, article_entities.c.entity) == found
        theirs = connection.scalars(
            sa.select(article_entities.c.article)
            .where(article_entities.c.entity == entity, mine)
            .order_by(article_entities.c.article)
            .limit(max(most - moved, 0))
        ).all()
        for chunk in in_chunks(theirs):
            _lead(connection, chunk, entity, found, lead)
        moved += len(theirs)
        if theirs:
            _count_articles(connection, (entity, lead))
    return moved


def _lead(
    connection: sa.Connection, numbers: Sequence[int], entity: int, found: int, lead: int
) -> None:
    """Give what articles have of one entity to another."""
    here = mentions.c.article.in_(numbers) & (mentions.c.entity == entity)
    connection.execute(sa.update(mentions).where(here).values(entity=lead))
    both = article_entities.alias("both")
    mine = article_entities.c.article.in_(numbers) & (article_entities.c.entity == entity)
    more = (
        sa.select(both.c.count)
        .where(both.c.entity == entity, both.c.article == article_entities.c.article)
        .scalar_subquery()
    )
    there = sa.select(both.c.article).where(both.c.entity == lead, both.c.article.in_(numbers))
    joined = connection.scalars(there).all()
    for chunk in in_chunks(joined):
        theirs = (article_entities.c.entity == lead) & article_entities.c.article.in_(chunk)
        connection.execute(
            sa.update(article_entities).where(theirs).values(count=article_entities.c.count + more)
        )
        gone = (article_entities.c.entity == entity) & article_entities.c.article.in_(chunk)
        connection.execute(sa.delete(article_entities).where(gone))
    connection.execute(sa.update(article_entities).where(mine).values(entity=lead, found=found))
    ids = sa.select(articles.c.id).where(articles.c.number.in_(numbers))
    note_changed(connection, list(connection.scalars(ids)))


def _spell(
    connection: sa.Connection,
    group: Sequence[_Row],
    tallies: Sequence[_Tally],
    leads: Mapping[int, int],
) -> None:
    """Show entities under the name that most of their articles give them."""
    for row in group:
        number = row["number"]
        counts: Counter[str] = Counter()
        for tally in tallies:
            if tally.spelled and leads[tally.found] == number:
                counts[tally.spelled] += tally.articles
        if not counts or row["named_by_person"]:
            continue
        name = usual_spelling(counts)
        if name != row["name"]:
            here = entities.c.number == number
            connection.execute(sa.update(entities).where(here).values(name=name))
            add_names(connection, [(number, name)])
            note_articles(connection, number)


def _count_articles(connection: sa.Connection, numbers: Sequence[int]) -> None:
    for number in numbers:
        n = sa.select(sa.func.count()).where(article_entities.c.entity == number)
        change = sa.update(entities).where(entities.c.number == number)
        connection.execute(change.values(articles=n.scalar_subquery()))


def _mark(connection: sa.Connection, numbers: Sequence[int], *, unsettled: bool) -> None:
    for chunk in in_chunks(numbers):
        here = entities.c.number.in_(chunk)
        connection.execute(sa.update(entities).where(here).values(unsettled=unsettled))


def _slug(key: str) -> str:
    return key.partition("/")[2]
