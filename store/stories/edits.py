"""What was merged, split, renamed and pinned: done, recorded, and undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.stories import Edit, StoryEdit
from store.changes import note_changed
from store.database import Database, in_chunks
from store.schema import about, articles, stories, story_articles, story_edits

LONGEST_NAME = 300
WEIGHTS = "story_weights"
"""The key of the weights that were learned from people's changes."""

Assignments = dict[str, tuple[str, bool]]
"""By article: its story, and whether a person put it there."""

_moment = sa.func.coalesce(articles.c.published, articles.c.fetched, type_=articles.c.fetched.type)


class StoryEdits:
    """What people, and the model, did to stories. A person's word outlives every new run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merge(self, story_id: str, into: str) -> str:
        """Let one story take in another; return the id of the one that stays."""
        with self._database.writing() as connection:
            gone, kept = _leading(connection, story_id), _leading(connection, into)
            if gone == kept:
                raise UsageError(f"{story_id} and {into} are one story already.")
            moved(connection, gone, kept, by_person=True)
            # Both sides are settled: a new run must not find one of them elsewhere.
            _settle(connection, dict.fromkeys(_members(connection, kept), True))
            refresh(connection, {kept})
            note_changed(connection, _members(connection, kept))
        return kept

    def split(self, story_id: str, article_ids: Sequence[str], *, alone: bool = False) -> str:
        """Take articles out of a story into one of their own; return its id.

        With `alone` each is a story of its own, which shows only if others join it.
        """
        with self._database.writing() as connection:
            story = _leading(connection, story_id)
            members = _members(connection, story)
            out = [each for each in dict.fromkeys(article_ids) if each in members]
            if len(out) < len(set(article_ids)):
                missing = sorted(set(article_ids) - set(out))
                raise NotFoundError(f"Story {story} has no article {missing[0]!r}.")
            if len(out) == len(members):
                raise UsageError(f"Story {story} has no other articles; there is nothing to split.")
            first = _free_id(connection, out[0])
            before = _assignments(connection, out)
            for at, article in enumerate(out):
                other = _free_id(connection, article) if alone and at else first
                _give(connection, [article], other)
            _record(connection, Edit.SPLIT, story, first, before, by_person=True)
            _settle(connection, dict.fromkeys(out, True))
            refresh(connection, {story, first})
            note_changed(connection, members)
        return first

    def add(self, story_id: str, article_ids: Sequence[str]) -> str:
        """Put articles into a story, out of those that they are in; return its id.

        Raises NotFoundError for an article that is unknown or was not given to story detection yet,
        UsageError where all are in the story already.
        """
        with self._database.writing() as connection:
            story = _leading(connection, story_id)
            before = _assignments(connection, list(dict.fromkeys(article_ids)))
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
                _give(connection, chunk, story)
            _record(connection, Edit.ADD, story, "", before, by_person=True)
            _settle(connection, dict.fromkeys(added, True))
            _count_anew(connection, left, story)
            refresh(connection, {story})
            touched = [*added, *(each for name in left for each in _members(connection, name))]
            note_changed(connection, list(dict.fromkeys(touched)))
        return story

    def rename(self, story_id: str, name: str) -> str:
        """Call a story what a person calls it, from now on; return its id."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise UsageError(f"A story's name has 1 to {LONGEST_NAME} characters.")
        with self._database.writing() as connection:
            story = _leading(connection, story_id)
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
            story = _leading(connection, story_id)
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
    before = _assignments_of(connection, gone)
    also = _assignments_of(connection, kept) if by_person else {}
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
    before = _assignments(connection, ids)
    for chunk in in_chunks(list(before)):
        _give(connection, chunk, into)
    _record(connection, Edit.SPLIT, story, into, before, by_person=False)


def refresh(
    connection: sa.Connection,
    touched: Iterable[str],
    grams: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, bool]:
    """Count the articles of stories anew; return those that show, and whether for the first time.

    `names` are articles whose headlines name the stories, where no person has.
    """
    grams, names = grams or {}, names or {}
    known: dict[str, bool] = {}
    shown: dict[str, bool] = {}
    for chunk in in_chunks(sorted(touched)):
        query = sa.select(stories.c.id, stories.c.named_by_person).where(stories.c.id.in_(chunk))
        known |= dict(connection.execute(query).all())
        figures = (
            sa.select(
                story_articles.c.story,
                sa.func.count().label("n"),
                sa.func.count(sa.distinct(articles.c.source)).label("sources"),
                sa.func.min(_moment).label("first"),
                sa.func.max(_moment).label("last"),
                sa.func.min(articles.c.title).label("title"),
            )
            .join(articles, articles.c.number == story_articles.c.article)
            .where(story_articles.c.story.in_(chunk))
            .group_by(story_articles.c.story)
        )
        counted = {row.story: row for row in connection.execute(figures)}
        titles = _titles(connection, [names[each] for each in chunk if each in names])
        for story in chunk:
            row = counted.get(story)
            if row is None or (row.n < 2 and story not in known):
                continue
            values: dict[str, Any] = {
                "articles": row.n,
                "sources": row.sources,
                "first": row.first,
                "last": row.last,
            }
            if story in grams:
                values["gram"] = grams[story]
            title = titles.get(names.get(story, ""), "")
            if story not in known:
                values["name"] = (title or row.title)[:LONGEST_NAME]
                connection.execute(sa.insert(stories).values(id=story, **values))
            else:
                if title and not known[story]:
                    values["name"] = title[:LONGEST_NAME]
                change = sa.update(stories).where(stories.c.id == story)
                connection.execute(change.values(merged_into=None, **values))
            if row.n > 1:
                shown[story] = story not in known
    return shown


def _titles(connection: sa.Connection, ids: Sequence[str]) -> dict[str, str]:
    query = sa.select(articles.c.id, articles.c.title).where(articles.c.id.in_(list(ids)))
    return dict(connection.execute(query).all()) if ids else {}


def _members(connection: sa.Connection, story: str) -> list[str]:
    query = (
        sa.select(articles.c.id)
        .join(story_articles, story_articles.c.article == articles.c.number)
        .where(story_articles.c.story == story)
        .order_by(_moment, articles.c.id)
    )
    return list(connection.scalars(query))


def _leading(connection: sa.Connection, story_id: str) -> str:
    """Return the id of a story, or of the one that took it in; raises NotFoundError."""
    query = sa.select(stories.c.id, stories.c.merged_into).where(stories.c.id == story_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no story {story_id[:60]!r}; `slugline stories list` shows them."
        )
    return _leading(connection, row.merged_into) if row.merged_into else str(row.id)


def _free_id(connection: sa.Connection, article: str) -> str:
    """Return an id for a story that begins with an article and was never given before."""
    for suffix in ("", "b", "c", "d", *(f"x{n}" for n in range(100))):
        story = f"{article}{suffix}"
        used = sa.select(story_articles.c.article).where(story_articles.c.story == story).limit(1)
        known = sa.select(stories.c.id).where(stories.c.id == story)
        if connection.scalar(used) is None and connection.scalar(known) is None:
            return story
    raise UsageError(f"Article {article} was taken out of stories too often.")


def _give(connection: sa.Connection, ids: Sequence[str], story: str) -> None:
    numbers = sa.select(articles.c.number).where(articles.c.id.in_(list(ids)))
    change = sa.update(story_articles).where(story_articles.c.article.in_(numbers))
    connection.execute(change.values(story=story))


def _settle(connection: sa.Connection, by_person: Mapping[str, bool]) -> None:
    """Remember of articles whether a person gave them their story."""
    for settled in (True, False):
        for chunk in in_chunks([each for each, said in by_person.items() if said is settled]):
            numbers = sa.select(articles.c.number).where(articles.c.id.in_(chunk))
            change = sa.update(story_articles).where(story_articles.c.article.in_(numbers))
            connection.execute(change.values(by_person=settled))


def _assignments(connection: sa.Connection, ids: Sequence[str]) -> Assignments:
    """Return the story of each article that was given one, and whether a person gave it."""
    found: Assignments = {}
    for chunk in in_chunks(ids):
        query = (
            sa.select(articles.c.id, story_articles.c.story, story_articles.c.by_person)
            .join(story_articles, story_articles.c.article == articles.c.number)
            .where(articles.c.id.in_(chunk))
        )
        there = {row.id: (row.story, row.by_person) for row in connection.execute(query)}
        found |= {each: there[each] for each in chunk if each in there}
    return found


def _assignments_of(connection: sa.Connection, story: str) -> Assignments:
    return _assignments(connection, _members(connection, story))


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
    told = before | (also or {})
    was: dict[str, Any] = {each: list(given) for each, given in told.items()}
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
    emptied = {story for story, _ in _assignments(connection, list(before)).values()}
    homes: dict[str, list[str]] = {}
    for article, (story, _) in before.items():
        homes.setdefault(story, []).append(article)
    for story, ids in homes.items():
        for chunk in in_chunks(ids):
            _give(connection, chunk, story)
    settled = {each: bool(given[1]) for each, given in was.items() if each not in before}
    _settle(connection, settled | {article: said for article, (_, said) in before.items()})
    back = sa.update(stories).where(stories.c.id.in_(list(homes)))
    connection.execute(back.values(merged_into=None))
    refresh(connection, set(homes))
    _count_anew(connection, emptied, edit.story)
    touched = [*edit.articles, *(each for name in emptied for each in _members(connection, name))]
    note_changed(connection, list(dict.fromkeys(touched)))


def _count_anew(connection: sa.Connection, left: Iterable[str], into: str) -> None:
    """Count stories that lost articles; one that has none left leads on to another."""
    refresh(connection, set(left))
    for story in left:
        if story != into and not _members(connection, story):
            gone = sa.update(stories).where(stories.c.id == story)
            connection.execute(gone.values(articles=0, merged_into=into))


def _row(connection: sa.Connection, number: int) -> sa.RowMapping:
    query = sa.select(story_edits).where(story_edits.c.number == number)
    row = connection.execute(query).mappings().one_or_none() if 0 < number < 2**31 else None
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
