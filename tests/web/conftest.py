"""The pages over the bundled sample, for the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search.engines.registry import open_engine
from search.searcher import Searcher
from store.store import Store
from tests.web.sample_site import TOPICS, make_app
from web.context import Library


@pytest.fixture(scope="module")
def demo_client(demo_home: Path) -> Iterator[FlaskClient]:
    """A client that asks for pages over the demo's home."""
    with Store.at(demo_home / "store.sqlite") as store:
        engine = open_engine("whoosh", demo_home / "index")
        yield make_app(Library(store, Searcher(engine, store), engine, TOPICS)).test_client()
        engine.close()
