"""The pages of who is signed in, in Polish: nothing of them stays English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import html

from models.accounts import Role
from tests.web.accounts_of import add_user, send, sign_in
from tests.web.sample_site import TALKS, Site, open_site
from web.translation import localization

POLISH = {"Accept-Language": "pl"}
PAGES = (
    *("/account", "/users", "/jobs", "/changes", "/lists", "/lists/1", "/rules", "/alerts"),
    *("/saved", "/retention?articles=10", "/entities/doubtful", "/feeds", "/coverage", "/status"),
    *("/preferences", "/export", f"/articles/{TALKS.id}", "/search/batch", "/compare"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        add_user(opened.store, "the-admin", Role.ADMIN)
        sign_in(opened.client, "the-admin")
        kept = send(opened.client, "/", "/star", kind="article", subject=TALKS.id, on="true")
        assert kept.status_code < 400, kept.text
        asked = send(opened.client, "/jobs", "/jobs", kind="rebuild-index")
        assert asked.status_code == 303
        yield opened


@pytest.mark.parametrize("address", PAGES)
def test_no_text_of_the_catalog_is_shown_in_english(site: Site, address: str) -> None:
    answer = site.client.get(address, headers=POLISH)
    assert answer.status_code == 200
    known = localization.messages("pl")
    page = html.fromstring(answer.text)
    shown = {
        " ".join(text.split())
        for text in page.xpath(
            "//body//text()[not(ancestor::script or ancestor::style or ancestor::bdi or"
            " ancestor::code or ancestor::*[@lang])]"
            " | //body//@aria-label | //body//@title | //body//@placeholder"
        )
    }
    assert [text for text in sorted(shown) if known.get(text, text) != text] == []
