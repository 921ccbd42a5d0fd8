"""Spans are cut to the name that they hold."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities.spans import tidied
from nlp.ner.pipeline import Span

CURLY = "\u2019"


@pytest.mark.parametrize(
    ("written", "label", "expected"),
    [
        ("Xi-Biden", "PERSON", [("Xi", "PERSON"), ("Biden", "PERSON")]),
        ("US-China", "GPE", [("US", "GPE"), ("China", "GPE")]),
        ("Israel-Hamas", "GPE", [("Israel", "GPE"), ("Hamas", "ORG")]),
        ("Xi-Biden Apec", "PERSON", [("Xi", "PERSON"), ("Biden", "PERSON"), ("Apec", "ORG")]),
        ("Trump\u2013Putin", "ORG", [("Trump", "PERSON"), ("Putin", "PERSON")]),
        ("Jean-Pierre", "PERSON", [("Jean-Pierre", "PERSON")]),
        ("Oslo, Norway", "ORG", [("Oslo", "GPE"), ("Norway", "GPE")]),
        ("Anna Holm: Sculptures", "PERSON", [("Anna Holm", "PERSON"), ("Sculptures", "PERSON")]),
        ("Anna Holm-led", "PERSON", [("Anna Holm", "PERSON")]),
        ("Norway Oct", "GPE", [("Norway", "GPE")]),
        ("VP Anna Holm", "PERSON", [("Anna Holm", "PERSON")]),
        ("Apple CEO Anna Holm", "PERSON", [("Anna Holm", "PERSON")]),
        ("says Labour MP Anna Holm", "PERSON", [("Anna Holm", "PERSON")]),
        ("Ex-Google", "ORG", [("Google", "ORG")]),
        ("anti-Norway", "ORG", [("Norway", "GPE")]),
        ("Citizens of Norway", "ORG", [("Norway", "GPE")]),
        ("Citizens Advice", "ORG", [("Citizens Advice", "ORG")]),
        (f"Tehran{CURLY}s Quds Force", "ORG", [("Tehran", "GPE"), ("Quds Force", "ORG")]),
        (f"Tornesk People{CURLY}s Party", "ORG", [(f"Tornesk People{CURLY}s Party", "ORG")]),
        (
            f"Tornesk Central Bank{CURLY}s Monetary Policy Committee",
            "ORG",
            [("Tornesk Central Bank", "ORG"), ("Monetary Policy Committee", "ORG")],
        ),
        (
            f"Bellingcat{CURLY}s Paul Drake",
            "PERSON",
            [("Bellingcat", "ORG"), ("Paul Drake", "PERSON")],
        ),
        ("President Anna Holm", "PERSON", [("Anna Holm", "PERSON")]),
        (f"Anna Holm{CURLY}s", "PERSON", [("Anna Holm", "PERSON")]),
        ("Anna Holm and Paul Drake", "PERSON", [("Anna Holm", "PERSON"), ("Paul Drake", "PERSON")]),
        ("the Norland Ministry", "ORG", [("Norland Ministry", "ORG")]),
        ("“Norland Steel”", "ORG", [("Norland Steel", "ORG")]),
        (f"McDonald{CURLY}s", "ORG", [(f"McDonald{CURLY}s", "ORG")]),
        ("https://norland.example/news", "ORG", []),
        ("Warner Bros.", "ORG", [("Warner Bros.", "ORG")]),
        ("U.S.", "GPE", [("U.S.", "GPE")]),
        ("Mr", "PERSON", [("Mr", "PERSON")]),
        ("the third week of March", "DATE", [("the third week of March", "DATE")]),
        ("|||", "ORG", []),
    ],
)
def test_a_span_is_cut_to_its_names(
    written: str, label: str, expected: list[tuple[str, str]]
) -> None:
    text = f"So {written} was seen."
    found = tidied(text, Span(3, 3 + len(written), label))
    assert [(text[span.start : span.end], span.label) for span in found] == expected


@given(
    st.text(max_size=60),
    st.sampled_from(["PERSON", "ORG", "GPE", "DATE", "WORK_OF_ART"]),
    st.data(),
)
def test_what_is_left_lies_inside_the_span(text: str, label: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = tidied(text, Span(start, end, label))
    for span in found:
        assert start <= span.start <= span.end <= end
    assert all(one.end <= other.start for one, other in pairwise(found))
