"""Previews and carries out removals and retention rules, for all interfaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.article import Article
from models.errors import UsageError
from models.removal import Removal, RetentionRule, checked_reason

if TYPE_CHECKING:
    from store.store import Store

FURTHEST_DAYS = 100_000
MOST_ARTICLES = 10**9


@dataclass(frozen=True, slots=True)
class TakedownPreview:
    """What goes with an article, and which articles repeat it and stay."""

    article: Article
    versions: int
    repeats: tuple[str, ...]


def preview_takedown(store: Store, article_id: str) -> TakedownPreview:
    """Say what removing an article would do; raises NotFoundError."""
    article = store.articles.get(article_id)
    copies = store.duplicates.copies([article_id]).get(article_id, ())
    versions = len(store.articles.versions(article_id)) + 1
    return TakedownPreview(article, versions, tuple(copy.id for copy in copies))


def take_down(store: Store, article_id: str, reason: str, who: str) -> Removal:
    """Remove an article everywhere; raises NotFoundError, UsageError without a reason."""
    why = checked_reason(reason)
    return store.removals.take_down(article_id, who=who, why=why, now=datetime.now(UTC))


def checked_rule(days: int, articles: int, megabytes: int) -> RetentionRule:
    """Return a rule; raises UsageError where it sets no limit, or one out of all bounds."""
    rule = RetentionRule(days, articles, megabytes)
    if min(days, articles, megabytes) < 0 or days > FURTHEST_DAYS or articles > MOST_ARTICLES:
        raise UsageError(f"Retention keeps 1 to {FURTHEST_DAYS:,} days; other limits are positive.")
    if not rule.is_set:
        raise UsageError(
            "No retention is set: everything is kept. Say how many days, articles or megabytes of "
            "text to keep (retention.days, retention.articles, retention.megabytes)."
        )
    return rule


def apply_rule(
    store: Store, rule: RetentionRule, who: str, progress: Callable[[int], object] = lambda _: None
) -> int:
    """Remove what a rule no longer keeps, a batch a transaction; return how many went.

    `progress` hears of each batch. Killed at any moment and begun again, it goes on where it was.
    """
    now = datetime.now(UTC)
    removed = 0
    while ids := store.removals.apply(rule, who=who, now=now):
        removed += len(ids)
        progress(len(ids))
    if removed:
        store.removals.note_applied(rule, removed, who=who, now=now)
    return removed
