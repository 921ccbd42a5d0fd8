"""The ways that people go, in a real Chromium: down to an article, in Polish, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_from_a_topic_to_a_story_to_an_article_to_a_name(page: Page) -> None:
    page.goto("/topics")
    page.get_by_role("link", name="Disaster").first.click()
    page.wait_for_url("**/topics/disaster")
    page.locator("a[href^='/stories/']").first.click()
    page.wait_for_url("**/stories/*")
    page.locator(".tellings a[href^='/articles/']").first.click()
    page.wait_for_url("**/articles/*")
    page.locator("a.entity").first.click()
    page.wait_for_url("**/entities/**")


def test_a_person_reads_in_polish_by_choice(page: Page) -> None:
    page.goto("/preferences")
    page.get_by_label("Language of the pages").select_option("pl")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/preferences")
    assert page.get_by_role("heading", level=1).inner_text() == "Wygląd"
    page.goto("/search?q=cyclone")
    page.get_by_role("link", name="Najnowsze").click()
    page.wait_for_url("**sort=newest**")
    assert "artykułów" in page.get_by_role("status").inner_text()


def test_what_is_found_is_exported(page: Page) -> None:
    page.goto("/search?q=cyclone")
    found = page.get_by_role("status").inner_text().split()[0]
    page.get_by_role("link", name="Export", exact=True).click()
    page.wait_for_url("**/export?q=cyclone")
    assert f"{found} article" in page.locator("main").inner_text()


def test_the_question_mark_opens_the_help(page: Page) -> None:
    page.goto("/topics")
    page.keyboard.press("?")
    page.wait_for_url("**/help")
    page.locator("td a").first.click()
    page.wait_for_url("**/search?q=**")
    assert page.locator("article.hit").count() > 0


def test_a_phone_shows_the_hits_without_scrolling_sideways(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, locale="pl-PL"
    )
    page = context.new_page()
    for address in ("/", "/search?q=cyclone", "/graph?q=cyclone", "/feeds", "/help"):
        page.goto(address)
        assert page.evaluate("document.documentElement.lang") == "pl"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    context.close()
