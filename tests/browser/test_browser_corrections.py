"""A person corrects an article and an entity and takes it back, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from tests.browser.conftest import opened_by_ada, served_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def public_site(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("public") / "home"))
    with served_for(home, Role.EDITOR, "public") as address:
        yield address


@pytest.fixture
def editor(browser: Browser, public_site: str) -> Iterator[Page]:
    """A page of an editor that may not break any rule of its own."""
    with opened_by_ada(browser, public_site) as page:
        yield page


def total(page: Page, address: str) -> int:
    page.goto(address)
    found = re.search(r"([\d,]+) articles?", page.locator("main").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def test_a_topic_is_added_seen_in_search_and_undone(editor: Page) -> None:
    before = total(editor, "/search?topic=gaming")
    editor.goto("/search?q=NOT+topic:gaming")
    editor.locator(".headline a").first.click()
    editor.get_by_label("Topic to add").select_option("gaming")
    editor.get_by_role("button", name="Add", exact=True).click()
    article = editor.url
    editor.get_by_role("button", name="Not Gaming").wait_for()
    assert total(editor, "/search?topic=gaming") == before + 1
    editor.goto(article)
    editor.get_by_role("button", name="Not Gaming").click()
    editor.get_by_role("button", name=re.compile("Undo change")).click()
    editor.get_by_role("button", name="Not Gaming").wait_for()
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
