"""Sends pending alerts, several messages in parallel.

A message is claimed in the store, sent, and written down as taken. Killed between the last two, it
goes out a second time when the claim has run out, under the same key: at least once on the wire,
never again once the receiver's answer is written down.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.errors import MessageError
from typing import TYPE_CHECKING

from ingest.fetching.address import networks
from models.activity import noticed
from models.alerts import Channel, Delivery, Match, State, Watched, next_try
from models.errors import SluglineError
from slugline.alerts.channels import Sender, open_senders
from slugline.alerts.message import Message, MessageItem, Section
from slugline.alerts.post import Poster, UndeliveredError
from slugline.factory import PRIVATE

if TYPE_CHECKING:
    from slugline.setting_sections import AlertSettings
    from store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Messages that are sent at one time, so that one slow receiver holds up few others."""

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Dispatcher:
    """Tells what is due. `senders` are the channels; `now` is the clock."""

    def __init__(
        self,
        store: Store,
        settings: AlertSettings,
        senders: Mapping[Channel, Sender] | None = None,
        now: Clock = _now,
    ) -> None:
        self._store = store
        self._settings = settings
        self._senders = senders or open_senders(settings, open_poster(settings))
        self._now = now

    def run(self, ended: Callable[[], bool] = lambda: False) -> Counter[State]:
        """Make messages of all that is due and send them; return what became of them.

        `ended` says that nothing more is to be begun.
        """
        self.notice_sources()
        queue = self._store.alerts.queue
        queue.collect(self._now(), self._settings.daily_hour)
        done: Counter[State] = Counter()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="alerts") as pool:
            for counted in pool.map(lambda _: self._drain(ended), range(AT_ONCE)):
                done += counted
        return done

    def test(self, number: int) -> Delivery:
        """Send a test by an alert's channel, and return what became of it."""
        queue = self._store.alerts.queue
        made = queue.add_test(number, self._now())
        if claimed := queue.claim(self._now(), only=made):
            self._send(claimed, give_up=True)
        return queue.get(made)

    def notice_sources(self) -> int:
        """Put on the queue which watched sources fell silent or came in a flood; return how many.

        A silence is told once, and a flood once for its day.
        """
        now, alerts = self._now(), self._store.alerts
        matches = []
        for alert in alerts.active():
            if alert.watches is Watched.SOURCE:
                found = noticed(alerts.queue.articles_by_day(alert.subject, now), now.date())
                if found and (found.kind == "silent" or found.day >= alert.made.date()):
                    words = f"{alert.subject}: {found.words}"
                    matches.append(Match(alert.number, f"{found.kind} {found.day}", words=words))
        return alerts.queue.put(matches, now) if matches else 0

    def _drain(self, ended: Callable[[], bool]) -> Counter[State]:
        done: Counter[State] = Counter()
        while not ended() and (claimed := self._store.alerts.queue.claim(self._now())):
            done[self._send(claimed)] += 1
        return done

    def _send(self, delivery: Delivery, *, give_up: bool = False) -> State:
        """Send one delivery and write down what became of it."""
        queue = self._store.alerts.queue
        message = self._message(delivery)
        if message.test and not delivery.test:  # its alert is gone, with all it had to tell
            queue.finish(delivery.number, State.EMPTY, self._now())
            return State.EMPTY
        try:
            self._senders[delivery.channel].send(delivery, message)
        except (UndeliveredError, MessageError, ValueError) as error:
            return self._failed(delivery, error, give_up=give_up)
        queue.finish(delivery.number, State.SENT, self._now())
        return State.SENT

    def _failed(self, delivery: Delivery, error: Exception, *, give_up: bool) -> State:
        asked = final = None
        if isinstance(error, UndeliveredError):
            asked, final = error.retry_after, error.final
        again = next_try(delivery.attempts, self._now(), asked)
        reason = f"{delivery.channel} {error}."
        log.warning("Delivery %d of an alert: %s", delivery.number, reason)
        queue = self._store.alerts.queue
        if again is None or final or give_up:
            queue.finish(delivery.number, State.FAILED, self._now(), reason)
            return State.FAILED
        queue.postpone(delivery.number, reason, again)
        return State.WAITING

    def _message(self, delivery: Delivery) -> Message:
        found = self._store.alerts.queue.content(delivery.number)
        sections = []
        for number, (matches, total) in found.items():
            ids = [match.article_id for match in matches if match.article_id]
            known = {one.article.id: one for one in self._store.articles.tagged(ids)}
            items = tuple(
                MessageItem(match, known.get(match.article_id))
                for match in matches
                if not match.article_id or match.article_id in known
            )
            if items:
                sections.append(Section(self._store.alerts.get(number), items, total))
        pages = self._settings.page_url
        return Message(delivery.key, delivery.made, tuple(sections), pages)


def open_poster(settings: AlertSettings) -> Poster:
    """Return what posts to webhooks, within what settings allow."""
    hosts = {each.strip().lower() for each in settings.private_hosts.split(",")} - {""}
    return Poster(frozenset(hosts), networks(PRIVATE))


def dispatch(store: Store, settings: AlertSettings, ended: Callable[[], bool]) -> Counter[State]:
    """Send all that is due; trouble of one's own settings is told, and stops nothing else."""
    if not store.alerts.active() and not store.alerts.queue.waiting():
        return Counter()
    try:
        return Dispatcher(store, settings).run(ended)
    except SluglineError as error:
        log.warning("Alerts can't be sent: %s", error)
        return Counter()
