"""People who introduce themselves by first names in posts."""

from __future__ import annotations

import pytest

from nlp.entities.english.introductions import introduced
from nlp.entities.tagger import EntityTagger, Text

CURLY = "\u2019"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi! This is Anna, Yoshua, and Brovik from https://example.com", "Anna Yoshua Brovik"),
        ("Hey, we are Remko, Ben, and Nick, the founders of Quentiva", "Remko Ben Nick"),
        ("Hello! We're Esteban and Ulla and we are looking for testers", "Esteban Ulla"),
        (f"I{CURLY}m Nick. I built this.", "Nick"),
        ("My name is Ingrid, and this is a story", "Ingrid"),
        ("It's Brovik and Telmar here, with news", "Brovik Telmar"),
        ("I'm Brovik, co-founder of Quentiva", ""),
        ("I'm American. We are Google and Apple.", ""),
        ("This is Chelsea. This is Paris.", ""),
        ("We are Ukraine, and I am Black", ""),
        ("I am Sure of it", ""),
        ("we're Going home", ""),
    ],
)
def test_first_names_by_which_people_introduce_themselves(text: str, names: str) -> None:
    assert introduced(text) == frozenset(names.split())


def test_those_who_introduce_themselves_are_people(tagger: EntityTagger) -> None:
    title = "Launch: Quentiva, a tool for builders"
    summary = "Hey, we are Remko, Ben, and Nick, the founders of Quentiva. It sorts what you build."
    (mentions,) = tagger.tag([Text(title, summary, "en")])
    people = {m.text for m in mentions if m.entity and m.entity.type == "person"}
    assert {"Remko", "Ben", "Nick"} <= people


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()
