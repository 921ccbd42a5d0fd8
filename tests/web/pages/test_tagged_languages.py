"""The status page names languages that nothing reads for all names; entities show their item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.sample_site import Site, make_app, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory: Path = tmp_path_factory.mktemp("languages")
    with open_site(directory) as opened:
        yield opened


def test_the_status_page_names_languages_read_for_known_names_only(site: Site) -> None:
    stored = [code for code, _ in site.store.articles.languages() if code]
    assert stored
    heading = "Languages read for known names only"
    assert heading not in site.text("/status")
    for read, shown in (((), True), (tuple(stored), False)):
        app = make_app(replace(site.library, read_languages=read))
        page = app.test_client().get("/status").text
        assert (heading in page) == shown


def test_a_countrys_page_and_answer_name_its_item_in_wikidata(site: Site) -> None:
    assert "https://www.wikidata.org/wiki/Q142" in site.text("/entities/place/france")
    answer = site.client.get("/api/v1/entities/place/france").get_json()
    assert answer["wikidata"] == "Q142"
    assert answer["related"] == []
    assert "wikidata.org" not in site.text("/entities/place/ostvar")
