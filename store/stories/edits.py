"""What was merged, split, renamed and pinned: done, recorded, and undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.stories import Edit, StoryEdit
from store.changes import note_changed
from store.database import Database, by_number, in_chunks
from store.schema import about
from store.stories.members import (
    LONGEST_NAME,
    Assignments,
    assignments,
    assignments_of,
    count_anew,
    free_id,
    give,
    leading,
    members_of,
    refresh,
    settle,
)
from store.stories.story_tables import stories, story_articles, story_edits

WEIGHTS = "story_weights"
"""The key of the weights that were learned from people's changes."""


class StoryEdits:
    """What people, and the model, did to stories. A person's word outlives every new run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merge(self, story_id: str, into: str) -> str:
        """Let one story take in another; return the id of the one that stays."""
        with self._database.writing() as connection:
            gone, kept = leading(connection, story_id), leading(connection, into)
            if gone == kept:
                raise UsageError(f"{story_id} and {into} are one story already.")
            moved(connection, gone, kept, by_person=True)
            # Both sides are settled: a new run must not find one of them elsewhere.
            settle(connection, dict.fromkeys(members_of(connection, kept), True))
            refresh(connection, {kept})
            note_changed(connection, members_of(connection, kept))
        return kept

    def split(self, story_id: str, article_ids: Sequence[str], *, alone: bool = False) -> str:
        """Take articles out of a story into one of their own; return its id.

        With `alone` each is a story of its own, which shows only if others join it.
        """
        with self._database.writing() as connection:
            story = leading(connection, story_id)
            members = members_of(connection, story)
            out = [each for each in dict.fromkeys(article_ids) if each in members]
            if len(out) < len(set(article_ids)):
                missing = sorted(set(article_ids) - set(out))
                raise NotFoundError(f"Story {story} has no article {missing[0]!r}.")
            if len(out) == len(members):
                raise UsageError(f"Story {story} has no other articles; there is nothing to split.")
            first = free_id(connection, out[0])
            before = assignments(connection, out)
            for at, article in enumerate(out):
                other = free_id(connection, article) if alone and at else first
                give(connection, [article], other)
            _record(connection, Edit.SPLIT, story, first, before, by_person=True)
            settle(connection, dict.fromkeys(out, True))
            refresh(connection, {story, first})
            note_changed(connection, members)
        return first

    def add(self, story_id: str, article_ids: Sequence[str]) -> str:
        """Put articles into a story, out of those that they are in; return its id.

        Raises NotFoundError for an article that is unknown or was not given to story detection yet,
        UsageError where all are in the story already.
        """
        with self._database.writing() as connection:
            story = leading(connection, story_id)
            before = assignments(connection, list(dict.fromkeys(article_ids)))
            missing = sorted(set(article_ids) - set(before))
            if missing:
                raise NotFoundError(
                    f"There is no article {missing[0][:60]!r} with a story of its own yet;"
                    " `slugline tag` gives every article one."
                )
            before = {each: was for each, was in before.items() if was[0] != story}
            if not before:
                raise UsageError(f"Story {story} has these articles already.")
            added, left = list(before), {was for was, _ in before.values()}
            for chunk in in_chunks(added):
                give(connection, chunk, story)
            _record(connection, Edit.ADD, story, "", before, by_person=True)
            settle(connection, dict.fromkeys(added, True))
            count_anew(connection, left, story)
            refresh(connection, {story})
            touched = [*added, *(each for name in left for each in members_of(connection, name))]
            note_changed(connection, list(dict.fromkeys(touched)))
        return story

    def rename(self, story_id: str, name: str) -> str:
        """Call a story what a person calls it, from now on; return its id."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise UsageError(f"A story's name has 1 to {LONGEST_NAME} characters.")
        with self._database.writing() as connection:
            story = leading(connection, story_id)
            before = connection.execute(sa.select(stories).where(stories.c.id == story)).one()
            _record(
                *(connection, Edit.RENAME, story, "", {}),
                name=before.name,
                by_person=True,
                named_by_person=before.named_by_person,
            )
            change = sa.update(stories).where(stories.c.id == story)
            connection.execute(change.values(name=name, named_by_person=True))
        return story

    def pin(self, story_id: str, *, pinned: bool = True) -> str:
        """Keep a story on the front page and as it is: the model merges it with none."""
        with self._database.writing() as connection:
            story = leading(connection, story_id)
            change = sa.update(stories).where(stories.c.id == story)
            connection.execute(change.values(pinned=pinned))
            _record(connection, Edit.PIN, story, "", {}, by_person=True)
        return story

    def get(self, number: int) -> StoryEdit:
        """Return one change; raises NotFoundError."""
        with self._database.reading() as connection:
            return _edit(_row(connection, number))

    def undo(self, number: int) -> StoryEdit:
        """Take back one change; raises NotFoundError, or UsageError where it was taken back."""
        with self._database.writing() as connection:
            row = _row(connection, number)
            edit = _edit(row)
            if edit.undone:
                raise UsageError(f"Change {number} was undone before.")
            _refuse_if_overtaken(connection, edit)
            _take_back(connection, edit, row["was"] or {})
            change = sa.update(story_edits).where(story_edits.c.number == number)
            connection.execute(change.values(undone=True))
        return edit

    def of(self, story_id: str) -> tuple[StoryEdit, ...]:
        """Return what was done to a story and to those that it took in, newest first."""
        here = (story_edits.c.story == story_id) | (story_edits.c.other == story_id)
        query = sa.select(story_edits).where(here).order_by(story_edits.c.number.desc())
        with self._database.reading() as connection:
            return tuple(_edit(row) for row in connection.execute(query).mappings())

    def apart(self) -> list[tuple[str, str]]:
        """Return the pairs (article, story) that a person parted."""
        query = sa.select(story_edits).where(
            story_edits.c.kind == Edit.SPLIT, story_edits.c.by_person, ~story_edits.c.undone
        )
        with self._database.reading() as connection:
            edits = [_edit(row) for row in connection.execute(query).mappings()]
        return [(article, edit.story) for edit in edits for article in edit.articles]

    def by_people(self) -> tuple[StoryEdit, ...]:
        """Return what people merged, split and added and nobody took back, oldest first."""
        query = sa.select(story_edits).where(
            story_edits.c.kind.in_((Edit.MERGE, Edit.SPLIT, Edit.ADD)),
            story_edits.c.by_person,
            ~story_edits.c.undone,
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(story_edits.c.number)).mappings()
            return tuple(_edit(row) for row in rows)

    def weights(self) -> tuple[float, ...]:
        """Return the weights that were learned from people's changes, none if there are none."""
        query = sa.select(about.c.value).where(about.c.key == WEIGHTS)
        with self._database.reading() as connection:
            kept = connection.scalar(query)
        return tuple(float(weight) for weight in kept.split()) if kept else ()

    def keep_weights(self, weights: Sequence[float]) -> None:
        """Keep learned weights; none to go back to the shipped ones."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(about).where(about.c.key == WEIGHTS))
            if weights:
                value = " ".join(repr(float(weight)) for weight in weights)
                connection.execute(sa.insert(about).values(key=WEIGHTS, value=value))

    def pinned(self) -> frozenset[str]:
        """Return the stories that a person pinned."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(sa.select(stories.c.id).where(stories.c.pinned)))

    def settled(self) -> frozenset[str]:
        """Return the stories that have articles which a person put there."""
        query = sa.select(story_articles.c.story).where(story_articles.c.by_person).distinct()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))


def moved(connection: sa.Connection, gone: str, kept: str, *, by_person: bool) -> list[str]:
    """Move all articles of a story to another and record it; return their ids."""
    before = assignments_of(connection, gone)
    also = assignments_of(connection, kept) if by_person else {}
    change = sa.update(story_articles).where(story_articles.c.story == gone)
    connection.execute(change.values(story=kept))
    # Only a story that showed needs to lead on; one article alone never had a name.
    gone_row = stories.c.id == gone
    showed = connection.execute(
        sa.update(stories).where(gone_row).values(merged_into=kept, articles=0)
    ).rowcount
    if showed:
        connection.execute(
            sa.update(stories).where(stories.c.merged_into == gone).values(merged_into=kept)
        )
        _record(connection, Edit.MERGE, gone, kept, before, by_person=by_person, also=also)
    return list(before)


def split_off(connection: sa.Connection, story: str, into: str, ids: Sequence[str]) -> None:
    """Move a part of a story that drifted apart to one of its own, and record it."""
    before = assignments(connection, ids)
    for chunk in in_chunks(list(before)):
        give(connection, chunk, into)
    _record(connection, Edit.SPLIT, story, into, before, by_person=False)


def _record(
    connection: sa.Connection,
    kind: Edit,
    story: str,
    other: str,
    before: Assignments,
    *,
    by_person: bool,
    name: str = "",
    named_by_person: bool = False,
    also: Assignments | None = None,
) -> None:
    """Write down an edit with what was before, so that it can be undone to the letter.

    `also` are articles that stayed where they were, but were settled there.
    """
    earlier = before | (also or {})
    was: dict[str, Any] = {each: list(given) for each, given in earlier.items()}
    if kind is Edit.RENAME:
        was = {"named_by_person": named_by_person}
    connection.execute(
        sa.insert(story_edits).values(
            kind=kind,
            story=story,
            other=other,
            articles=list(before),
            name=name,
            by_person=by_person,
            made=datetime.now(UTC),
            was=was,
        )
    )


def _refuse_if_overtaken(connection: sa.Connection, edit: StoryEdit) -> None:
    """Raise UsageError where a person moved the same articles, or renamed the story, later."""
    later = sa.select(story_edits).where(
        story_edits.c.number > edit.number, story_edits.c.by_person, ~story_edits.c.undone
    )
    for row in connection.execute(later.order_by(story_edits.c.number)).mappings():
        other = _edit(row)
        same = edit.kind == other.kind and edit.story == other.story
        renamed = edit.kind in {Edit.RENAME, Edit.PIN} and same
        if renamed or set(edit.articles) & set(other.articles):
            raise UsageError(
                f"Change {other.number} of stories came later and touches the same; undo it first."
            )


def _take_back(connection: sa.Connection, edit: StoryEdit, was: Mapping[str, Any]) -> None:
    """Undo one edit: names, pins, or the articles that were moved."""
    here = sa.update(stories).where(stories.c.id == edit.story)
    if edit.kind is Edit.RENAME:
        by_person = bool(was.get("named_by_person"))
        connection.execute(here.values(name=edit.name, named_by_person=by_person))
        return
    if edit.kind is Edit.PIN:
        pinned = sa.select(stories.c.pinned).where(stories.c.id == edit.story)
        connection.execute(here.values(pinned=not connection.scalar(pinned)))
        return
    # An edit from before `was` was kept moved all of its articles out of one story.
    before: Assignments = {
        each: (str(was[each][0]), bool(was[each][1])) if each in was else (edit.story, True)
        for each in edit.articles
    }
    emptied = {story for story, _ in assignments(connection, list(before)).values()}
    homes: dict[str, list[str]] = {}
    for article, (story, _) in before.items():
        homes.setdefault(story, []).append(article)
    for story, ids in homes.items():
        for chunk in in_chunks(ids):
            give(connection, chunk, story)
    settled = {each: bool(given[1]) for each, given in was.items() if each not in before}
    settle(connection, settled | {article: said for article, (_, said) in before.items()})
    back = sa.update(stories).where(stories.c.id.in_(list(homes)))
    connection.execute(back.values(merged_into=None))
    refresh(connection, set(homes))
    count_anew(connection, emptied, edit.story)
    touched = [*edit.articles, *(each for name in emptied for each in members_of(connection, name))]
    note_changed(connection, list(dict.fromkeys(touched)))


def _row(connection: sa.Connection, number: int) -> sa.RowMapping:
    query = sa.select(story_edits).where(by_number(story_edits.c.number, number))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no change {number} of stories.")
    return row


def _edit(row: Mapping[str, Any] | sa.RowMapping) -> StoryEdit:
    return StoryEdit(
        number=row["number"],
        kind=Edit(row["kind"]),
        story=row["story"],
        other=row["other"],
        articles=tuple(row["articles"]),
        name=row["name"],
        by_person=row["by_person"],
        made=row["made"],
        undone=row["undone"],
    )
