from __future__ import annotations

from models.local_names import local_name, usual_name


def test_a_name_in_a_language_and_the_usual_one_lead_to_each_other() -> None:
    assert local_name("place/baltic-sea", "Baltic Sea", "pl") == "Ba\u0142tyk"
    assert usual_name("place/baltic-sea", "Ba\u0142tyk", "pl") == "Baltic Sea"


def test_a_name_that_a_person_gave_stays_in_every_language() -> None:
    assert local_name("place/baltic-sea", "The Baltic", "pl") == "The Baltic"
    assert usual_name("place/baltic-sea", "The Baltic", "pl") == "The Baltic"


def test_a_language_without_names_of_its_own_has_the_usual_ones() -> None:
    assert local_name("place/baltic-sea", "Baltic Sea", "xx") == "Baltic Sea"
    assert usual_name("place/baltic-sea", "Baltic Sea", "") == "Baltic Sea"
