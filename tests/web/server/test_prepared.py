"""The first page of hits finds its templates compiled."""

from __future__ import annotations

from pathlib import Path

from tests.web.sample_site import open_site
from web.server.prepared import prepare


def test_the_first_page_of_hits_compiles_no_template(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        app = prepare(site.client.application)
        cache = app.jinja_env.cache
        assert cache is not None
        compiled = {name for _, name in cache}
        assert site.client.get("/search?q=dam").status_code == 200
        assert {name for _, name in cache} == compiled
