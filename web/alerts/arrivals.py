"""Matches newly indexed articles against rules and alerts before they leave the change queue.

Matches and the end of their changes are written in one transaction: an article that an alert
watches for is on its queue once, whenever the process is killed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from models.alerts import Alert, Match, Watched
from models.batches import batches
from models.errors import EngineError, NotFoundError, UsageError
from models.rules import Action
from web.alerts.names import MOST_SHOWN, NameList
from web.context import WebSettings
from web.rules.arrivals import apply_rules, caught
from web.saved.question import read_question

if TYPE_CHECKING:
    from models.tags import TaggedArticle
    from search.request import Request
    from store.changes import Change
    from store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Articles that are asked about in one search."""


class ArticleMatcher(Protocol):
    """What says which of some articles a request finds; `search.searcher.Searcher` does."""

    def among(self, request: Request, ids: Sequence[str]) -> set[str]:
        """Return which of these articles have all that the request asks for."""

    def as_seen_by(self, user: str) -> ArticleMatcher:
        """Return the same for the lists that a user sees."""


class Arrivals:
    """Takes changes off the queue once they are indexed, and tells the alerts."""

    def __init__(self, store: Store, searcher: ArticleMatcher) -> None:
        self._store = store
        self._searcher = searcher
        self._names: dict[int, NameList] = {}

    def finish(self, changes: Sequence[Change]) -> None:
        """Match what was indexed, and take it off the change queue with that."""
        now = datetime.now(UTC)
        ids = list(dict.fromkeys(each.article_id for each in changes))
        found = caught(self._store, self._searcher, ids)
        muted = {id_ for rule, some in found for id_ in some if rule.action is Action.MUTE}
        matches = list(self._matches([id_ for id_ in ids if id_ not in muted]))
        with self._store.transaction():
            # First off the queue: what a rule changes comes back on it, to be indexed again.
            self._store.alerts.queue.put(matches, now, changes)
            apply_rules(self._store, found, now)

    def _matches(self, ids: Sequence[str]) -> Iterator[Match]:
        alerts = [
            each for each in self._store.alerts.active() if each.watches is not Watched.SOURCE
        ]
        if not alerts:
            return
        oldest = min(alert.made for alert in alerts)
        for some in batches(ids, AT_ONCE):
            found = [
                one for one in self._store.articles.tagged(some) if one.article.fetched >= oldest
            ]
            for alert in alerts:
                fresh = [one for one in found if one.article.fetched >= alert.made]
                if fresh:
                    yield from self._of(alert, fresh)

    def _of(self, alert: Alert, found: Sequence[TaggedArticle]) -> list[Match]:
        """Return what of some articles an alert watches for; trouble is written down with it."""
        by_id = {one.article.id: one for one in found}
        known = self._store.alerts.queue.known(alert.number, by_id)
        fresh = [one for id_, one in by_id.items() if id_ not in known]
        if not fresh:
            return []
        try:
            matches = self._matched(alert, fresh)
        except (UsageError, EngineError, NotFoundError) as error:
            log.warning("Alert %d can't be asked: %s", alert.number, error)
            self._store.alerts.trouble(alert.number, str(error)[:500])
            return []
        if alert.trouble:
            self._store.alerts.trouble(alert.number, "")
        return matches

    def _matched(self, alert: Alert, found: Sequence[TaggedArticle]) -> list[Match]:
        match alert.watches:
            case Watched.SEARCH:
                asked = replace(read_question(alert.question, WebSettings()), page=1)
                ids = [one.article.id for one in found]
                hits = self._searcher.as_seen_by(alert.owner).among(asked.request(1, ()), ids)
                return [Match(alert.number, id_, id_) for id_ in ids if id_ in hits]
            case Watched.STORY:
                story = self._store.stories.get(alert.subject).id
                return [
                    Match(alert.number, one.article.id, one.article.id)
                    for one in found
                    if one.story and one.story.id == story
                ]
            case _:
                return list(self._named(alert, found))

    def _named(self, alert: Alert, found: Sequence[TaggedArticle]) -> Iterator[Match]:
        if alert.number not in self._names:
            self._names[alert.number] = NameList(self._store.alerts.names(alert.number))
        names = self._names[alert.number]
        for one in found:
            article = one.article
            entities = [entity.name for entity in one.entities]
            said = names.found_in([article.title, article.summary, article.body, *entities])
            if said:
                shown = ", ".join(said[:MOST_SHOWN]) + (" …" if len(said) > MOST_SHOWN else "")
                yield Match(alert.number, article.id, article.id, shown)
