"""The repository of saved searches, each with the secret of its feed."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.saved import SavedSearch
from store.database import Database, by_number
from store.journal import note
from store.people.account_tables import saved_searches, users
from store.people.owned import checked_name, owner_with_room

MOST = 500
"""Searches that one user keeps."""
LONGEST_NAME, LONGEST_QUESTION = 100, 8_000


class SavedSearchRepository:
    """Saved searches by number, and by the secret of their feed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the searches of all users, by name."""
        return self._read(sa.true())

    def seen_by(self, user: str) -> tuple[SavedSearch, ...]:
        """Return a user's own searches and those that others share, by name."""
        return self._read((users.c.name == user) | saved_searches.c.shared)

    def of_secret(self, secret: str) -> SavedSearch:
        """Return the search whose feed has a secret; raises NotFoundError."""
        found = self._read(saved_searches.c.secret == secret)
        if not found:
            raise NotFoundError("There is no feed at this address; its owner may have renewed it.")
        return found[0]

    def get(self, number: int) -> SavedSearch:
        """Return a search; raises NotFoundError."""
        found = self._read(by_number(saved_searches.c.number, number))
        if not found:
            raise NotFoundError(f"There is no saved search {number}.")
        return found[0]

    def add(
        self, owner: str, name: str, question: str, *, shared: bool, who: str, now: datetime
    ) -> SavedSearch:
        """Keep a search for a user; raises UsageError, NotFoundError for the user."""
        name = checked_name(name, LONGEST_NAME, "A saved search's")
        if len(question) > LONGEST_QUESTION:
            raise UsageError("This search is too long to be saved.")
        with self._database.writing() as connection:
            user = owner_with_room(connection, owner, saved_searches, MOST, "saved searches")
            fresh = sa.insert(saved_searches).values(
                user=user,
                name=name,
                question=question,
                shared=shared,
                secret=secrets.token_urlsafe(24),
                made=now,
            )
            number = connection.execute(fresh.returning(saved_searches.c.number)).scalar_one()
            note(connection, who, "search-saved", str(number), f"Saved the search “{name}”.")
        return self.get(number)

    def renew(self, number: int, owner: str, *, who: str) -> SavedSearch:
        """Give a search's feed another address; the old one ends at once."""
        with self._database.writing() as connection:
            here = self._own(number, owner)
            change = sa.update(saved_searches).where(saved_searches.c.number == here.number)
            connection.execute(change.values(secret=secrets.token_urlsafe(24)))
            words = f"Renewed the feed's address of the search “{here.name}”."
            note(connection, who, "search-renewed", str(number), words)
        return self.get(number)

    def remove(self, number: int, owner: str, *, who: str) -> SavedSearch:
        """Remove a user's search; raises NotFoundError where it is not theirs."""
        with self._database.writing() as connection:
            here = self._own(number, owner)
            gone = sa.delete(saved_searches).where(saved_searches.c.number == here.number)
            connection.execute(gone)
            words = f"Removed the search “{here.name}”."
            note(connection, who, "search-removed", str(number), words)
        return here

    def _own(self, number: int, owner: str) -> SavedSearch:
        found = self.get(number)
        if found.owner != owner:
            raise NotFoundError(f"You have no saved search {number}.")
        return found

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[SavedSearch, ...]:
        query = (
            sa.select(saved_searches, users.c.name.label("owner"))
            .join(users, users.c.number == saved_searches.c.user)
            .where(which)
            .order_by(sa.func.lower(saved_searches.c.name), saved_searches.c.number)
        )
        with self._database.reading() as connection:
            return tuple(
                SavedSearch(r.number, r.owner, r.name, r.question, r.shared, r.made, r.secret)
                for r in connection.execute(query)
            )
