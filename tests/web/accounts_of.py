"""Users for the tests of what takes a sign-in, and the way a browser signs in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.accounts import Role
from store.store import Store
from tests.web.sample_site import Site, open_site

PASSWORD = "four words are best"  # noqa: S105 - of invented users
_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@lru_cache(maxsize=1)
def hashed() -> str:
    """Return the hash of the password, with little work: what a real one costs has its own test."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_user(store: Store, name: str, role: Role) -> None:
    store.users.add(name, role, hashed(), who="a test", now=datetime.now(UTC))


def add_token(store: Store, name: str, scope: Role, days: int = 1) -> str:
    now = datetime.now(UTC)
    return store.users.add_token(name, "a test", scope, days, who="a test", now=now)[1]


def form_token(client: FlaskClient, address: str) -> str:
    """Return the hidden field of the forms on a page."""
    found = _FIELD.search(client.get(address).text)
    assert found, address
    return found[1]


def send(client: FlaskClient, page: str, address: str, **fields: str) -> TestResponse:
    """Send a form of a page, as a browser does."""
    return client.post(address, data={"csrf_token": form_token(client, page), **fields})


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    return send(client, "/sign-in", "/sign-in", name=name, password=password)


@contextmanager
def private_site(directory: Path) -> Iterator[Site]:
    """A private library with editors ada and bea and a reader rob, its client signed in as ada."""
    with open_site(directory) as opened:
        add_user(opened.store, "ada", Role.EDITOR)
        add_user(opened.store, "bea", Role.EDITOR)
        add_user(opened.store, "rob", Role.READER)
        sign_in(opened.client, "ada")
        yield opened


def as_user(site: Site, name: str) -> FlaskClient:
    """Return another browser, in which a user has signed in."""
    client = site.client.application.test_client()
    sign_in(client, name)
    return client
