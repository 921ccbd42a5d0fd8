"""Paging through what is newest, in Chromium: in place, back again, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FIRST = "#latest article.hit .headline a"


def first_link(page: Page) -> str:
    """Return where the first article of the list leads."""
    return page.locator(FIRST).first.get_attribute("href") or ""


def test_the_newest_articles_are_paged_through_in_place(page: Page) -> None:
    page.goto("/topics/health")
    first = first_link(page)
    page.evaluate("document.body.dataset.same = 'yes'")
    page.locator("#latest a[rel=next]").click()
    page.wait_for_url("**/topics/health?page=2")
    page.wait_for_function("document.activeElement.id === 'latest'")
    page.locator(f"{FIRST}[href='{first}']").first.wait_for(state="detached")
    page.locator("#latest article.hit").first.wait_for()
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.go_back()
    page.wait_for_url("**/topics/health")
    page.wait_for_function(
        "first => document.querySelector('#latest article.hit .headline a')"
        "?.getAttribute('href') === first",
        arg=first,
    )
    page.locator("#latest a[rel=next]").click()
    page.wait_for_url("**/topics/health?page=2")


def test_without_javascript_the_next_page_begins_at_its_list(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/topics/health")
    first = first_link(page)
    page.locator("#latest a[rel=next]").click()
    page.wait_for_url("**/topics/health?page=2#latest")
    assert first_link(page) != first
    context.close()
