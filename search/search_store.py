"""What searching reads of the store, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from models.article import Copy
from models.tags import TaggedArticle
from search.lists import ListReader
from search.suggestions.entity_offers import Entities


class Articles(Protocol):
    """The store's articles."""

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        """Return the articles of these ids in this order, without those that are gone."""


class Duplicates(Protocol):
    """The store's groups of duplicates."""

    def copies(self, leader_ids: Sequence[str]) -> Mapping[str, tuple[Copy, ...]]:
        """Return what repeats each of some articles."""


class Stories(Protocol):
    """The store's stories."""

    def of(self, article_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the stories of those articles that have one."""

    def names(self, story_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of stories by id."""


class SearchStore(Protocol):
    """What a searcher reads of the store."""

    @property
    def articles(self) -> Articles:
        """The store's articles."""

    @property
    def entities(self) -> Entities:
        """The store's entities."""

    @property
    def duplicates(self) -> Duplicates:
        """The store's groups of duplicates."""

    @property
    def stories(self) -> Stories:
        """The store's stories."""

    @property
    def lists(self) -> ListReader:
        """The store's lists."""
