"""axe-core finds nothing to mend, at levels A and AA of WCAG 2.2, on any registered page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from flask import Flask

from models.accounts import Role
from store.store import Store
from tests.browser.conftest import served, sign_in
from tests.web.accounts_of import add_user
from web.pages.registry import BLUEPRINTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from werkzeug.routing import MapAdapter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = """async () => (await axe.run(document, {runOnly: [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]})
).violations.map(found => [found.id, found.nodes.map(node => node.html.slice(0, 160))])"""
READ = 90
"""Pages that are asked for links, to find an address of each kind of page."""
ALSO = (
    *("/search?q=cyclone&topic=weather", "/search?q=(cyclone+AND", "/search?q=zzqqxx", "/nosuch"),
    *("/search?q=cyclone", "/entities?type=person", "/topics/nosuch", "/graph?q=cyclone"),
)
NOT_LINKED = {
    *("accounts.sign_in", "status.health", "status.ready", "completion.complete"),
    *("accounts.provider", "accounts.returned", "jobs.file", "clusters.cluster"),
    *("saved.saved_atom", "saved.saved_json", "entities.of_kind"),
}
"""Kinds of pages that nothing links to here, or only for those who are not signed in."""
SCREENS: dict[str, tuple[int, Literal["light", "dark"]]] = {
    "light": (1440, "light"),
    "dark": (1440, "dark"),
    "phone": (390, "light"),
}


def addresses() -> MapAdapter:
    """Return what tells the kind of page by its address, for all pages of the registry."""
    app = Flask("pages", static_folder=None)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app.url_map.bind("127.0.0.1")


@pytest.fixture(scope="module")
def pages(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a site with an administrator, and one page of each kind."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("axe") / "home"))
    with Store.at(home / "store.sqlite") as store:
        add_user(store, "ada", Role.ADMIN)
        store.lists.add("ada", "Rivers", shared=True, who="ada", now=datetime.now(UTC))
    with served(home) as site:
        context = browser.new_context(base_url=site)
        page = context.new_page()
        sign_in(page, "/sign-in")
        yield site, one_of_each(page, site)
        context.close()


def one_of_each(page: Page, site: str) -> dict[str, str]:
    """Follow links, and return an address for each kind of page that is shown as HTML."""
    kinds = addresses()
    waiting = [rule.rule for rule in kinds.map.iter_rules() if not rule.arguments]
    found: dict[str, str] = {}
    read: set[str] = set()
    while waiting and len(read) < READ:
        address = waiting.pop(0)
        kind = kind_of(kinds, address)
        if not kind or kind in found or address in read:
            continue
        read.add(address)
        answer = page.request.get(address, headers={"accept": "text/html"})
        if "text/html" in answer.headers.get("content-type", ""):
            found[kind] = address
            waiting += [
                link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', answer.text())
            ]
        elif answer.status < 400:
            found[kind] = ""
    return found


def kind_of(kinds: MapAdapter, address: str) -> str:
    """Return the name of the page at an address, "" where there is none."""
    path = address.partition("?")[0].partition("#")[0]
    return str(kinds.match(path)[0]) if kinds.test(path) else ""


def test_a_page_of_each_kind_is_looked_at(pages: tuple[str, dict[str, str]]) -> None:
    asked = {
        rule.endpoint for rule in addresses().map.iter_rules() if "GET" in (rule.methods or ())
    }
    missing = asked - set(pages[1]) - NOT_LINKED
    assert missing == set()


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_to_mend(
    browser: Browser, pages: tuple[str, dict[str, str]], screen: str
) -> None:
    site, found = pages
    width, scheme = SCREENS[screen]
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    wrong: dict[str, object] = look_at(page, "/sign-in")
    sign_in(page, "/sign-in")
    for address in (*filter(None, found.values()), *ALSO):
        wrong |= look_at(page, address)
    context.close()
    assert wrong == {}


def look_at(page: Page, address: str) -> dict[str, object]:
    """Return what axe finds on a page, by its address."""
    page.goto(address)
    page.evaluate(AXE)
    found = page.evaluate(RULES)
    return {address: found} if found else {}
