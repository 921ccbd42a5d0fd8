"""The repository of lists: their items with notes, and the articles that belong to them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.lists import STARRED, Item, ItemKind, KeptList, ListNote, NewItem
from models.wording import counted
from store.articles import ArticleRepository
from store.database import Database, by_number, in_chunks
from store.entities.repository import EntityRepository
from store.journal import note
from store.people.account_tables import users
from store.people.list_queries import articles_of, item_of
from store.people.list_tables import list_items, lists
from store.people.owned import checked_name, owner_with_room
from store.schema import articles
from store.stories.repository import StoryRepository

MOST, MOST_ITEMS = 200, 10_000
"""Lists of one user, and things on one list."""
LONGEST_NAME, LONGEST_NOTE, LONGEST_QUOTE = 100, 10_000, 2_000
LONGEST_TAG, MOST_TAGS = 50, 20


class ListRepository:
    """Lists by number, as their users see them.

    Whoever owns a list changes it; what is on a shared one, every user may.
    """

    def __init__(
        self,
        database: Database,
        article_repository: ArticleRepository,
        entity_repository: EntityRepository,
        stories: StoryRepository,
    ) -> None:
        self._database = database
        self._articles = article_repository
        self._entities = entity_repository
        self._stories = stories

    def all(self) -> tuple[KeptList, ...]:
        """Return the lists of all users, by name."""
        return self._read(sa.true())

    def seen_by(self, user: str) -> tuple[KeptList, ...]:
        """Return a user's own lists and those that others share, by name."""
        return self._read((users.c.name == user) | lists.c.shared)

    def get(self, number: int, user: str | None = None) -> KeptList:
        """Return a list; raises NotFoundError, also where the user does not see it."""
        found = self._read(by_number(lists.c.number, number))
        if not found or (user is not None and found[0].owner != user and not found[0].shared):
            raise NotFoundError(f"There is no list {number}.")
        return found[0]

    def of_secret(self, secret: str) -> KeptList:
        """Return the list whose feed has a secret; raises NotFoundError."""
        found = self._read(lists.c.secret == secret)
        if not found:
            raise NotFoundError("There is no feed at this address; its owner may have renewed it.")
        return found[0]

    def named(self, name: str, user: str | None = None) -> KeptList:
        """Return the list of a name or number that a user sees (None: of anybody's).

        A user's own comes first; raises NotFoundError, UsageError where several are called so.
        """
        visible = self.all() if user is None else self.seen_by(user)
        found = [one for one in visible if one.name.casefold() == name.strip().casefold()]
        found = [one for one in found if one.owner == user] or found
        found = found or [one for one in visible if str(one.number) == name.strip()]
        if len(found) > 1:
            raise UsageError(
                f"Several lists are called {name!r}; name one by its number: "
                + ", ".join(f"{one.number} ({one.owner})" for one in found)
            )
        if not found:
            raise NotFoundError(f"There is no list {name[:100]!r}.")
        return found[0]

    def add(self, owner: str, name: str, *, shared: bool, who: str, now: datetime) -> KeptList:
        """Make a list for a user; raises UsageError, NotFoundError for the user."""
        name = checked_name(name, LONGEST_NAME, "A list's")
        with self._database.writing() as connection:
            user = owner_with_room(connection, owner, lists, MOST, "lists")
            mine = connection.scalars(sa.select(lists.c.name).where(lists.c.user == user)).all()
            if name.casefold() in {one.casefold() for one in mine}:
                raise UsageError(f"You have a list “{name}” already.")
            fresh = sa.insert(lists).values(
                user=user, name=name, shared=shared, secret=secrets.token_urlsafe(24), made=now
            )
            number = connection.execute(fresh.returning(lists.c.number)).scalar_one()
            note(connection, who, "list-added", str(number), f"Made the list “{name}”.")
        return self.get(number)

    def share(self, number: int, owner: str, *, shared: bool, who: str) -> KeptList:
        """Share a list with all users, or no longer."""
        with self._database.writing() as connection:
            here = self._own(number, owner)
            change = sa.update(lists).where(lists.c.number == number)
            connection.execute(change.values(shared=shared, secret=secrets.token_urlsafe(24)))
            words = f"The list “{here.name}” is {'shared' if shared else 'private'}."
            note(connection, who, "list-shared", str(number), words)
        return self.get(number)

    def remove(self, number: int, owner: str, *, who: str) -> KeptList:
        """Remove a list with all that is on it; raises NotFoundError where it is not theirs."""
        with self._database.writing() as connection:
            here = self._own(number, owner)
            connection.execute(sa.delete(lists).where(lists.c.number == number))
            words = f"Removed the list “{here.name}” with {counted(here.items, 'thing')} on it."
            note(connection, who, "list-removed", str(number), words)
        return here

    def put(self, number: int, user: str, new_item: NewItem, *, who: str, now: datetime) -> Item:
        """Add an item to a list, or replace the note and tags of one that is there.

        Raises NotFoundError for what is not there, UsageError for a note that is too long.
        """
        if len(new_item.note) > LONGEST_NOTE:
            raise UsageError(f"A note has at most {LONGEST_NOTE:,} characters.")
        tags = _checked_tags(new_item.tags)
        with self._database.writing() as connection:
            here = self.get(number, user)
            subject, called, quote = self._subject(new_item)
            passage = new_item.kind is ItemKind.PASSAGE
            key = {
                "list": here.number,
                "kind": new_item.kind,
                "subject": subject,
                "field": new_item.field if passage else "",
                "start": new_item.start if passage else 0,
                "end": new_item.end if passage else 0,
            }
            where = sa.and_(*(list_items.c[name] == value for name, value in key.items()))
            known = connection.scalar(sa.select(list_items.c.number).where(where))
            values = {"note": new_item.note.strip(), "tags": list(tags), "quote": quote}
            if known is not None:
                connection.execute(sa.update(list_items).where(where).values(**values))
            elif here.items >= MOST_ITEMS:
                raise UsageError(f"A list has at most {MOST_ITEMS:,} things.")
            else:
                fresh = sa.insert(list_items).values(**key, **values, who=who, made=now)
                connection.execute(fresh)
            did = "Changed on" if known else "Put on"
            words = f"{did} the list “{here.name}”: {new_item.kind} “{called[:100]}”."
            note(connection, who, "list-item", subject, words)
            row = connection.execute(sa.select(list_items).where(where)).one()
        return item_of(row)

    def take(self, item: int, user: str, *, who: str) -> Item:
        """Remove an item from its list; raises NotFoundError where the user does not see it."""
        with self._database.writing() as connection:
            query = sa.select(list_items).where(by_number(list_items.c.number, item))
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no item {item}.")
            here = self.get(row.list, user)
            connection.execute(sa.delete(list_items).where(list_items.c.number == item))
            words = f"Took a thing off the list “{here.name}”."
            note(connection, who, "list-item", row.subject, words)
        return item_of(row)

    def star(self, user: str, kind: ItemKind, subject: str, *, who: str, now: datetime) -> bool:
        """Star or unstar an article, entity or story; return whether it is starred now."""
        with self._database.writing() as connection:
            mine = [one for one in self._read(users.c.name == user) if one.name == STARRED]
            here = mine[0] if mine else self.add(user, STARRED, shared=False, who=who, now=now)
            starred = sa.select(list_items.c.number).where(
                list_items.c.list == here.number,
                list_items.c.kind == kind,
                list_items.c.subject == subject,
            )
            if (item := connection.scalar(starred)) is not None:
                self.take(item, user, who=who)
                return False
            self.put(here.number, user, NewItem(kind, subject), who=who, now=now)
        return True

    def starred(self, user: str, kind: ItemKind, subjects: Collection[str]) -> set[str]:
        """Return which of some things a user has starred."""
        query = (
            sa.select(list_items.c.subject)
            .join(lists, lists.c.number == list_items.c.list)
            .join(users, users.c.number == lists.c.user)
            .where(users.c.name == user, lists.c.name == STARRED, list_items.c.kind == kind)
        )
        found: set[str] = set()
        with self._database.reading() as connection:
            for chunk in in_chunks(list(subjects)):
                found |= set(connection.scalars(query.where(list_items.c.subject.in_(chunk))))
        return found

    def items(self, number: int) -> tuple[Item, ...]:
        """Return what is on a list, the newest first."""
        query = (
            sa.select(list_items)
            .where(list_items.c.list == number)
            .order_by(list_items.c.number.desc())
        )
        with self._database.reading() as connection:
            return tuple(map(item_of, connection.execute(query)))

    def has(self, number: int) -> frozenset[tuple[str, str]]:
        """Return of what is on a list only the kinds and the subjects."""
        query = sa.select(list_items.c.kind, list_items.c.subject)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(list_items.c.list == number))
            return frozenset((str(kind), subject) for kind, subject in rows)

    def on(self, user: str, subject: str) -> tuple[tuple[KeptList, Item], ...]:
        """Return where a thing, or a passage of it, is on the lists that a user sees."""
        seen = {one.number: one for one in self.seen_by(user)}
        query = (
            sa.select(list_items)
            .where(list_items.c.subject == subject)
            .order_by(list_items.c.number)
        )
        with self._database.reading() as connection:
            found = map(item_of, connection.execute(query))
            return tuple((seen[item.list], item) for item in found if item.list in seen)

    def article_ids(self, number: int) -> set[str]:
        """Return the articles of a list.

        Those on it, those with a passage on it, and those of its stories and with its entities.
        """
        with self._database.reading() as connection:
            return {row.id for query in articles_of(number) for row in connection.execute(query)}

    def notes(self, number: int, ids: Sequence[str]) -> dict[str, tuple[ListNote, ...]]:
        """Return the notes of a list on those of some articles that belong to it."""
        name = self.get(number).name
        found: dict[str, list[tuple[int, ListNote]]] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(ids):
                for query in articles_of(number):
                    for row in connection.execute(query.where(articles.c.id.in_(chunk))):
                        said = ListNote(
                            name, ItemKind(row.kind), row.note, tuple(row.tags), row.quote
                        )
                        found.setdefault(row.id, []).append((row.number, said))
        return {
            id_: tuple(dict(sorted(said, key=lambda pair: pair[0])).values())
            for id_, said in found.items()
        }

    def _own(self, number: int, owner: str) -> KeptList:
        found = self.get(number, owner)
        if found.owner != owner:
            raise NotFoundError(f"You have no list {number}.")
        return found

    def _subject(self, new_item: NewItem) -> tuple[str, str, str]:
        """Return the id or key of what is meant, what it is called, and the passage's words."""
        match new_item.kind:
            case ItemKind.ENTITY:
                entity = self._entities.get(new_item.subject)
                return entity.key, entity.name, ""
            case ItemKind.STORY:
                story = self._stories.get(new_item.subject)
                return story.id, story.name, ""
        article = self._articles.get(new_item.subject)
        if new_item.kind is ItemKind.ARTICLE:
            return article.id, article.title, ""
        if new_item.field not in ("title", "summary", "body"):
            raise UsageError("A passage is of the field title, summary or body.")
        text = getattr(article, new_item.field)
        quote = text[new_item.start : new_item.end].strip()
        if not 0 <= new_item.start < new_item.end <= len(text) or not quote:
            raise UsageError("There is no such passage in this article.")
        if len(quote) > LONGEST_QUOTE:
            raise UsageError(f"A passage has at most {LONGEST_QUOTE:,} characters.")
        return article.id, quote, quote

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[KeptList, ...]:
        counted = sa.select(sa.func.count()).where(list_items.c.list == lists.c.number)
        query = (
            sa.select(
                lists,
                users.c.name.label("owner"),
                counted.correlate(lists).scalar_subquery().label("items"),
            )
            .join(users, users.c.number == lists.c.user)
            .where(which)
            .order_by(sa.func.lower(lists.c.name), lists.c.number)
        )
        with self._database.reading() as connection:
            return tuple(
                KeptList(r.number, r.owner, r.name, r.shared, r.made, r.items, r.secret)
                for r in connection.execute(query)
            )


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, ("-".join(tag.split()) for tag in tags))))
    if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        raise UsageError(f"There are at most {MOST_TAGS} tags of {LONGEST_TAG} characters.")
    return found
