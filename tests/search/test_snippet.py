"""A snippet shows why an article was found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.nodes import Node
from search.query.parse import parse
from search.request import Marked
from search.snippet import CUT, LENGTH, mark, passage

NOW = datetime(2024, 5, 15, tzinfo=UTC)
FILLER = "Nothing of note happened on the quiet quay that day. " * 12


def query(text: str) -> Node:
    return parse(text, NOW)


def shown(marked: Marked) -> str:
    return "".join(f"[{text}]" if is_hit else text for text, is_hit in marked)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("election", "Elections elected no one", "[Elections] [elected] no one"),
        ("lodz", "In Łódź, rain", "In [Łódź], rain"),
        ('"election"', "Elections: an election", "Elections: an [election]"),
        ('"red river"', "The red river, red river town", "The [red] [river], [red] [river] town"),
        ('"red river"', "A river, red", "A river, red"),
        ('"red town"~2', "The red river town", "The [red] river [town]"),
        ("fer*", "Ferries ferment", "[Ferries] [ferment]"),
        ("*ment", "Ferries ferment", "Ferries [ferment]"),
        ("harbor~", "The harbour", "The [harbour]"),
        ("strike -ferry", "Ferry strike", "Ferry [strike]"),
        ("summary:strike", "The strike", "The strike"),
        ("title:strike", "The strike", "The [strike]"),
        ("a^3 OR (the AND strike)", "The strike", "[The] [strike]"),
        ('entity:"Mara Linden"', "Says Mara Linden", "Says [Mara] [Linden]"),
        ("topic:strike", "The strike", "The strike"),
        ("U.S.", "The US, the U.S.", "The [US], the [U.S.]"),
        ("", "Anything", "Anything"),
        ("x", "", ""),
    ],
)
def test_what_was_asked_for_is_marked(asked: str, text: str, expected: str) -> None:
    assert shown(mark(text, query(asked), "en")) == expected


def test_words_are_marked_by_the_language_of_the_article() -> None:
    assert shown(mark("Die Häuser am Fluss", query("Haus"), "de")) == "Die [Häuser] am Fluss"


def test_the_passage_is_where_most_of_the_words_are() -> None:
    text = f"A strike. {FILLER}The harbour strike ended. {FILLER}The harbour."
    found = shown(passage([("summary", text)], query("harbour strike"), "en"))
    assert found.startswith(f"{CUT}The [harbour] [strike] ended.")
    assert found.endswith(CUT)


def test_the_passage_comes_from_the_text_that_shows_more() -> None:
    texts = [("summary", "A strike."), ("body", FILLER + "The harbour strike.")]
    assert "[harbour] [strike]" in shown(passage(texts, query("harbour strike"), "en"))
    same = [("summary", "A strike."), ("body", "Another strike.")]
    assert shown(passage(same, query("strike"), "en")) == "A [strike]."


def test_without_marks_it_is_the_beginning() -> None:
    found = passage([("summary", ""), ("body", FILLER)], query("zebra"), "en")
    assert shown(found).startswith("Nothing of note")
    assert not any(is_hit for _, is_hit in found)
    assert passage([("summary", ""), ("body", " ")], query("zebra"), "en") == ()


@given(
    st.text("ab .é\n<&東", max_size=700),
    st.sampled_from(["a", "b*", '"a b"', "ab OR ba", "a~", "é", ""]),
)
def test_a_passage_is_a_piece_of_the_text(text: str, asked: str) -> None:
    found = passage([("summary", text)], query(asked), "en")
    plain = "".join(piece for piece, _ in found)
    assert plain.removeprefix(CUT).removesuffix(CUT) in text
    assert len(plain) <= LENGTH * 1.2 + 2
    assert all(piece for piece, _ in found)
    assert "".join(piece for piece, _ in mark(text, query(asked))) == text
