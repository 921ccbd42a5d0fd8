"""People's corrections: each done and written down in one transaction, and taken back by number.

What a correction changes is done by the repositories of its subject; here it gets its entry in the
journal, with what undoing needs. What a person said wins over every later run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import UsageError
from models.journal import JournalEntry
from models.stories import StoryEdit
from models.tags import ENTITY_TYPES, Entity
from models.wording import counted
from store.articles import ArticleRepository
from store.database import Database
from store.duplicates import DuplicateRepository
from store.entities import merges as entity_merges
from store.entities.repository import EntityRepository
from store.journal import JournalRepository, mark_undone, note
from store.schema import entities, entity_names, journal
from store.stories.repository import StoryRepository
from store.stories.story_tables import story_edits
from store.tags import edits as tag_edits
from store.tags.repository import TagRepository

Before = dict[str, Any]


class CorrectionRepository:
    """What a person may put right. Every correction returns its entry of the journal.

    `who` is the name of the person. Raises NotFoundError for what is not there, UsageError for what
    makes no sense.
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
        self._edits = stories.edits
        self._stories = stories
        self._undo: dict[str, Callable[[sa.Connection, JournalEntry, Before], object]] = {
            "topic": self._undo_topic,
            "mention": tag_edits.restore_mention,
            "entity-name": self._undo_name,
            "entity-type": lambda _, entry, before: self._retype(entry.subject, before["type"]),
            "entity-hidden": lambda _, entry, before: self._hide(entry.subject, before["hidden"]),
            "entity-merged": self._undo_merge,
            "merge-refused": lambda _, entry, before: self._entities.forget_refusal(
                entry.subject, before["other"]
            ),
            "entity-split": lambda _, entry, before: self._merge(entry.subject, before["into"]),
            "duplicate-parted": lambda _, entry, before: self._duplicates.rejoin(
                entry.subject, before["leader"], before["reason"], before["score"]
            ),
            "story": lambda _, _entry, before: self._undo_story(before["edit"]),
        }

    def topic(self, article_id: str, topic: str, *, fits: bool, who: str) -> JournalEntry:
        """Say that a topic fits an article, or that it does not."""
        with self._writing() as connection:
            article = self._articles.get(article_id)
            before = tag_edits.topics_before(connection, article_id, topic)
            self._tags.correct(article, topic, fits=fits)
            words = f"{topic} {'fits' if fits else 'does not fit'} “{article.title[:100]}”."
            return self._note(connection, who, "topic", article_id, words, before)

    def mention(
        self, article_id: str, field: str, start: int, end: int, *, who: str
    ) -> JournalEntry:
        """Say that a span of an article names nothing."""
        with self._writing() as connection:
            article = self._articles.get(article_id)
            text = str(getattr(article, field, ""))[start:end]
            before = tag_edits.remove_mention(connection, article_id, field, start, end)
            words = f"“{text[:100]}” names nothing in “{article.title[:100]}”."
            return self._note(connection, who, "mention", article_id, words, before)

    def rename(self, key: str, name: str, *, who: str) -> JournalEntry:
        """Give an entity another name."""
        with self._writing() as connection:
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
        """Say what an entity is: one of `ENTITY_TYPES`. Its key stays."""
        if kind not in ENTITY_TYPES:
            raise UsageError(f"An entity is one of {', '.join(ENTITY_TYPES)}.")
        with self._writing() as connection:
            entity = self._entities.get(key)
            self._retype(entity.key, kind)
            words = f"{entity.name} is of the type {kind}, not {entity.type}."
            before = {"type": entity.type}
            return self._note(connection, who, "entity-type", entity.key, words, before)

    def hide(self, key: str, *, hidden: bool, who: str) -> JournalEntry:
        """Keep an entity out of every list, or show it again."""
        with self._writing() as connection:
            entity = self._entities.get(key)
            self._hide(entity.key, hidden)
            words = f"{entity.name} is {'hidden' if hidden else 'shown again'}."
            before = {"hidden": entity.hidden}
            return self._note(connection, who, "entity-hidden", entity.key, words, before)

    def merge(self, key: str, into: str, *, who: str) -> JournalEntry:
        """Make one entity another name of a second one."""
        with self._writing() as connection:
            gone, kept = self._entities.get(key), self._entities.get(into)
            before = entity_merges.before_merge(connection, gone.key, kept.key)
            self._entities.merge(gone.key, kept.key)
            words = f"{gone.name} is {kept.name}."
            return self._note(connection, who, "entity-merged", gone.key, words, before)

    def refuse_merge(self, key: str, other: str, *, who: str) -> JournalEntry:
        """Say that two entities are not one, so that nobody is asked again."""
        with self._writing() as connection:
            one, two = self._entities.get(key), self._entities.get(other)
            self._entities.refuse_merge(one.key, two.key)
            words = f"{one.name} ({one.type}) and {two.name} ({two.type}) are not one."
            return self._note(connection, who, "merge-refused", one.key, words, {"other": two.key})

    def split(self, key: str, *, who: str) -> JournalEntry:
        """Take an entity out again of the one it was merged into.

        A merge that the journal knows is undone to the letter; else the articles of both are due to
        be tagged again.
        """
        merges = self._journal.entries(50, subject=key, kinds="entity-merged")
        for entry in merges:
            if entry.can_be_undone:
                return self.undo(entry.number, who=who)
        with self._writing() as connection:
            into = self._entities.get(key)
            separate = self._entities.split(key)
            words = f"{separate.name} is not {into.name}."
            before = {"into": into.key}
            return self._note(connection, who, "entity-split", key, words, before)

    def part(self, article_id: str, *, who: str) -> JournalEntry:
        """Say that an article repeats no other."""
        with self._writing() as connection:
            article = self._articles.get(article_id)
            group = self._duplicates.group(article_id)
            mine = [one for one in group.members if one.article_id == article_id] if group else []
            self._duplicates.separate(article_id)
            (one,) = mine
            before = {"leader": one.earlier_id, "reason": one.reason, "score": one.score}
            words = f"“{article.title[:100]}” repeats no other article."
            return self._note(connection, who, "duplicate-parted", article_id, words, before)

    def split_story(
        self, story_id: str, article_ids: Sequence[str], *, who: str, alone: bool = False
    ) -> JournalEntry:
        """Take articles out of a story; with `alone`, each becomes a story of its own."""
        taken = counted(len(set(article_ids)), "article is", "articles are")
        return self._story(
            story_id,
            lambda: self._edits.split(story_id, article_ids, alone=alone),
            lambda name: f"{taken} not of the story “{name}”.",
            who,
        )

    def add_to_story(self, story_id: str, article_ids: Sequence[str], *, who: str) -> JournalEntry:
        """Put articles into a story, out of those that they are in."""
        added = counted(len(set(article_ids)), "article belongs", "articles belong")
        return self._story(
            story_id,
            lambda: self._edits.add(story_id, article_ids),
            lambda name: f"{added} to the story “{name}”.",
            who,
        )

    def undo_story_edit(self, number: int, *, who: str) -> StoryEdit:
        """Take back an edit of stories by the number that `StoryEdits.of` gives it.

        An edit by a person is marked as undone in the journal as well.
        """
        with self._writing() as connection:
            edit = self._edits.get(number)
            query = sa.select(journal.c.number, journal.c.before).where(
                journal.c.kind == "story", journal.c.undone.is_(None)
            )
            entries = [
                entry
                for entry, before in connection.execute(query)
                if (before or {}).get("edit") == number
            ]
            self._edits.undo(number)
            for entry in entries:
                mark_undone(connection, entry, who, datetime.now(UTC))
        return edit

    def merge_story(self, story_id: str, into: str, *, who: str) -> JournalEntry:
        """Let one story take in another."""
        self._stories.get(story_id)
        other = self._stories.get(into).name
        return self._story(
            story_id,
            lambda: self._edits.merge(story_id, into),
            lambda name: f"“{name}” is the story “{other[:100]}”.",
            who,
        )

    def rename_story(self, story_id: str, name: str, *, who: str) -> JournalEntry:
        """Call a story what a person calls it."""
        return self._story(
            story_id,
            lambda: self._edits.rename(story_id, name),
            lambda before: f"The story “{before}” is called “{name[:100]}”.",
            who,
        )

    def pin_story(self, story_id: str, *, pinned: bool, who: str) -> JournalEntry:
        """Keep a story on top of its days, or no more."""
        if self._stories.get(story_id).pinned == pinned:
            raise UsageError(f"Story {story_id} is {'' if pinned else 'not '}pinned already.")
        return self._story(
            story_id,
            lambda: self._edits.pin(story_id, pinned=pinned),
            lambda name: f"The story “{name}” is {'pinned' if pinned else 'pinned no more'}.",
            who,
        )

    def undo(self, number: int, *, who: str) -> JournalEntry:
        """Take a correction back; raises UsageError where that was done, or can't be done."""
        with self._writing() as connection:
            entry = self._journal.get(number)
            if entry.undone:
                raise UsageError(f"Change {number} was undone before, by {entry.undone_by}.")
            if entry.before is None or entry.kind not in self._undo:
                raise UsageError(f"Change {number} can't be undone.")
            _refuse_if_overtaken(connection, entry)
            self._undo[entry.kind](connection, entry, entry.before)
            mark_undone(connection, number, who, datetime.now(UTC))
        return self._journal.get(number)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._database.writing() as connection:
            yield connection

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

    def _story(
        self,
        story_id: str,
        change: Callable[[], str],
        words: Callable[[str], str],
        who: str,
    ) -> JournalEntry:
        with self._writing() as connection:
            story = self._stories.get(story_id)
            change()
            edit = connection.scalar(sa.select(sa.func.max(story_edits.c.number)))
            said = words(story.name[:100])
            return self._note(connection, who, "story", story.id, said, {"edit": edit})

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

    def _undo_story(self, edit: int) -> None:
        self._edits.undo(edit)

    def _retype(self, key: str, kind: str) -> Entity:
        return self._entities.retype(key, kind)

    def _hide(self, key: str, hidden: bool) -> Entity:
        return self._entities.hide(key, hidden=hidden)

    def _merge(self, key: str, into: str) -> Entity:
        return self._entities.merge(key, into)


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
