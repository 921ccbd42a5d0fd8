"""A person saves a search, adds an alert, keeps an article and makes a rule, in a real browser."""

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
def private_site(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("private") / "home"))
    with served_for(home, Role.EDITOR) as address:
        yield address


@pytest.fixture
def editor(browser: Browser, private_site: str) -> Iterator[Page]:
    """A page of an editor that may not break any rule of its own."""
    with opened_by_ada(browser, private_site) as page:
        yield page


def test_a_search_is_saved_and_an_alert_added(editor: Page) -> None:
    editor.goto("/search?topic=politics")
    editor.get_by_text("Save this search").click()
    editor.get_by_label("Name", exact=True).fill("Politics")
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("link", name="Add an alert of Politics").click()
    editor.get_by_label("Tell me by").select_option("webhook")
    editor.get_by_label("At", exact=True).fill("https://hooks.example.org/news")
    editor.get_by_role("button", name="Add the alert").click()
    main = editor.locator("main")
    assert "https://hooks.example.org/news" in main.inner_text()
    editor.get_by_role("button", name="Send a test of Politics").click()
    assert "waits to be sent" in main.inner_text()


def test_an_article_is_starred_and_put_on_a_list_with_a_note(editor: Page) -> None:
    editor.goto("/lists")
    editor.get_by_label("Name", exact=True).fill("To read")
    editor.get_by_role("button", name="Make the list").click()
    editor.goto("/search?topic=politics")
    star = editor.get_by_role("button", name=re.compile("^Star ")).first
    assert star.get_attribute("aria-pressed") == "false"
    line = editor.locator(".byline").first.bounding_box()
    place = star.bounding_box()
    assert line
    assert place
    assert line["y"] <= place["y"] < line["y"] + line["height"]
    star.click()
    star = editor.get_by_role("button", name=re.compile("^Star ")).first
    assert star.get_attribute("aria-pressed") == "true"
    editor.locator(".headline a").first.click()
    title = editor.get_by_role("heading", level=1).inner_text()
    editor.get_by_text("Put on a list", exact=True).click()
    editor.get_by_label("List", exact=True).select_option("To read")
    editor.get_by_label("Note", exact=True).fill("<script>alert(1)</script> Ask them.")
    editor.get_by_role("button", name="Put on the list").click()
    assert "<script>alert(1)</script> Ask them." in editor.locator("main").inner_text()
    editor.get_by_role("link", name="To read", exact=True).click()
    assert title in editor.locator("main").inner_text()


def test_a_rule_is_previewed_applied_and_undone(editor: Page) -> None:
    editor.goto("/search?q=topic:sport")
    editor.locator(".hit").first.wait_for()
    editor.goto("/rules")
    editor.get_by_label("Name", exact=True).fill("No sport")
    editor.get_by_label("For what this finds").fill("topic:sport")
    editor.get_by_role("button", name="Show what it would have caught").click()
    editor.get_by_role("heading", name="What it would have caught").wait_for()
    editor.locator(".hit").first.wait_for()
    editor.get_by_label("Also for these").check()
    editor.get_by_role("button", name="Make the rule").click()
    assert "No sport" in editor.locator("main").inner_text()
    editor.goto("/search?q=topic:sport")
    assert "No articles match" in editor.locator("main").inner_text()
    editor.goto("/search?q=topic:muted")
    editor.locator(".hit").first.wait_for()
    editor.goto("/rules")
    editor.get_by_role("button", name="Take back all of No sport").click()
    editor.goto("/search?q=topic:sport")
    editor.locator(".hit").first.wait_for()
