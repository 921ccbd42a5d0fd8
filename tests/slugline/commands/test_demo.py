"""The demo shows what people can do: two names of its sample are put right, and can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from slugline.commands.demo import MERGED, RETYPED, USER, _correct
from tests.conftest import home_store, run_slugline


def test_names_of_the_sample_are_corrected_and_that_can_be_undone(own_home: Path) -> None:
    river, oder = MERGED
    volcano, kind = RETYPED
    with home_store(own_home) as store:
        assert store.entities.get(volcano).type != kind
        _correct(store)
        assert store.entities.get(volcano).type == kind
        assert store.entities.get(river).key == oder
        assert store.entities.get(oder).articles > 5
        changes = store.journal.entries(limit=10)
        assert {change.who for change in changes[:3]} == {USER}
        store.corrections.undo(changes[0].number, who=USER)
        assert store.entities.get(river).key == river


@pytest.mark.slow
def test_the_demo_has_stories_clusters_and_trends(tmp_path: Path) -> None:
    done = run_slugline("demo", "--no-serve", "--json", home=tmp_path)
    assert done.status == 0, done.err
    assert run_slugline("stories", "list", "--json", home=tmp_path).json["total"] > 5
    assert len(run_slugline("clusters", "list", "--json", home=tmp_path).json["clusters"]) > 5
    assert run_slugline("trends", "--json", home=tmp_path).json["articles"]["before"] > 0
