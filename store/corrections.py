"""Corrections by people: each is carried out and recorded in one transaction, and can be undone.

The repository of the subject makes the change. This one adds the entry in the journal, with the
state that undoing it needs. Corrections take precedence over every later run of the models.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import UsageError
from models.journal import JournalEntry
from models.tags import ENTITY_TYPES
from store.articles import ArticleRepository
from store.database import Database
from store.duplicates import DuplicateRepository
from store.entities import merges as entity_merges
from store.entities.entity_tables import entities, entity_names
from store.entities.repository import EntityRepository
from store.journal import JournalRepository, mark_undone, note
from store.stories.repository import StoryRepository
from store.tags import edits as tag_edits
from store.tags.repository import TagRepository
from store.work_tables import journal

Before = dict[str, Any]


class CorrectionRepository:
    """Corrections of topics, mentions, entities and duplicates; each returns its journal entry.

    `who` is the name of the person. Raises NotFoundError if the subject does not exist, UsageError
    if the correction makes no sense.
    """

    def __init__(
        self,
        database: Database,
        *,
        article_repository: ArticleRepository,
        tags: TagRepository,
        entity_repository: EntityRepository,
        duplicates: DuplicateRepository,
        stories: StoryRepository,
    ) -> None:
        self._database = database
        self._journal = JournalRepository(database)
        self._articles = article_repository
        self._tags = tags
        self._entities = entity_repository
        self._duplicates = duplicates
        self._undo: dict[str, Callable[[sa.Connection, JournalEntry, Before], object]] = {
            "topic": self._undo_topic,
            "mention": tag_edits.restore_mention,
            "entity-name": self._undo_name,
            "entity-type": lambda _, entry, before: self._entities.retype(
                entry.subject, before["type"]
            ),
            "entity-hidden": lambda _, entry, before: self._entities.hide(
                entry.subject, hidden=before["hidden"]
            ),
            "entity-merged": self._undo_merge,
            "merge-refused": lambda _, entry, before: self._entities.forget_refusal(
                entry.subject, before["other"]
            ),
            "entity-split": lambda _, entry, before: self._entities.merge(
                entry.subject, before["into"]
            ),
            "duplicate-parted": lambda _, entry, before: self._duplicates.rejoin(
                entry.subject, before["leader"], before["reason"], before["score"]
            ),
            "story": lambda _, _entry, before: stories.edits.undo(before["edit"]),
        }

    def topic(self, article_id: str, topic: str, *, fits: bool, who: str) -> JournalEntry:
        """Confirm a topic of an article, or reject it."""
        with self._database.writing() as connection:
            article = self._articles.get(article_id)
            before = tag_edits.topics_before(connection, article_id, topic)
            self._tags.correct(article, topic, fits=fits)
            words = f"{topic} {'fits' if fits else 'does not fit'} “{article.title[:100]}”."
            return self._note(connection, who, "topic", article_id, words, before)

    def mention(
        self, article_id: str, field: str, start: int, end: int, *, who: str
    ) -> JournalEntry:
        """Remove a mention: the span does not name an entity."""
        with self._database.writing() as connection:
            article = self._articles.get(article_id)
            text = str(getattr(article, field, ""))[start:end]
            before = tag_edits.remove_mention(connection, article_id, field, start, end)
            words = f"“{text[:100]}” names nothing in “{article.title[:100]}”."
            return self._note(connection, who, "mention", article_id, words, before)

    def rename(self, key: str, name: str, *, who: str) -> JournalEntry:
        """Rename an entity."""
        with self._database.writing() as connection:
            entity = self._entities.get(key)
            name = " ".join(name.split())
            if not 1 <= len(name) <= 200:
                raise UsageError("An entity's name has 1 to 200 characters.")
            known = name.casefold() in {each.casefold() for each in (entity.name, *entity.aliases)}
            by_person = self._entities.is_named_by_person(entity.key)
            self._entities.rename(entity.key, name)
            before = {"name": entity.name, "new": name, "known": known, "by_person": by_person}
            words = f"{entity.name} is called {name}."
            return self._note(connection, who, "entity-name", entity.key, words, before)

    def retype(self, key: str, kind: str, *, who: str) -> JournalEntry:
        """Change the type of an entity to another of `ENTITY_TYPES`; its key stays the same."""
        if kind not in ENTITY_TYPES:
            raise UsageError(f"An entity is one of {', '.join(ENTITY_TYPES)}.")
        with self._database.writing() as connection:
            entity = self._entities.get(key)
            self._entities.retype(entity.key, kind)
            words = f"{entity.name} is of the type {kind}, not {entity.type}."
            before = {"type": entity.type}
            return self._note(connection, who, "entity-type", entity.key, words, before)

    def hide(self, key: str, *, hidden: bool, who: str) -> JournalEntry:
        """Hide an entity from all lists, or show it again."""
        with self._database.writing() as connection:
            entity = self._entities.get(key)
            self._entities.hide(entity.key, hidden=hidden)
            words = f"{entity.name} is {'hidden' if hidden else 'shown again'}."
            before = {"hidden": entity.hidden}
            return self._note(connection, who, "entity-hidden", entity.key, words, before)

    def merge(self, key: str, into: str, *, who: str) -> JournalEntry:
        """Merge an entity into another, which keeps the name as an alias."""
        with self._database.writing() as connection:
            gone, kept = self._entities.get(key), self._entities.get(into)
            before = entity_merges.before_merge(connection, gone.key, kept.key)
            self._entities.merge(gone.key, kept.key)
            words = f"{gone.name} is {kept.name}."
            return self._note(connection, who, "entity-merged", gone.key, words, before)

    def refuse_merge(self, key: str, other: str, *, who: str) -> JournalEntry:
        """Record that two entities are distinct, so that merging them is not proposed again."""
        with self._database.writing() as connection:
            one, two = self._entities.get(key), self._entities.get(other)
            self._entities.refuse_merge(one.key, two.key)
            words = f"{one.name} ({one.type}) and {two.name} ({two.type}) are not one."
            return self._note(connection, who, "merge-refused", one.key, words, {"other": two.key})

    def split(self, key: str, *, who: str) -> JournalEntry:
        """Separate an entity from the one it was merged into.

        A merge that is in the journal is undone exactly; otherwise the articles of both entities
        become due for tagging.
        """
        merges = self._journal.entries(50, subject=key, kinds="entity-merged")
        for entry in merges:
            if entry.can_be_undone:
                return self.undo(entry.number, who=who)
        with self._database.writing() as connection:
            into = self._entities.get(key)
            separate = self._entities.split(key)
            words = f"{separate.name} is not {into.name}."
            before = {"into": into.key}
            return self._note(connection, who, "entity-split", key, words, before)

    def separate_duplicate(self, article_id: str, *, who: str) -> JournalEntry:
        """Take an article out of its group of near-duplicates."""
        with self._database.writing() as connection:
            article = self._articles.get(article_id)
            group = self._duplicates.group(article_id)
            mine = [one for one in group.members if one.article_id == article_id] if group else []
            self._duplicates.separate(article_id)
            (one,) = mine
            before = {"leader": one.earlier_id, "reason": one.reason, "score": one.score}
            words = f"“{article.title[:100]}” repeats no other article."
            return self._note(connection, who, "duplicate-parted", article_id, words, before)

    def undo(self, number: int, *, who: str) -> JournalEntry:
        """Undo a correction; raises UsageError if it has been undone before, or can't be undone."""
        with self._database.writing() as connection:
            entry = self._journal.get(number)
            if entry.undone:
                raise UsageError(f"Change {number} was undone before, by {entry.undone_by}.")
            if entry.before is None or entry.kind not in self._undo:
                raise UsageError(f"Change {number} can't be undone.")
            _refuse_if_overtaken(connection, entry)
            self._undo[entry.kind](connection, entry, entry.before)
            mark_undone(connection, number, who, datetime.now(UTC))
        return self._journal.get(number)

    def _note(
        self,
        connection: sa.Connection,
        who: str,
        kind: str,
        subject: str,
        words: str,
        before: Before,
    ) -> JournalEntry:
        return self._journal.get(note(connection, who, kind, subject, words, before))

    def _undo_topic(self, connection: sa.Connection, entry: JournalEntry, before: Before) -> None:
        earliest = connection.scalars(
            sa.select(journal.c.before)
            .where(journal.c.kind == "topic", journal.c.subject == entry.subject)
            .order_by(journal.c.number)
        )
        tag_edits.restore_topics(connection, entry.subject, before, list(earliest))

    def _undo_name(self, connection: sa.Connection, entry: JournalEntry, before: Before) -> None:
        by_person = before.get("by_person", True)
        self._entities.rename(entry.subject, before["name"], by_person=by_person)
        if not before["known"]:
            number = sa.select(entities.c.number).where(entities.c.key == entry.subject)
            connection.execute(
                sa.delete(entity_names).where(
                    entity_names.c.folded == str(before["new"]).casefold(),
                    entity_names.c.entity == number.scalar_subquery(),
                )
            )

    def _undo_merge(self, connection: sa.Connection, entry: JournalEntry, before: Before) -> None:
        if before.get("mentions") is None:
            self._entities.split(entry.subject)
            return
        entity_merges.undo_merge(connection, entry.subject, before)
        self._entities.forget_spellings()


_REPLACING = ("topic", "entity-name", "entity-type", "entity-hidden")
"""Kinds of which a later correction of the same thing replaces an earlier one."""


def _refuse_if_overtaken(connection: sa.Connection, entry: JournalEntry) -> None:
    if entry.kind not in _REPLACING:
        return
    query = sa.select(journal.c.number, journal.c.before).where(
        journal.c.kind == entry.kind,
        journal.c.subject == entry.subject,
        journal.c.number > entry.number,
        journal.c.undone.is_(None),
    )
    topic = (entry.before or {}).get("topic")
    for number, before in connection.execute(query):
        if (before or {}).get("topic") == topic:
            raise UsageError(f"Change {number} came later and says otherwise; undo it first.")
