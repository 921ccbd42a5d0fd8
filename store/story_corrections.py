"""Corrections of stories by people: each is recorded in the journal and can be undone.

`store/stories/edits.py` makes the change; undoing it by its number in the journal is for
`store/corrections.py`, as with all corrections.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from models.errors import UsageError
from models.journal import JournalEntry
from models.stories import StoryEdit
from models.wording import counted
from store.database import Database
from store.journal import JournalRepository, mark_undone, note
from store.stories.repository import StoryRepository
from store.stories.story_tables import story_edits
from store.work_tables import journal


class StoryCorrections:
    """Splits, merges, renames and pins stories; each correction returns its journal entry.

    `who` is the name of the person. Raises NotFoundError if a story or article does not exist,
    UsageError if the correction makes no sense.
    """

    def __init__(self, database: Database, stories: StoryRepository) -> None:
        self._database = database
        self._journal = JournalRepository(database)
        self._stories = stories
        self._edits = stories.edits

    def split(
        self, story_id: str, article_ids: Sequence[str], *, who: str, alone: bool = False
    ) -> JournalEntry:
        """Take articles out of a story; with `alone`, each becomes a story of its own."""
        taken = counted(len(set(article_ids)), "article is", "articles are")
        return self._record(
            story_id,
            lambda: self._edits.split(story_id, article_ids, alone=alone),
            lambda name: f"{taken} not of the story “{name}”.",
            who,
        )

    def add(self, story_id: str, article_ids: Sequence[str], *, who: str) -> JournalEntry:
        """Move articles into a story, out of their present stories."""
        added = counted(len(set(article_ids)), "article belongs", "articles belong")
        return self._record(
            story_id,
            lambda: self._edits.add(story_id, article_ids),
            lambda name: f"{added} to the story “{name}”.",
            who,
        )

    def undo_edit(self, number: int, *, who: str) -> StoryEdit:
        """Undo an edit of stories by its number in `StoryEdits.of`.

        An edit by a person is marked as undone in the journal as well.
        """
        with self._database.writing() as connection:
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

    def merge(self, story_id: str, into: str, *, who: str) -> JournalEntry:
        """Merge a story into another."""
        self._stories.get(story_id)
        other = self._stories.get(into).name
        return self._record(
            story_id,
            lambda: self._edits.merge(story_id, into),
            lambda name: f"“{name}” is the story “{other[:100]}”.",
            who,
        )

    def rename(self, story_id: str, name: str, *, who: str) -> JournalEntry:
        """Rename a story."""
        return self._record(
            story_id,
            lambda: self._edits.rename(story_id, name),
            lambda before: f"The story “{before}” is called “{name[:100]}”.",
            who,
        )

    def pin(self, story_id: str, *, pinned: bool, who: str) -> JournalEntry:
        """Pin a story to the top of its days, or unpin it."""
        if self._stories.get(story_id).pinned == pinned:
            raise UsageError(f"Story {story_id} is {'' if pinned else 'not '}pinned already.")
        return self._record(
            story_id,
            lambda: self._edits.pin(story_id, pinned=pinned),
            lambda name: f"The story “{name}” is {'pinned' if pinned else 'pinned no more'}.",
            who,
        )

    def _record(
        self,
        story_id: str,
        change: Callable[[], str],
        words: Callable[[str], str],
        who: str,
    ) -> JournalEntry:
        """Make a change and record it; `words` makes the entry's text from the story's name."""
        with self._database.writing() as connection:
            story = self._stories.get(story_id)
            change()
            edit = connection.scalar(sa.select(sa.func.max(story_edits.c.number)))
            said = words(story.name[:100])
            number = note(connection, who, "story", story.id, said, {"edit": edit})
            return self._journal.get(number)
