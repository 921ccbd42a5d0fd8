"""Newsletters in mailboxes of a real Dovecot: by `ingest`, as a subscription, and under `watch`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.mailboxes.connection import Limits
from ingest.parsing.pool import InProcess
from ingest.schedule import IntervalBounds
from models.feed import Feed, parted
from models.jobs import JobKind
from slugline.factory import open_fetcher, open_mailboxes
from slugline.feeds.check import CheckResult, FeedChecker
from slugline.feeds.mailboxes import Mailboxes
from slugline.settings import Settings, read_settings
from store.store import Store
from tests.conftest import home_store
from tests.dovecot.mail import MailServer, mail_server, needs_imap, newsletter
from tests.slugline.commands.feeds.test_group import run
from tests.slugline.feeds.test_check import Heard

__all__ = ["mail_server"]
pytestmark = needs_imap
BOUNDS = IntervalBounds(timedelta(minutes=15), timedelta(hours=6))


def secret_of(mail_server: MailServer) -> dict[str, str]:
    """Return the environment that opens a mailbox of this machine."""
    return {
        "SLUGLINE_IMAP_PASSWORD": mail_server.password,
        "SLUGLINE_FETCH_ALLOW_PRIVATE": "1",
    }


def subscribe(store: Store, mail_server: MailServer) -> None:
    url, login = parted(mail_server.address())
    store.feeds.subscribe([Feed(url=url, login=login)])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def trusted(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", mail_server.certificate)


def settings_of(home: Path, mail_server: MailServer) -> Settings:
    said = {"imap.password": mail_server.password, "fetch.allow_private": True}
    return read_settings(home, None, {}, said)


def checked(
    store: Store, settings: Settings, address: str, mailboxes: Mailboxes | None = None
) -> tuple[CheckResult, Heard]:
    """Subscribe to a mailbox and check it."""
    url, login = parted(address)
    store.feeds.subscribe([Feed(url=url, login=login)])
    heard = Heard()
    with closing(open_fetcher(settings)) as fetcher:
        checker = FeedChecker(
            *(store, fetcher, InProcess(), BOUNDS),
            at_once=1,
            mailboxes=mailboxes or open_mailboxes(settings),
        )
        return checker.check([store.feeds.get(url)], heard), heard


def test_a_mailbox_is_ingested_once_and_nothing_in_it_is_marked(
    home: Path, mail_server: MailServer
) -> None:
    secret = {"SLUGLINE_IMAP_PASSWORD": mail_server.password}
    mail_server.deliver(newsletter(1), newsletter(2))
    first = run(home, "ingest", mail_server.address(), "--json", **secret)
    again = run(home, "ingest", mail_server.address(), "--json", **secret)
    mail_server.deliver(newsletter(3))
    later = run(home, "ingest", mail_server.address(), "--json", **secret)
    assert [done.json["new"] for done in (first, again, later)] == [2, 0, 1]
    assert [done.json["unchanged"] for done in (again, later)] == [0, 0]
    assert first.json["sources"] == 1
    assert mail_server.unread() == 3
    for done in (first, again, later):
        assert mail_server.user not in done.out + done.err
    with closing(home_store(home)) as store:
        assert store.articles.sources() == (("Harbour Letter", 3),)


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_subscribed_mailbox_is_checked_for_what_is_new(
    home: Path, mail_server: MailServer, scheme: str
) -> None:
    secret = secret_of(mail_server)
    mail_server.deliver(newsletter(1), mailbox="News")
    added = run(home, "feeds", "add", mail_server.address("News", scheme=scheme), **secret)
    assert added.status == 0, added.err
    [feed] = run(home, "feeds", "list", "--json", **secret).json["feeds"]
    assert feed["title"] == "News at localhost"
    assert feed["url"].startswith(f"{scheme}://localhost:")
    assert (feed["login"], feed["health"]) == (True, "good")
    mail_server.deliver(newsletter(2), mailbox="News")
    typed = mail_server.address("News", scheme=scheme)
    check = run(home, "feeds", "check", typed, "--json", **secret)
    assert [(one["status"], one["new"]) for one in check.json["feeds"]] == [(200, 1)]
    quiet = run(home, "feeds", "check", feed["url"], "--json", **secret)
    assert [(one["status"], one["new"]) for one in quiet.json["feeds"]] == [(304, 0)]
    assert mail_server.user not in added.out + added.err + str(feed) + check.out
    assert mail_server.unread("News") == 2


def test_watch_takes_what_comes_to_a_mailbox(home: Path, mail_server: MailServer) -> None:
    secret = secret_of(mail_server)
    mail_server.deliver(newsletter(1))
    with closing(home_store(home)) as store:
        subscribe(store, mail_server)
    watched = run(home, "watch", "--once", "--json", **secret)
    assert watched.status == 0, watched.err
    assert (watched.json["new"], watched.json["indexed"]) == (1, 1)


def test_a_renumbered_mailbox_is_read_again_and_nothing_comes_twice(
    home: Path, store: Store, mail_server: MailServer
) -> None:
    settings = settings_of(home, mail_server)
    address = mail_server.address("News")
    mail_server.deliver(newsletter(1), newsletter(2), mailbox="News")
    first, _ = checked(store, settings, address)
    with mail_server.signed_in() as server:
        server.delete("News")
    mail_server.deliver(newsletter(2), newsletter(3), mailbox="News")
    again, _ = checked(store, settings, address)
    assert first.ingested.new == 2
    assert (again.ingested.new, again.ingested.unchanged) == (1, 1)


def test_what_goes_beyond_a_limit_is_named_and_taken_the_next_time(
    home: Path, store: Store, mail_server: MailServer
) -> None:
    settings = settings_of(home, mail_server)
    mail_server.deliver(*(newsletter(n) for n in range(5)))
    opened = open_mailboxes(settings)
    few = Mailboxes(settings.imap, replace(opened._access, limits=Limits(messages=2)), {})
    rounds = [checked(store, settings, mail_server.address(), few) for _ in range(3)]
    assert [refreshed.ingested.new for refreshed, _ in rounds] == [2, 2, 1]
    [first] = rounds[0][0].feeds
    assert first.next_check is not None
    added = store.feeds.get(mail_server.address()).added
    assert added
    assert first.next_check - added <= timedelta(minutes=5)


def test_bytes_are_limited_too(home: Path, store: Store, mail_server: MailServer) -> None:
    settings = settings_of(home, mail_server)
    mail_server.deliver(*(newsletter(n, size=40_000) for n in range(3)))
    opened = open_mailboxes(settings)
    few = Mailboxes(settings.imap, replace(opened._access, limits=Limits(size=100_000)), {})
    news = [checked(store, settings, mail_server.address(), few)[0].ingested.new for _ in range(2)]
    assert news == [2, 1]


def test_a_malformed_message_costs_no_other(
    home: Path, store: Store, mail_server: MailServer
) -> None:
    settings = settings_of(home, mail_server)
    mail_server.deliver(newsletter(1), b"Subject: nobody sent this\r\n\r\nx\r\n", newsletter(2))
    refreshed, heard = checked(store, settings, mail_server.address())
    assert (refreshed.ingested.new, refreshed.ingested.rejected) == (2, 1)
    [rejection] = heard.rejections
    assert "message 2" in rejection.where
    assert checked(store, settings, mail_server.address())[0].ingested.rejected == 0


@pytest.mark.parametrize(
    ("mailbox", "environment", "said"),
    [
        ("INBOX", {"SLUGLINE_IMAP_PASSWORD": "wrong"}, "does not accept this user and password"),
        ("INBOX", {}, "needs a password"),
        ("Nowhere", None, "has no mailbox 'Nowhere'"),
    ],
)
def test_every_fault_gives_a_clear_message(
    home: Path,
    mail_server: MailServer,
    mailbox: str,
    environment: dict[str, str] | None,
    said: str,
) -> None:
    mail_server.deliver(newsletter(1))
    given = {"SLUGLINE_IMAP_PASSWORD": mail_server.password} if environment is None else environment
    for command in (("ingest",), ("feeds", "add")):
        done = run(home, *command, mail_server.address(mailbox), **given)
        assert done.status == 1
        assert said in done.err
        assert mail_server.user not in done.err
        assert "Traceback" not in done.err


def test_an_untrusted_certificate_is_reported(
    home: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    secret = {"SLUGLINE_IMAP_PASSWORD": mail_server.password}
    done = run(home, "ingest", mail_server.address(), **secret)
    assert "certificate that does not hold" in done.err


def test_imaps_at_a_starttls_port_is_reported(home: Path, mail_server: MailServer) -> None:
    secret = {"SLUGLINE_IMAP_PASSWORD": mail_server.password}
    address = f"imaps://{mail_server.user}@localhost:{mail_server.imap}/"
    done = run(home, "ingest", address, **secret)
    assert "does not speak TLS" in done.err


def test_each_mailbox_has_its_password_in_a_file(
    home: Path, tmp_path: Path, mail_server: MailServer
) -> None:
    mail_server.deliver(newsletter(1))
    secrets = tmp_path / "secrets"
    secrets.write_text(
        f"# mail\n{mail_server.user}@localhost {mail_server.password}\n", encoding="utf-8"
    )
    named = {"SLUGLINE_IMAP_PASSWORD_FILE": str(secrets)}
    done = run(home, "ingest", mail_server.address(), "--json", **named)
    assert done.json["new"] == 1
    secrets.write_text("no password here\n", encoding="utf-8")
    wrong = run(home, "ingest", mail_server.address(), **named)
    assert (wrong.status, "line 1 of" in wrong.err) == (2, True)
    assert "Traceback" not in wrong.err


def test_a_mailbox_is_left_out_of_opml(home: Path, mail_server: MailServer, tmp_path: Path) -> None:
    with closing(home_store(home)) as store:
        subscribe(store, mail_server)
    file = tmp_path / "feeds.opml"
    done = run(home, "feeds", "export", file)
    assert "is a mailbox" in done.err
    assert "imaps" not in file.read_text(encoding="utf-8")


def test_a_job_checks_mailboxes_as_the_command_does(home: Path, mail_server: MailServer) -> None:
    secret = secret_of(mail_server)
    mail_server.deliver(newsletter(1))
    with closing(home_store(home)) as store:
        subscribe(store, mail_server)
        store.jobs.add(JobKind.CHECK_FEEDS, {"all": True}, who="ada", now=datetime.now(UTC))
        assert run(home, "jobs", "run", "--json", **secret).json == {"done": 1, "failed": []}
        [job] = store.jobs.all()
        assert job.result is not None
        assert (job.result["new"], job.result["failed"]) == (1, [])
