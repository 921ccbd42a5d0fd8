"""What belongs together without being one is known in both directions."""

from __future__ import annotations

from models.tags import ENTITY_TYPES
from nlp.entities.canonical import canonical
from nlp.entities.related import _related, related_keys


def test_a_party_and_its_members_are_related_in_both_directions() -> None:
    assert "group/democrat" in related_keys("org/democratic-party")
    assert "org/democratic-party" in related_keys("group/democrat")
    assert related_keys("person/nobody") == ()


def test_the_keys_are_those_that_tagging_gives() -> None:
    for text, label, related in [
        ("Democratic Party", "ORG", "group/democrat"),
        ("Republicans", "NORP", "org/republican-party"),
        ("Google", "ORG", "org/youtube"),
        ("US", "GPE", "group/american"),
    ]:
        entity = canonical(text, label)
        assert entity is not None
        assert related in related_keys(entity.key)


def test_every_key_has_a_type_and_none_is_related_to_itself() -> None:
    for key, others in _related().items():
        assert key.partition("/")[0] in ENTITY_TYPES
        assert key not in others
        assert len(set(others)) == len(others)
