"""Wrong passwords lock a name, an address is slowed down, and nobody learns names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.accounts import Access, Role, lock_after
from models.errors import ConfigError, UsageError
from store.store import Store
from tests.web.accounts_of import PASSWORD, add_user, form_token
from tests.web.sample_site import open_site
from web.accounts import signing_in
from web.accounts.signing_in import REFUSED, check_listening, sign_in

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def users(store: Store) -> Store:
    add_user(store, "ada", Role.EDITOR)
    return store


@pytest.mark.parametrize("guesses", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_thousands_of_wrong_passwords_get_nowhere(
    users: Store, monkeypatch: pytest.MonkeyPatch, guesses: int
) -> None:
    """One second apart: the lock grows, and while it holds no password is looked at."""
    looked = 0

    def wrong(_hashed: str, _password: str) -> bool:
        nonlocal looked
        looked += 1
        return False

    monkeypatch.setattr(signing_in, "verify_password", wrong)
    for second in range(guesses):
        with pytest.raises(UsageError, match="don't fit"):
            sign_in(users.users, "ada", f"guess {second}", NOW + timedelta(seconds=second))
    assert looked < 25
    monkeypatch.undo()
    with pytest.raises(UsageError):
        sign_in(users.users, "ada", PASSWORD, NOW + timedelta(seconds=guesses))
    later = NOW + timedelta(seconds=guesses, hours=1)
    assert sign_in(users.users, "ada", PASSWORD, later)
    assert users.users.get("ada").failures == 0


def test_a_few_slips_lock_nothing(users: Store) -> None:
    for _ in range(4):
        with pytest.raises(UsageError):
            sign_in(users.users, "ada", "not this one", NOW)
    assert sign_in(users.users, "Ada", PASSWORD, NOW)


def test_the_lock_outlives_a_restart(tmp_path: Path) -> None:
    with Store.at(tmp_path / "s.sqlite") as store:
        add_user(store, "ada", Role.READER)
        for _ in range(12):
            store.users.note_failure("ada", NOW)
    with Store.at(tmp_path / "s.sqlite") as store, pytest.raises(UsageError):
        sign_in(store.users, "ada", PASSWORD, NOW + timedelta(seconds=60))


def test_a_lock_doubles_up_to_an_hour() -> None:
    locks = [lock_after(failures) for failures in (0, 4, 5, 6, 7, 30, 10**6)]
    seconds = [lock and lock.total_seconds() for lock in locks]
    assert seconds == [None, None, 1, 2, 4, 3600, 3600]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("nobody", PASSWORD),
        ("", ""),
        ("ada", ""),
        ("ada", "x" * 100_000),
        ("ada\0", PASSWORD),
        ("ada' OR 1=1 --", PASSWORD),
        ("ada", PASSWORD + "\ud800"),
    ],
)
def test_every_refusal_says_the_same(users: Store, name: str, password: str) -> None:
    with pytest.raises(UsageError) as refused:
        sign_in(users.users, name, password, NOW)
    assert str(refused.value) == REFUSED


def test_a_user_without_password_signs_in_by_none(store: Store) -> None:
    store.users.add("bot", Role.READER, "", who="a test", now=NOW)
    for password in ("", "of nobody", "x"):
        with pytest.raises(UsageError):
            sign_in(store.users, "bot", password, NOW)


def test_an_address_is_slowed_down_whatever_name_it_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "verify_password", lambda _hashed, _password: False)
    with open_site(tmp_path, empty=True) as site:
        add_user(site.store, "ada", Role.READER)
        token = form_token(site.client, "/sign-in")
        seen = [
            site.client.post(
                "/sign-in", data={"csrf_token": token, "name": f"x{n}", "password": ""}
            ).status_code
            for n in range(32)
        ]
        assert seen[0] == 403
        assert seen[-1] == 429


def test_listening_shows_nothing_that_its_owner_did_not_say() -> None:
    check_listening("127.0.0.1", Access.AUTO, users=False)
    check_listening("::1", Access.AUTO, users=False)
    check_listening("0.0.0.0", Access.AUTO, users=True)  # noqa: S104 - not bound
    check_listening("0.0.0.0", Access.PUBLIC, users=False)  # noqa: S104 - not bound
    for host in ("0.0.0.0", "192.168.1.4", "::", "news.example"):  # noqa: S104 - not bound
        with pytest.raises(ConfigError, match="users add"):
            check_listening(host, Access.AUTO, users=False)
    with pytest.raises(ConfigError, match="no users"):
        check_listening("127.0.0.1", Access.PRIVATE, users=False)
