"""The group of near-duplicates that an article belongs to, for display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.article import Article

if TYPE_CHECKING:
    from store.store import Store

SHOWN = 20
"""Repetitions that a page names; an agency's copy may stand in a hundred papers."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that repeats the leader, and the reason for a person."""

    article: Article
    reason: str


@dataclass(frozen=True, slots=True)
class DuplicateStory:
    """A leader and the articles that repeat it, of which `more` are not named."""

    leader: Article
    tellings: tuple[Repeat, ...]
    more: int

    def reason(self, article_id: str) -> str:
        """Return why an article is part of the story, "" for the leader."""
        found = (each.reason for each in self.tellings if each.article.id == article_id)
        return next(found, "")


def duplicate_story(store: Store, article_id: str) -> DuplicateStory | None:
    """Return the story of an article, None where it repeats no other and none repeats it."""
    group = store.duplicates.group(article_id)
    if group is None:
        return None
    # The article of the page comes first, so that its own reason is never among those left out.
    members = sorted(group.members, key=lambda member: member.article_id != article_id)[:SHOWN]
    ids = [group.leader_id, *(member.article_id for member in members)]
    found = {each.article.id: each.article for each in store.articles.tagged(ids)}
    tellings = tuple(Repeat(found[member.article_id], member.reason) for member in members)
    return DuplicateStory(found[group.leader_id], tellings, len(group.members) - len(tellings))
