"""The lists of names: what a reader found wrong stays out, and the lists agree."""

from __future__ import annotations

import pytest

from bench.entities.exceptions import exceptions, types_put_right
from nlp.entities.data import lines
from nlp.entities.english.evidence import is_ruled_out
from nlp.entities.gazetteer import names, organisations, places
from nlp.entities.word_lists import not_names, products


@pytest.mark.parametrize("table", ["given_names", "surnames", "cities"])
def test_what_a_reader_found_wrong_is_in_no_list(table: str) -> None:
    assert exceptions(table)
    assert not exceptions(table) & set(lines(f"{table}.txt"))


def test_names_have_the_types_that_a_reader_gave_them() -> None:
    listed = dict(line.split("\t") for line in lines("names.tsv"))
    wrong = {
        name: (listed.get(name, ""), kind)
        for name, kind in types_put_right().items()
        if listed.get(name, "") != kind
    }
    assert not wrong


def test_no_name_stands_twice_in_a_list() -> None:
    for file in ("given_names.txt", "surnames.txt", "cities.txt", "organisations.txt"):
        listed = lines(file)
        assert len(listed) == len(set(listed)), file


def test_an_organisation_is_neither_a_product_nor_no_name() -> None:
    known = {name.lower() for name, kind in names().items() if kind == "org"}
    known |= set(organisations().loose)
    assert not known & products()
    assert not known & {line.lower() for line in lines("not_names.txt")}


def test_an_acronym_of_an_organisation_is_no_plural_of_a_thing() -> None:
    assert "mls" in not_names()  # several ML
    assert not is_ruled_out("MLS")
    assert is_ruled_out("MLs")


def test_places_that_were_persons_are_places() -> None:
    for name in ("Khan Younis", "Milton Keynes", "St Helens"):
        assert places().find(name), name


def test_a_numeral_names_nobody() -> None:
    assert is_ruled_out("XI")
    assert not is_ruled_out("Xi")
