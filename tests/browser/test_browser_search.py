"""What a reader does, in a real Chromium: search, narrow, read, follow a name."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from werkzeug.serving import make_server

from models.tags import EntityName, Mention
from search.sync import drain
from tests.web.sample_site import HOSTILE, entry, open_site, put, tag

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search",
    "/search?q=cyclone",
    "/search?q=(cyclone+AND",
    "/topics",
    "/topics/sport",
    "/entities",
    "/entities?type=person",
    "/sources",
    "/status",
    "/nosuch",
)


def address_of_first(page: Page, listed: str, link: str) -> str:
    page.goto(listed)
    return page.locator(link).first.get_attribute("href") or ""


def test_a_reader_searches_narrows_opens_and_follows_a_name(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox", name="Search the articles").fill("cyclone tavisha")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=cyclone*")
    page.locator("article.hit").nth(3).wait_for()
    assert page.locator("mark").first.inner_text().lower() in {"cyclone", "tavisha"}

    filters = page.get_by_role("complementary", name="Narrow the results")
    topic = filters.locator("section", has_text="Topics").locator("li").first
    count = int(topic.locator(".n").inner_text())
    name = topic.locator("a").first.inner_text()
    topic.locator("a").first.click()
    page.wait_for_url("**topic=**")
    assert page.get_by_role("status").inner_text().startswith(f"{count} article")
    chips = page.get_by_role("list", name="Active filters")
    assert name in chips.inner_text()

    headline = page.locator("article.hit .headline a").first
    title = headline.inner_text()
    headline.click()
    page.wait_for_url("**/articles/*")
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert name in page.get_by_role("complementary", name="About this article").inner_text()

    entity = page.locator("a.entity").first
    decoration = entity.evaluate("e => getComputedStyle(e).textDecorationStyle")
    assert decoration in {"solid", "double", "dotted", "dashed", "wavy"}
    target = entity.get_attribute("href")
    entity.click()
    page.wait_for_url(f"**{target}")
    page.get_by_role("heading", name="Newest articles").wait_for()
    assert title in page.locator("main").inner_text()


def test_a_filter_is_taken_away_again(page: Page) -> None:
    page.goto("/search?q=cyclone&topic=sport")
    page.get_by_role("link", name="remove this filter").first.click()
    page.wait_for_url("**/search?q=cyclone")
    page.locator("article.hit").nth(3).wait_for()


def test_days_are_chosen_by_the_form_and_kept_with_the_query(page: Page) -> None:
    page.goto("/search?q=the&sort=newest")
    page.get_by_label("From").fill("2025-06-03")
    page.get_by_label("Until").fill("2025-06-03")
    page.get_by_role("button", name="Narrow").click()
    page.wait_for_url("**since=2025-06-03*")
    assert "q=the" in page.url
    assert "sort=newest" in page.url
    assert page.locator("h2.day").all_inner_texts() == ["TUESDAY 3 JUNE 2025"]


def test_a_bar_of_the_picture_leads_to_its_day(page: Page) -> None:
    page.goto("/")
    bar = page.locator("figure.timeline svg a").first
    bar.click()
    page.wait_for_url("**since=2025-04-28&until=2025-04-28")
    assert page.locator("h2.day").all_inner_texts() == ["MONDAY 28 APRIL 2025"]


def test_an_unreadable_query_is_corrected_by_a_click(page: Page) -> None:
    page.goto("/search?q=(cyclone")
    alert = page.get_by_role("alert")
    assert alert.locator("mark").inner_text() == "("
    alert.get_by_role("link", name="(cyclone)").click()
    page.wait_for_url("**/search?q=(cyclone)")
    page.locator("article.hit").nth(3).wait_for()


def test_filters_are_open_on_a_wide_screen_and_unfold_on_a_phone(page: Page) -> None:
    page.goto("/search?q=cyclone")
    choices = page.locator(".filters .ranking").first
    choices.wait_for()
    page.locator(".filters > summary").wait_for(state="hidden")
    page.set_viewport_size({"width": 360, "height": 800})
    choices.wait_for(state="hidden")
    page.locator(".filters > summary").click()
    choices.wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 768, 1440, 2560])
def test_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    addresses = [
        *PAGES,
        address_of_first(page, "/search?q=cyclone", ".headline a"),
        address_of_first(page, "/entities?type=place", ".columns a"),
        address_of_first(page, "/sources", ".columns a"),
    ]
    for address in addresses:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1440])
def test_words_without_end_do_not_widen_a_page(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    endless = entry("endless", "W" * 400, "y" * 900, source="S" * 150)
    name = EntityName("person/" + "w" * 80, "W" * 200, "person")
    with open_site(tmp_path) as site:
        put(site.store, endless)
        mention = Mention("title", 0, 200, "W" * 200, "PERSON", name)
        tag(site.store, endless, ("politics", 0.9), more=[mention])
        drain(site.store.changes, site.store.articles, site.library.engine)
        server = make_server("127.0.0.1", 0, site.client.application, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            context = browser.new_context(
                base_url=f"http://127.0.0.1:{server.port}",
                viewport={"width": width, "height": 800},
            )
            page = context.new_page()
            for address in (
                "/",
                f"/search?q={'W' * 300}&entity={name.key}&source={'S' * 150}",
                f"/articles/{endless.id}",
                f"/articles/{HOSTILE.id}",
                "/entities",
                f"/entities/{name.key}",
                "/sources",
                f"/sources/{'S' * 150}",
                f"/topics/{'q' * 300}",
            ):
                page.goto(address)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{address} is {wide} px wide"
            context.close()
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme_of_the_reader(
    browser: Browser, site: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=site, color_scheme=scheme)
    page = context.new_page()
    page.goto("/")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    shades = [int(part) for part in re.findall(r"\d+", colour)[:3]]
    assert (max(shades) < 60) if scheme == "dark" else (min(shades) > 200)
    context.close()


def test_everything_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=cyclone")
    page.locator("article.hit .headline a").first.click()
    page.wait_for_url("**/articles/*")
    context.close()


def test_trends_of_other_days_are_asked_for_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/trends")
    page.get_by_label("Days", exact=True).fill("3")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/trends?days=3")
    assert "12 to 14 Jun 2025" in page.locator("main").inner_text()
    context.close()


def test_a_reader_without_a_mouse_reaches_the_results(page: Page) -> None:
    page.goto("/search?q=cyclone")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    skip = page.locator("a.skip")
    box = skip.bounding_box()
    assert box
    assert box["y"] >= 0, "the link is seen while it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"
    outlines = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines.add(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        assert page.evaluate("document.activeElement.closest('svg')") is None
    assert outlines == {"solid"}, "the focus can always be seen"
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.headline') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/*")


def test_keys_go_to_the_search_and_through_the_hits(page: Page) -> None:
    page.goto("/search?q=cyclone")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("article.hit .headline a").nth(1)
    title = second.inner_text()
    assert page.evaluate("document.activeElement.textContent").strip() == title.strip()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_url("**/articles/*")
    assert page.get_by_role("heading", level=1).inner_text() == title


def test_fifteen_hits_fit_on_a_screen_in_the_compact_list(page: Page) -> None:
    page.goto("/search?q=the")
    page.get_by_role("link", name="Compact").click()
    page.wait_for_url("**/search?q=the")
    seen = page.evaluate(
        """[...document.querySelectorAll('.hit')]
            .filter(hit => hit.getBoundingClientRect().bottom <= innerHeight).length"""
    )
    assert seen >= 15
    page.get_by_role("link", name="Wide").click()
    page.wait_for_url("**/search?q=the")
    page.locator(".snippet").first.wait_for()


def test_days_are_chosen_by_dragging_over_the_picture(page: Page) -> None:
    page.goto("/search?q=the")
    bars = page.locator("figure.timeline svg a .reach")
    days = page.locator("figure.timeline svg a")
    since, until = (
        days.nth(at).get_attribute(f"data-{end}") for at, end in ((1, "since"), (3, "until"))
    )
    bars.nth(1).hover()
    page.mouse.down()
    bars.nth(3).hover()
    page.mouse.up()
    page.wait_for_url(f"**since={since}&until={until}")


@pytest.mark.slow
@pytest.mark.parametrize("zoom", [2, 4])
def test_a_page_can_be_read_when_it_is_zoomed(browser: Browser, site: str, zoom: int) -> None:
    """A browser that zooms gives the page so much less room."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": 1280 // zoom, "height": 1024 // zoom},
        device_scale_factor=zoom,
    )
    page = context.new_page()
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280 // zoom, address
    context.close()


def test_every_control_has_a_name(page: Page) -> None:
    for address in PAGES:
        page.goto(address)
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input, select, summary')]
                .filter(e => e.type !== 'hidden' && !e.closest('svg'))
                .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') ||
                    (e.labels && e.labels.length)))
                .map(e => e.outerHTML)"""
        )
        assert nameless == [], address


def test_motion_is_left_out_for_those_who_ask(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    durations = page.evaluate(
        "[...new Set([...document.querySelectorAll('*')]"
        ".map(e => getComputedStyle(e).transitionDuration))]"
    )
    assert durations == ["0s"]
    context.close()
