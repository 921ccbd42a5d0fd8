"""Names that their form alone tells."""

from __future__ import annotations

import pytest

from nlp.entities.name_forms import compounds, people_by_form


def _joined(text: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for parts in compounds(text) for each in parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Xi-Biden summit", [("Xi", "person"), ("Biden", "person")]),
        ("XI-BIDEN SUMMIT OPENS", [("XI", "person"), ("BIDEN", "person")]),
        ("a US-China deal", [("US", "place"), ("China", "place")]),
        ("Israel\u2013Hamas war", [("Israel", "place"), ("Hamas", "org")]),
        ("Trump/Putin call", [("Trump", "person"), ("Putin", "person")]),
        ("the UK-EU-US talks", [("UK", "place"), ("EU", "org"), ("US", "place")]),
        ("Modi-Holm talks", [("Modi", "person"), ("Holm", "person")]),
    ],
)
def test_a_word_that_joins_names_is_each_of_them(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert _joined(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Guinea-Bissau", "Rolls-Royce", "Anya Taylor-Joy", "US-based", "Biden-era", "Wi-Fi", "X-ray"],
)
def test_a_word_that_is_one_name_or_none_is_left_whole(text: str) -> None:
    assert _joined(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the chef Julia Child taught", ["Julia Child"]),
        ("said Anna van der Berg, 43", ["Anna van der Berg"]),
        ("with Paul J. Drake of Oslo", ["Paul J. Drake"]),
        ("Anna\u2019s Norway", []),
        ("Paul said", []),
        ("Will EU states agree", []),
        ("as Jordan Israel border", []),
        ("Anna's", []),
    ],
)
def test_a_given_name_and_a_name_behind_it_are_a_person(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in people_by_form(text)] == expected
