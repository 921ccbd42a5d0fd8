"""A person signs in, makes a token and signs out, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from tests.browser.conftest import served_for, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def private_site(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("private") / "home"))
    with served_for(home, Role.ADMIN) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, private_site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=private_site, viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


def test_a_person_signs_in_makes_a_token_and_signs_out(visitor: Page, private_site: str) -> None:
    sign_in(visitor, "/topics")
    assert visitor.url == f"{private_site}/topics"
    visitor.get_by_role("link", name="ada").click()
    visitor.get_by_label("What it is for").fill("a report")
    visitor.get_by_role("button", name="Make a token").click()
    token = visitor.locator("#secret").inner_text()
    bare = {"Authorization": f"Bearer {token}", "Cookie": ""}
    answer = visitor.request.get("/api/v1/account", headers=bare)
    assert answer.json() == {"name": "ada", "role": "reader"}
    visitor.get_by_role("button", name="Sign out").click()
    assert "/sign-in" in visitor.url
    visitor.goto("/search?q=storm")
    assert "/sign-in" in visitor.url


def test_a_person_saves_a_search_and_a_feed_reader_follows_it(visitor: Page) -> None:
    sign_in(visitor, "/search?q=storm")
    visitor.get_by_text("Save this search").click()
    visitor.get_by_label("Name", exact=True).fill("Storms")
    visitor.get_by_role("button", name="Save", exact=True).click()
    visitor.get_by_role("link", name="Storms", exact=True).wait_for()
    address = visitor.get_by_role("link", name="Atom feed").get_attribute("href")
    read = visitor.request.get(str(address), headers={"Cookie": ""})
    assert read.status == 200
    assert "<title>Storms</title>" in read.text()
    visitor.get_by_role("button", name="Remove Storms").click()
    assert visitor.request.get(str(address)).status == 404


def test_a_wrong_password_is_said_in_place_by_keyboard_alone(visitor: Page) -> None:
    visitor.goto("/sign-in")
    visitor.get_by_label("Name", exact=True).fill("ada")
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("not this one")
    visitor.keyboard.press("Enter")
    assert "don't fit" in visitor.get_by_role("alert").inner_text()
    assert visitor.get_by_label("Name", exact=True).input_value() == "ada"
