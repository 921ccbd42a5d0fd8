"""The demo shows what people can do: two names of its sample are put right, and can be undone."""

from __future__ import annotations

from pathlib import Path

from slugline.commands.demo import MERGED, RETYPED, USER, _correct
from tests.conftest import home_store


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
