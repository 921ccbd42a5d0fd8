"""Doubtful entities are decided by single keys in a real browser, and taken back by one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from models.tags import EntityName, Mention, Tags
from store.store import Store
from tests.browser.conftest import served, sign_in
from tests.web.accounts_of import add_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = ("Zebulon Quistov", "Zebulon Quistova", "Quistov", "Marta Lindqvist", "Marta Lindquist")


def name_articles(store: Store) -> None:
    """Let articles name people in several spellings."""
    ids = sorted(store.articles.ids())
    for number, name in enumerate(NAMES):
        key = "person/" + name.lower().replace(" ", "-")
        for article_id in ids[number : number + 4 - number // 2]:
            article = store.articles.get(article_id)
            mention = Mention("title", 0, 1, "Z", "PERSON", EntityName(key, name, "person"))
            store.tags.put([Tags(article_id, article.version, "en", (mention,), (), "test")])


def test_y_and_n_decide_and_u_takes_back(browser: Browser, demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    with Store.at(home / "store.sqlite") as store:
        add_user(store, "ada", Role.EDITOR)
        name_articles(store)
    with served(home) as site:
        context = browser.new_context(base_url=site)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        sign_in(page, "/sign-in")
        page.goto("/entities/doubtful")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1280, "height": 720})
        lines = page.locator("[data-doubt]")
        first = lines.first.locator("button").first.get_attribute("value")
        before = lines.count()
        assert before >= 2
        with page.expect_navigation():
            page.keyboard.press("n")
        page.locator(f'button[name="same"][value="{first}"]').first.wait_for(state="detached")
        with page.expect_navigation():
            page.keyboard.press("u")
        page.locator(f'button[name="same"][value="{first}"]').wait_for(state="attached")
        page.keyboard.press("j")
        second = page.locator('[data-doubt][aria-current="true"] button').first
        chosen = second.get_attribute("value")
        with page.expect_navigation():
            page.keyboard.press("y")
        page.locator(f'button[name="same"][value="{chosen}"]').first.wait_for(state="detached")
        assert complaints == []
        context.close()
    with Store.at(home / "store.sqlite") as store:
        kinds = [entry.kind for entry in store.journal.entries(2)]
        assert kinds == ["entity-merged", "merge-refused"]
