"""The ways that people go, in a real Chromium: down to an article, in Polish, on a phone."""

from __future__ import annotations

import csv
import gzip
import shutil
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from tests.browser.conftest import opened_by_ada, served_for
from tests.feed_host import Page as FeedPage
from tests.feed_host import feed_host, rss

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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


def test_from_a_topic_over_its_cluster_to_a_story_an_article_and_a_name(page: Page) -> None:
    page.goto("/topics/health")
    page.locator(".rail a[href^='/clusters/']").first.click()
    page.wait_for_url("**/clusters/*")
    page.locator("#latest a[href^='/stories/']").first.click()
    page.wait_for_url("**/stories/*")
    page.locator("#latest .tellings a[href^='/articles/']").first.click()
    page.wait_for_url("**/articles/*")
    page.locator("a.entity").first.click()
    page.wait_for_url("**/entities/**")


def test_a_phone_pages_through_a_topic_and_reads_a_story(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto("/topics/health")
    page.locator("#latest a[rel=next]").tap()
    page.wait_for_url("**/topics/health?page=2")
    page.locator("#latest a[href^='/stories/']").first.tap()
    page.wait_for_url("**/stories/*")
    page.get_by_role("link", name="Reader view").tap()
    page.wait_for_url("**view=reader")
    page.locator(".masthead").wait_for(state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Leave the reader view").tap()
    page.wait_for_url(lambda address: "view=" not in address)
    page.locator(".masthead").wait_for()
    context.close()


def test_a_story_on_paper_has_its_text_and_where_links_lead(page: Page) -> None:
    page.goto("/search?q=cyclone")
    page.locator(".hit .headline a").first.click()
    page.wait_for_url("**/articles/*")
    page.emulate_media(media="print")
    for left_out in (".masthead", ".foot", ".about", ".reader-link", ".corrections"):
        page.locator(left_out).first.wait_for(state="hidden")
    page.locator(".story .text").first.wait_for()
    printed = page.evaluate("getComputedStyle(document.querySelector('a.out'), '::after').content")
    assert "http" in printed


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
    page.locator("article.hit").first.wait_for()


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


def test_two_searches_are_compared(page: Page) -> None:
    page.goto("/search?q=rotterdam")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.wait_for_url("**/compare?q=rotterdam")
    page.locator("main input[name=q]").nth(1).fill("geneva")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**q=rotterdam&q=geneva**")
    page.locator("main svg").first.wait_for()
    assert "geneva" in page.locator("main table").first.inner_text()


def test_an_export_has_as_many_rows_as_it_said(page: Page) -> None:
    page.goto("/export?q=cyclone&format=csv")
    said = int(page.get_by_role("status").locator("strong").inner_text().split()[0])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == said


def test_an_article_is_cited(page: Page) -> None:
    page.goto("/search?q=zandstra")
    page.locator(".hit .headline a").first.click()
    page.wait_for_url("**/articles/*")
    page.locator("summary", has_text="Cite").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="BibTeX").click()
    assert waiting.value.path().read_text(encoding="utf-8").startswith("@misc{")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_name_of_the_graph_lies_over_another_and_one_is_left_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/graph")
    boxes: list[dict[str, float]] = page.locator(".node-name:visible").evaluate_all(
        "names => names.map(name => name.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 5
    assert not any(_over(one, other) for one, other in combinations(boxes, 2))
    first = page.locator(".node-name:visible").first
    name = first.text_content() or ""
    first.click()
    page.get_by_role("link", name="leave it out").click()
    page.wait_for_url("**drop=**")
    assert name not in page.locator(".node-name:visible").all_text_contents()
    page.get_by_role("link", name=f"without {name}").click()
    page.wait_for_url("**/graph")


def _over(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


def test_the_first_view_takes_less_than_a_hundred_kilobytes(page: Page) -> None:
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(len(gzip.compress(answer.body()))))
    page.goto("/", wait_until="networkidle")
    assert len(loaded) >= 3
    assert sum(loaded) < 100_000


def test_a_name_is_reached_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("odisha")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=odisha")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/articles/*")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.entity')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/entities/**")


def test_a_feed_is_added_by_its_address(browser: Browser, demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    (home / "slugline.toml").write_text("[fetch]\nallow_private = true\n", encoding="utf-8")
    with feed_host() as host, served_for(home, Role.ADMIN) as site:
        host.pages["/news.xml"] = FeedPage(rss("Lighthouse Letter"))
        with opened_by_ada(browser, site) as page:
            page.goto("/feeds")
            page.get_by_label("Address of a feed or a site").fill(host.url("/news.xml"))
            page.get_by_role("button", name="Add", exact=True).click()
            assert "1 feed added." in page.get_by_role("status").inner_text()
            assert host.url("/news.xml") in page.locator(".feed-table").inner_text()
