"""Entities marked in a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.tags import EntityName, Mention
from web.highlight import marked, named

PERSON = EntityName("person/ann-lee", "Ann Lee", "person")
PLACE = EntityName("place/lee", "Lee", "place")
TEXT = "Ann Lee met 20 people in Lee"


def mention(start: int, end: int, entity: EntityName | None = PERSON, label: str = "") -> Mention:
    return Mention("title", start, end, TEXT[start:end], label or "PERSON", entity)


spans = st.lists(
    st.builds(
        lambda start, length, named: Mention(
            "title", start, start + length, "", "PERSON", PERSON if named else None
        ),
        st.integers(-3, 40),
        st.integers(-2, 20),
        st.booleans(),
    )
)


@given(st.text(max_size=40), spans)
def test_the_pieces_joined_are_the_text(text: str, mentions: list[Mention]) -> None:
    pieces = marked(text, mentions)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    for piece in pieces:
        if piece.mention:
            assert piece.text == text[piece.mention.start : piece.mention.end]


def test_of_overlapping_spans_the_longer_name_is_marked() -> None:
    pieces = marked(TEXT, [mention(4, 7, PLACE), mention(0, 7), mention(25, 28, PLACE)])
    assert [piece.text for piece in pieces if piece.mention] == ["Ann Lee", "Lee"]


def test_a_name_wins_over_a_number() -> None:
    pieces = marked(TEXT, [mention(12, 21, None, "QUANTITY"), mention(15, 21)])
    assert [piece.text for piece in pieces if piece.mention] == ["people"]


def test_mentions_of_one_thing_are_counted_together() -> None:
    things = named([mention(25, 28), mention(12, 14, None, "CARDINAL"), mention(0, 7)])
    assert [(thing.name, thing.label, thing.count) for thing in things] == [
        ("Ann Lee", "Person", 2),
        ("20", "number", 1),
    ]
    assert set(things[0].spellings) == {"Ann Lee", "Lee"}


def test_a_label_without_words_for_it_is_shown_as_it_is() -> None:
    (thing,) = named([mention(0, 3, None, "NEWLABEL")])
    assert thing.label == "newlabel"
