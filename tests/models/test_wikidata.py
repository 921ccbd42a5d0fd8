"""Items of Wikidata by the keys that tagging gives."""

from __future__ import annotations

from models.wikidata import items, wikidata
from nlp.entities.gazetteer import countries


def test_countries_have_their_items_in_wikidata() -> None:
    assert wikidata("place/france") == "Q142"
    assert wikidata("place/poland") == "Q36"
    assert wikidata("place/united-states") == "Q30"
    assert wikidata("person/nobody") == ""


def test_every_item_is_a_countrys_and_stands_once() -> None:
    known = {entity.key for entity in countries().loose.values()}
    assert set(items()) <= known
    assert len(set(items().values())) == len(items())
