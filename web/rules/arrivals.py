"""Applies rules to articles that have just been indexed, before alerts are matched."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from models.batches import batches
from models.errors import EngineError, UsageError
from models.rules import Rule
from web.context import WebSettings
from web.saved.question import read_question

if TYPE_CHECKING:
    from search.request import Request
    from store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Articles that are asked about in one search."""


class ArticleMatcher(Protocol):
    """What says which of some articles a request finds."""

    def among(self, request: Request, ids: Sequence[str]) -> set[str]:
        """Return which of these articles have all that the request asks for."""

    def as_seen_by(self, user: str) -> ArticleMatcher:
        """Return the same for the lists that a user sees."""


Caught = list[tuple[Rule, list[str]]]
"""Rules with the articles that each of them catches."""


def caught(store: Store, searcher: ArticleMatcher, ids: Sequence[str]) -> Caught:
    """Return what the rules catch of articles that came after them; trouble is written down."""
    found: Caught = []
    rules = store.rules.active()
    if not rules:
        return found
    for some in batches(ids, AT_ONCE):
        came = {one.article.id: one.article.fetched for one in store.articles.tagged(some)}
        for rule in rules:
            fresh = [id_ for id_, fetched in came.items() if fetched >= rule.made]
            known = store.rules.known(rule.number, fresh)
            if asked := [id_ for id_ in fresh if id_ not in known]:
                found.append((rule, matching(store, searcher, rule, asked)))
    return found


def matching(store: Store, searcher: ArticleMatcher, rule: Rule, ids: Sequence[str]) -> list[str]:
    """Return which of some articles a rule is for, none where it can't be asked."""
    try:
        request = read_question(rule.question, WebSettings()).request(1, ())
        hits = searcher.as_seen_by(rule.owner).among(request, ids)
    except (UsageError, EngineError) as error:
        log.warning("Rule %d can't be asked: %s", rule.number, error)
        store.rules.trouble(rule.number, str(error)[:500])
        return []
    if rule.trouble:
        store.rules.trouble(rule.number, "")
    return [id_ for id_ in ids if id_ in hits]


def apply_rules(store: Store, found: Caught, now: datetime) -> None:
    """Apply each rule to the articles it matched, in the caller's transaction."""
    for rule, ids in found:
        if ids:
            store.rules.apply(rule, ids, now)
