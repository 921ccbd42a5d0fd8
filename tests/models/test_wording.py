"""Wording that messages share."""

from __future__ import annotations

from models.wording import counted


def test_a_number_has_its_noun_in_the_singular_or_plural() -> None:
    assert counted(1, "article") == "1 article"
    assert counted(0, "article") == "0 articles"
    assert counted(91055, "article") == "91,055 articles"
    assert counted(2, "entity", "entities") == "2 entities"
