"""The store: the database from which everything else can be rebuilt, one repository per subject."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from models.errors import StoreError
from models.wording import why_refused
from store.articles import ArticleRepository
from store.changes import ChangeRepository
from store.clusters import ClusterRepository
from store.corrections import CorrectionRepository
from store.database import Database, shown_url
from store.duplicates import DuplicateRepository
from store.entities.names import NameRepository
from store.entities.numbers import EntityNumbers
from store.entities.repository import EntityRepository
from store.exported import ExportedRepository
from store.feeds import FeedRepository
from store.full_text import FullTextRepository
from store.jobs import JobRepository
from store.journal import JournalRepository
from store.leases import LeaseRepository
from store.people.alerts import AlertRepository
from store.people.lists import ListRepository
from store.people.reading import ReadingRepository
from store.people.rules import RuleRepository
from store.people.saved_searches import SavedSearchRepository
from store.people.users import UserRepository
from store.removal.repository import RemovalRepository
from store.schema import about, metadata
from store.stories.repository import StoryRepository
from store.story_corrections import StoryCorrections
from store.tags.repository import TagRepository
from store.trends import TrendRepository


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many rows of each kind the store holds; `topics` counts articles by topic slug."""

    articles: int
    feeds: int
    sources: int
    entities: int
    mentions: int
    topics: dict[str, int]


class Store:
    """An open store; use it as a context manager, or close it.

    `url` is an SQLAlchemy URL such as `sqlite:////path/store.sqlite`; `Store.at` opens a path.
    Raises StoreError if it can't be opened.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = Database(url)
        numbers = EntityNumbers()
        self.alerts = AlertRepository(self._database)
        self.articles = ArticleRepository(self._database)
        self.changes = ChangeRepository(self._database)
        self.clusters = ClusterRepository(self._database)
        self.duplicates = DuplicateRepository(self._database)
        self.entities = EntityRepository(self._database, numbers)
        self.feeds = FeedRepository(self._database)
        self.full_text = FullTextRepository(self._database)
        self.jobs = JobRepository(self._database)
        self.journal = JournalRepository(self._database)
        self.names = NameRepository(self._database)
        self.reading = ReadingRepository(self._database)
        self.removals = RemovalRepository(self._database, self.articles)
        self.saved = SavedSearchRepository(self._database)
        self.stories = StoryRepository(self._database)
        self.tags = TagRepository(self._database, numbers)
        self.exported = ExportedRepository(self._database, self.tags)
        self.corrections = CorrectionRepository(
            self._database,
            article_repository=self.articles,
            tags=self.tags,
            entity_repository=self.entities,
            duplicates=self.duplicates,
            stories=self.stories,
        )
        self.story_corrections = StoryCorrections(self._database, self.stories)
        self.leases = LeaseRepository(self._database)
        self.lists = ListRepository(self._database, self.articles, self.entities, self.stories)
        self.rules = RuleRepository(self._database, self.corrections, self.lists)
        self.trends = TrendRepository(self._database)
        self.users = UserRepository(self._database)

    @classmethod
    def at(cls, path: Path) -> Store:
        """Open the SQLite store at a path, creating it if it does not exist."""
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)  # it holds logins of feeds
        except OSError as error:
            raise StoreError(f"{path} can't be made: {why_refused(error)}.") from error
        return cls(f"sqlite:///{path}")

    @property
    def read_only(self) -> bool:
        """Whether the store can only be read, for example on a read-only disk."""
        return self._database.read_only

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything that is written in a block, or nothing if it raises an error."""
        with self._database.writing():
            yield

    def close(self) -> None:
        """Close the database connections."""
        self._database.close()

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the store to a new file; raises StoreError."""
        self._database.copy_to(path)

    def identity(self) -> str:
        """Return the unique id of this store, by which an index knows which store it belongs to.

        Raises StoreError if the id has been deleted.
        """
        query = sa.select(about.c.value).where(about.c.key == "identity")
        with self._database.reading() as connection:
            found = connection.scalar(query)
        if not found:
            raise StoreError(
                f"The store {shown_url(self.url)} has lost its identity. `slugline restore` brings "
                "back a backup."
            )
        return str(found)

    def generation(self) -> str:
        """Return a token that changes with every write, by any process; "" if it is not known.

        Within a transaction it is the token from before the transaction.
        """
        return self._database.generation()

    def faults(self) -> list[str]:
        """Check the whole store and return a message for each fault; called by `doctor`."""
        return self._database.faults()

    def probe(self) -> None:
        """Read a row of each table; raises StoreError if one can't be read."""
        with self._database.reading() as connection:
            for table in metadata.sorted_tables:
                connection.execute(sa.select(table).limit(1)).first()

    def statistics(self) -> Statistics:
        """Count articles, feeds, sources, entities, mentions and topics."""
        return Statistics(
            articles=self.articles.count(),
            feeds=self.feeds.count(),
            sources=len(self.articles.sources()),
            entities=self.entities.count(),
            mentions=self.tags.count_mentions(),
            topics=self.tags.topics(),
        )
