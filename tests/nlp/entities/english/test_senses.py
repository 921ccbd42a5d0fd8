"""Which groups, events, works and laws are shown."""

from __future__ import annotations

import pytest

from nlp.entities.english.senses import shown_label
from nlp.ner.pipeline import Span


@pytest.mark.parametrize(
    ("written", "label", "shown"),
    [
        ("Official Gameplay Trailer", "WORK_OF_ART", ""),
        ("Harbour Street Review", "WORK_OF_ART", ""),
        ("Death With Dignity Act", "WORK_OF_ART", "LAW"),
        ("Chapter 4", "LAW", ""),
        ("New Bill", "LAW", ""),
        ("Digital Markets Act", "LAW", "LAW"),
        ("Davis Cup", "EVENT", "EVENT"),
    ],
)
def test_what_is_about_a_work_or_a_number_is_not_shown(
    written: str, label: str, shown: str
) -> None:
    assert shown_label(Span(0, len(written), label, 0.99), written) == shown
