"""A person corrects an article and an entity and takes it back, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from store.store import Store
from tests.browser.conftest import served, sign_in
from tests.web.accounts_of import add_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def public_site(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("public") / "home"))
    (home / "slugline.toml").write_text('[web]\naccess = "public"\n', encoding="utf-8")
    with Store.at(home / "store.sqlite") as store:
        add_user(store, "ada", Role.EDITOR)
    with served(home) as address:
        yield address


@pytest.fixture
def editor(browser: Browser, public_site: str) -> Iterator[Page]:
    """A page of an editor that may not break any rule of its own."""
    context = browser.new_context(base_url=public_site, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, "/sign-in")
    yield page
    context.close()
    assert complaints == []


def total(page: Page, address: str) -> int:
    page.goto(address)
    found = re.search(r"([\d,]+) articles?", page.locator("main").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def test_a_topic_is_added_seen_in_search_and_taken_back(editor: Page) -> None:
    before = total(editor, "/search?topic=gaming")
    editor.goto("/search?q=NOT+topic:gaming")
    editor.locator(".headline a").first.click()
    editor.get_by_label("Topic to add").select_option("gaming")
    editor.get_by_role("button", name="Add", exact=True).click()
    article = editor.url
    assert editor.get_by_role("button", name="Not Gaming").is_visible()
    assert total(editor, "/search?topic=gaming") == before + 1
    editor.goto(article)
    editor.get_by_role("button", name="Not Gaming").click()
    editor.get_by_role("button", name=re.compile("Undo change")).click()
    assert editor.get_by_role("button", name="Not Gaming").is_visible()
    editor.goto("/changes")
    editor.get_by_role("button", name=re.compile("Undo change")).first.click()
    assert total(editor, "/search?topic=gaming") == before


def test_an_entity_is_renamed_and_back(editor: Page) -> None:
    editor.goto("/entities")
    editor.locator("main a.name").first.click()
    name = editor.get_by_role("heading", level=1).inner_text()
    editor.get_by_text("Correct", exact=True).click()
    editor.get_by_label("Name", exact=True).fill("Somebody Else")
    editor.get_by_role("button", name="Rename").click()
    assert editor.get_by_role("heading", level=1).inner_text() == "Somebody Else"
    editor.get_by_role("button", name=re.compile("Undo change")).click()
    assert editor.get_by_role("heading", level=1).inner_text() == name
