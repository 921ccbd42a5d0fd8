"""Alerts go out to real receivers, each once, whatever these do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.accounts import Role
from models.alerts import Alert, Channel, Delivery, NewAlert, Pace, State, Watched
from models.article import Entry
from models.errors import ConfigError
from models.feed import Feed
from search.engines.registry import open_engine
from search.searcher import Searcher
from search.sync import drain
from slugline.alerts.channels import Webhook, open_senders, signature
from slugline.alerts.message import Message
from slugline.alerts.post import Poster, UndeliveredError
from slugline.alerts.send import Dispatcher, open_poster
from slugline.setting_sections import AlertSettings
from store.store import Store
from tests.conftest import make_entry
from tests.slugline.alerts.receivers import MailBox, Receiver, mail_server, receiver
from web.alerts.arrivals import Arrivals

SEED = "whsec_aaaa"
TOKEN = "tk_example"  # noqa: S105 - invented
MADE = datetime(2025, 6, 1, 10, tzinfo=UTC)
LATER = MADE + timedelta(hours=1)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_server() as opened:
        yield opened


class Site:
    """A store with an index and a user, and a clock that a test moves."""

    def __init__(self, store: Store, place: Path) -> None:
        self.store = store
        self.engine = open_engine("whoosh", place, time_limit=5.0)
        self.now = LATER
        self.settings = AlertSettings(private_hosts="127.0.0.1, hook.example")
        store.users.add("ada", Role.EDITOR, "", who="a test", now=MADE)

    def come(self, *entries: Entry, now: datetime = LATER) -> None:
        """Let articles come, and index them as every round does."""
        feed = Feed("https://harbourpost.example/rss", title="Harbour Post")
        self.store.articles.put(entries, feed, now)
        self.index()

    def index(self) -> None:
        arrivals = Arrivals(self.store, Searcher(self.engine, self.store))
        drain(self.store.changes, self.store.articles, self.engine, done=arrivals.finish)

    def saved(self, question: str) -> int:
        made = self.store.saved.add(
            "ada", f"On {question}", question, shared=False, who="a test", now=MADE
        )
        return made.number

    def alert(
        self,
        channel: Channel,
        target: str,
        question: str = "q=fish",
        pace: Pace = Pace.AT_ONCE,
        name: str = "",
    ) -> Alert:
        wanted = NewAlert(name, Watched.SEARCH, channel, target, pace, saved=self.saved(question))
        return self.store.alerts.add("ada", wanted, who="a test", now=MADE)

    def run(self) -> dict[State, int]:
        senders = open_senders(self.settings, open_poster(self.settings))
        return dict(Dispatcher(self.store, self.settings, senders, lambda: self.now).run())

    def last(self, alert: Alert) -> Delivery:
        return self.store.alerts.queue.of_alert(alert.number, 1)[0]


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Iterator[Site]:
    opened = Site(store, tmp_path / "index")
    yield opened
    opened.engine.close()


FISH = make_entry(1, title="Fish is dear", summary="Ministers spoke of fish.")
HERRING = make_entry(2, title="Herring", summary="More fish in the north.")
FERRY = make_entry(3, title="A ferry sails", summary="It sails at noon.")


def mail_settings(box: MailBox) -> AlertSettings:
    return AlertSettings(
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_security="none",
        mail_from="news@slugline.example",
        page_url="https://news.example/",
        private_hosts="127.0.0.1",
    )


def test_a_webhook_gets_signed_json_of_what_came_and_nothing_twice(
    site: Site, hook: Receiver
) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH, FERRY)
    assert site.run() == {State.SENT: 1}
    (got,) = hook.got
    (told,) = got.json["alerts"]
    assert (told["name"], told["total"]) == ("On q=fish", 1)
    assert [each["title"] for each in told["articles"]] == ["Fish is dear"]
    seed = base64.b64decode(alert.secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(seed, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 60
    site.store.changes.add_all()
    site.index()
    assert site.run() == {}, "indexed again, but told before"
    site.come(HERRING)
    assert site.run() == {State.SENT: 1}
    assert len(set(hook.ids())) == 2


def test_what_was_there_before_the_alert_is_not_told(site: Site, hook: Receiver) -> None:
    site.come(FISH, now=MADE - timedelta(days=1))
    site.alert(Channel.WEBHOOK, hook.url())
    site.store.changes.add_all()
    site.index()
    assert site.run() == {}


def test_all_words_of_a_search_must_be_there(site: Site, hook: Receiver) -> None:
    site.alert(Channel.WEBHOOK, hook.url(), "q=fish+north")
    site.come(FISH, HERRING)
    site.run()
    (told,) = hook.got[0].json["alerts"]
    assert [each["title"] for each in told["articles"]] == ["Herring"]


def test_mail_of_a_day_is_one_digest_of_all_alerts(site: Site, box: MailBox) -> None:
    site.settings = mail_settings(box)
    site.alert(Channel.MAIL, "ada@example.org", "q=fish", Pace.DAILY, "Fish")
    site.alert(Channel.MAIL, "ada@example.org", "q=ferry", Pace.DAILY, "Ferries")
    site.come(FISH, FERRY)
    assert site.run() == {}, "not yet six o'clock"
    site.come(HERRING)
    site.now = datetime(2025, 6, 2, 6, 0, 1, tzinfo=UTC)
    assert site.run() == {State.SENT: 1}
    (mail,) = box.mails
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Fish, Ferries: 3 new"
    text = mail.get_content()
    for part in ("== Fish ==", "Fish is dear", "Herring", "== Ferries ==", "A ferry sails"):
        assert part in text
    assert f"https://news.example/articles/{FERRY.id}" in text
    site.now += timedelta(days=1)
    assert site.run() == {}, "nothing new"


def test_hourly_alerts_wait_for_the_full_hour(site: Site, hook: Receiver) -> None:
    site.alert(Channel.WEBHOOK, hook.url(), pace=Pace.HOURLY)
    site.now = MADE + timedelta(minutes=59)
    site.come(FISH, now=MADE)
    assert site.run() == {}
    site.now = MADE + timedelta(hours=1)
    assert site.run() == {State.SENT: 1}
    site.come(HERRING)
    assert site.run() == {}
    site.now += timedelta(hours=1)
    assert site.run() == {State.SENT: 1}


def test_a_mail_has_one_message_id_at_every_attempt(site: Site, box: MailBox) -> None:
    site.settings = mail_settings(box)
    alert = site.alert(Channel.MAIL, "ada@example.org")
    site.come(FISH)
    box.refuse = "451 try later"
    assert site.run() == {State.WAITING: 1}
    assert "451" in site.last(alert).error
    box.refuse = ""
    assert site.run() == {}, "it is tried again later, not at once"
    site.now += timedelta(seconds=61)
    assert site.run() == {State.SENT: 1}
    (mail,) = box.mails
    assert mail["Message-ID"] == f"<{site.last(alert).key}@slugline.example>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_an_address_that_is_refused_for_good_is_not_tried_again(site: Site, box: MailBox) -> None:
    site.settings = mail_settings(box)
    alert = site.alert(Channel.MAIL, "nobody@example.org")
    site.come(FISH)
    box.refuse = "550 no such user"
    assert site.run() == {State.FAILED: 1}
    assert "550 no such user" in site.last(alert).error


def test_a_title_cannot_write_headers_of_a_mail(site: Site, box: MailBox) -> None:
    site.settings = mail_settings(box)
    site.alert(Channel.MAIL, "ada@example.org", name="Fish")
    title = "Fish\r\nBcc: all@example.org\u2028\x00 =?utf-8?q?x?="
    site.come(replace(FISH, title=title))
    assert site.run() == {State.SENT: 1}
    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert "Bcc: all@example.org" in mail["Subject"]


def test_ntfy_is_told_by_its_topic_with_its_token(site: Site, hook: Receiver) -> None:
    wanted = NewAlert(
        "Fish",
        Watched.SEARCH,
        Channel.NTFY,
        hook.url("/fish-topic"),
        saved=site.saved("q=fish"),
        secret=TOKEN,
    )
    site.store.alerts.add("ada", wanted, who="a test", now=MADE)
    site.come(FISH, replace(HERRING, summary="fish " * 2000))
    assert site.run() == {State.SENT: 1}
    (got,) = hook.got
    assert (got.path, got.headers["authorization"]) == ("/", "Bearer tk_example")
    assert got.json["topic"] == "fish-topic"
    assert got.json["title"] == "Fish: 2 new"
    assert len(got.json["message"].encode()) < 4096


def test_a_failing_receiver_is_tried_ever_later_and_then_given_up(
    site: Site, hook: Receiver
) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    hook.behave = 500
    waits = []
    while (done := site.run()) == {State.WAITING: 1}:
        again = site.last(alert).next_try
        assert again
        waits.append((again - site.now).total_seconds())
        site.now = again
    assert done == {State.FAILED: 1}
    assert waits == sorted(waits)
    assert (len(waits), waits[0], waits[-1]) == (8, 60, 86_400)
    assert len(set(hook.ids())) == 1, "one id at every attempt"
    assert "500 Internal Server Error" in site.last(alert).error


def test_a_receiver_that_asks_for_time_gets_it_and_one_that_is_gone_is_left(
    site: Site, hook: Receiver
) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    hook.behave, hook.headers = 503, {"Retry-After": "7200"}
    site.run()
    again = site.last(alert).next_try
    assert again
    assert abs((again - site.now).total_seconds() - 7200) < 2
    hook.behave, site.now = 410, again
    assert site.run() == {State.FAILED: 1}


def test_a_redirect_is_not_followed(site: Site, hook: Receiver) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    hook.behave, hook.headers = 307, {"Location": hook.url("/elsewhere")}
    assert site.run() == {State.WAITING: 1}
    assert [each.path for each in hook.got] == ["/hook"]
    assert "307" in site.last(alert).error


def sent(url: str, poster: Poster) -> str:
    """Return why a message was not taken."""
    delivery = Delivery(1, "k" * 32, Channel.WEBHOOK, url, MADE, 1, secret="whsec_" + "a" * 32)
    with pytest.raises(UndeliveredError) as raised:
        Webhook(poster).send(delivery, Message(delivery.key, MADE))
    return str(raised.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "169.254.169.254",
    ],
)
def test_private_addresses_are_refused(hook: Receiver, host: str) -> None:
    said = sent(hook.url(host=host), Poster(seconds=5))
    assert "is not an address of the public network" in said
    assert "alerts.private_hosts" in said
    assert not hook.got


def test_a_name_that_changes_its_address_leads_nowhere_private(hook: Receiver) -> None:
    """The address that is looked at is the one that is connected to; each request looks anew."""
    answers = iter([["203.0.113.7"], ["127.0.0.1"], ["127.0.0.1", "10.0.0.1"]])
    poster = Poster(seconds=2, resolver=lambda _host, _port: next(answers))
    for _ in range(3):
        said = sent(hook.url(host="rebinding.example"), poster)
        assert "is not an address of the public network" in said
    assert not hook.got


def test_a_private_host_that_is_named_by_the_operator_is_reached(
    site: Site, hook: Receiver
) -> None:
    allowed = open_poster(AlertSettings(private_hosts=f"hook.example:{hook.port}"))
    named = replace(allowed, resolver=lambda _host, _port: ["127.0.0.1"])
    delivery = Delivery(
        1, "k", Channel.WEBHOOK, hook.url(host="hook.example"), MADE, 1, secret=SEED
    )
    Webhook(named).send(delivery, Message("k", MADE))
    assert [each.json["type"] for each in hook.got] == ["alert.test"]
    metadata = replace(named, resolver=lambda _host, _port: ["169.254.169.254"])
    assert "not an address" in sent(hook.url(host="hook.example"), metadata)


def test_a_receiver_that_hangs_is_left_when_its_time_is_up(hook: Receiver) -> None:
    hook.behave = "hang"
    poster = replace(open_poster(AlertSettings(private_hosts="127.0.0.1")), seconds=0.5)
    assert "takes too long" in sent(hook.url(), poster)


def test_an_answer_of_ten_gigabytes_is_not_read(site: Site, hook: Receiver) -> None:
    site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    hook.behave = "endless"
    assert site.run() == {State.SENT: 1}
    assert hook.sent < 100_000_000, "the connection was closed"


def test_a_receiver_that_hangs_holds_up_no_other(site: Site, hook: Receiver) -> None:
    with receiver() as slow:
        slow.behave = "hang"
        site.alert(Channel.WEBHOOK, slow.url())
        site.alert(Channel.WEBHOOK, hook.url())
        site.come(FISH)
        quick = replace(open_poster(site.settings), seconds=1)
        senders = open_senders(site.settings, quick)
        done = Dispatcher(site.store, site.settings, senders, lambda: site.now).run()
    assert done == {State.SENT: 1, State.WAITING: 1}


def test_an_alert_that_is_removed_has_nothing_left_to_tell(site: Site, hook: Receiver) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    hook.behave = 500
    site.run()
    site.store.alerts.remove(alert.number, "ada", who="ada")
    site.now += timedelta(days=1)
    assert site.run() == {State.EMPTY: 1}
    assert len(hook.got) == 1


def test_a_user_that_is_removed_takes_alerts_along(site: Site, hook: Receiver) -> None:
    site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    site.run()
    site.store.users.remove("ada", who="a test", now=site.now)
    assert site.store.alerts.all() == ()
    assert site.store.alerts.queue.waiting() == 0


def test_what_comes_while_an_alert_is_paused_is_not_told(site: Site, hook: Receiver) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    site.store.alerts.pause(alert.number, "ada", paused=True, who="ada")
    site.come(FISH)
    assert site.run() == {}
    site.store.alerts.pause(alert.number, "ada", paused=False, who="ada")
    site.come(HERRING)
    assert site.run() == {State.SENT: 1}
    assert hook.got[0].json["alerts"][0]["total"] == 1


def test_an_alert_that_cannot_be_asked_says_why_and_stops_no_other(
    site: Site, hook: Receiver
) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url(), "q=published%3A%5Bnonsense+TO%5D")
    site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    assert site.run() == {State.SENT: 1}
    assert site.store.alerts.get(alert.number).trouble
    assert site.store.changes.count() == 0


def test_a_list_of_names_is_found_in_texts(site: Site, hook: Receiver) -> None:
    wanted = NewAlert(
        "People",
        Watched.NAMES,
        Channel.WEBHOOK,
        hook.url(),
        names=iter(["Radomir Kask", "  Calder   Motors ", "Łódź", "Fishermen", "Radomir Kask"]),
    )
    alert = site.store.alerts.add("ada", wanted, who="a test", now=MADE)
    assert alert.names == 4
    site.come(
        replace(FISH, title="RADOMIR KASK eats fish", summary="In Lodz."),
        replace(HERRING, title="Radomir speaks", summary="Kask does not."),
    )
    site.run()
    (told,) = hook.got[0].json["alerts"]
    assert [each["names"] for each in told["articles"]] == [["Radomir Kask", "Łódź"]]


def test_a_source_that_falls_silent_or_floods_is_reported_once(site: Site, hook: Receiver) -> None:
    days = [make_entry(n, title=f"Story {n}") for n in range(100)]
    feed = Feed("https://harbourpost.example/rss", title="Harbour Post")
    put = [
        replace(each, published=datetime(2025, 5, 1 + n % 30, 12, tzinfo=UTC))
        for n, each in enumerate(days[:90])
    ]
    site.store.articles.put(put, feed, MADE)
    wanted = NewAlert(
        "Silence", Watched.SOURCE, Channel.WEBHOOK, hook.url(), subject="Harbour Post"
    )
    site.store.alerts.add("ada", wanted, who="a test", now=MADE)
    site.now = datetime(2025, 6, 2, 12, tzinfo=UTC)
    assert site.run() == {}
    for day in (8, 9, 10):
        site.now = datetime(2025, 6, day, 12, tzinfo=UTC)
        site.run()
    (got,) = hook.got
    (event,) = got.json["alerts"][0]["events"]
    assert event["id"] == "silent 2025-05-30"
    assert "Harbour Post: silent for 9 days" in event["text"]


def test_a_test_goes_out_at_once_and_says_how_it_went(site: Site, hook: Receiver) -> None:
    alert = site.alert(Channel.WEBHOOK, hook.url())
    senders = open_senders(site.settings, open_poster(site.settings))
    dispatcher = Dispatcher(site.store, site.settings, senders, lambda: site.now)
    assert dispatcher.test(alert.number).state is State.SENT
    assert hook.got[0].json["type"] == "alert.test"
    hook.behave = 404
    assert dispatcher.test(alert.number).error == "webhook answered 404 Not Found."


def test_a_claim_keeps_others_off_until_it_runs_out(site: Site, hook: Receiver) -> None:
    site.alert(Channel.WEBHOOK, hook.url())
    site.come(FISH)
    queue = site.store.alerts.queue
    queue.collect(site.now)
    first = queue.claim(site.now)
    assert first
    assert queue.claim(site.now + timedelta(minutes=4)) is None
    again = queue.claim(site.now + timedelta(minutes=6))
    assert again
    assert (again.key, again.attempts) == (first.key, 2)


@pytest.mark.parametrize("now", [MADE, MADE + timedelta(hours=3)])
def test_a_signature_is_of_its_time(now: datetime) -> None:
    sign: Callable[[bytes], str] = lambda body: signature("whsec_aaaa", "k", now, body)[  # noqa: E731 - one line
        "webhook-signature"
    ]
    assert sign(b"x") == sign(b"x") != sign(b"y")


def test_an_unknown_mail_security_is_refused() -> None:
    with pytest.raises(ConfigError, match="starttls, tls, none"):
        open_senders(AlertSettings(smtp_security="ssl3"), Poster())
