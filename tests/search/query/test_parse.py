"""What people type is read as they mean it, or the fault is named where it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import QueryError
from search.filters import filter_node, narrowed
from search.query.nodes import (
    ALL,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.query.parse import FIELDS, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, interpret, parse
from search.request import Filters
from search.text.words import words

NOW = datetime(2024, 5, 15, 12, 30, tzinfo=UTC)  # a Wednesday
A, B, C = Term("a"), Term("b"), Term("c")


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", ALL),
        ("  \n ", ALL),
        ("*", ALL),
        ("*:*", ALL),
        ("a", A),
        ("a b", And((A, B), relaxable=True)),
        ("a AND b", And((A, B))),
        ("a OR b OR c", Or((A, B, C))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a ANDNOT b", And((A, Not(B)))),
        ("NOT b", Not(B)),
        ("a b -c", And((And((A, B), relaxable=True), Not(C)))),
        ("a AND (b OR c)", And((A, Or((B, C))))),
        ("(a b) OR c", Or((And((A, B)), C))),
        ("a ANDMAYBE b", Or((A, And((A, B))))),
        ("a REQUIRE b", And((A, Boost(B, 0.0)))),
        ("a^2.5", Boost(A, 2.5)),
        ("(a b)^2 c", And((Boost(And((A, B)), 2.0), C))),
        ('"a b"', Phrase(("a", "b"))),
        ('"a b"~3', Phrase(("a", "b"), slop=2)),
        ("\u201ca b\u201d c", And((Phrase(("a", "b")), C))),
        ("'a b'", Phrase(("a", "b"))),
        ('"a"', Phrase(("a",))),
        ("a*", Prefix("a")),
        ("*a", Wildcard("*a")),
        ("a?b**c", Wildcard("a?b*c")),
        ("a~", Fuzzy("a")),
        ("abc~2/2", Fuzzy("abc", distance=2, prefix=2)),
        ("abc~0", Term("abc")),
        ("title:a", Term("a", "title")),
        ("title:(a b)", And((Term("a", "title"), Term("b", "title")))),
        ('title:"a b" c', And((Phrase(("a", "b"), "title"), C))),
        ("topic:sport", Term("sport", "topic")),
        ('entity:"Mara Linden"', Term("Mara Linden", "entity")),
        ("entity:'Mara Linden'", Term("Mara Linden", "entity")),
        ("entity:person/mara-linden", Term("person/mara-linden", "entity")),
        ("source:exam*", Prefix("exam", "source")),
        ("-topic:sport", Not(Term("sport", "topic"))),
        ("NOT (topic:a OR topic:b)", Not(Or((Term("a", "topic"), Term("b", "topic"))))),
    ],
)
def test_the_language_is_whooshs(text: str, node: Node) -> None:
    assert parse(text, NOW) == node


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Covid-19", ["covid", "19"]),
        ("U.S. troops", ["us", "troops"]),
        ("don't", ["dont"]),
        ("Łódź", ["lodz"]),
        ("won 3:2", ["won", "3", "2"]),
        ("Update: ferries", ["update", "ferries"]),
        ("title: ferries", ["title", "ferries"]),
        ("10:30 train", ["10", "30", "train"]),
        ("and or not", ["and", "or", "not"]),
        ("why strike?", ["why", "strike"]),
        ("A&B C & D", ["a&b", "c", "d"]),
        ("a ... b", ["a", "b"]),
        ("+a", ["a"]),
        ("rock 'n roll", ["rock", "n", "roll"]),
    ],
)
def test_plain_text_is_plain_words(text: str, terms: list[str]) -> None:
    node = parse(text, NOW)
    nodes = node.nodes if isinstance(node, And) else (node,)
    found = [word for n in nodes if isinstance(n, Term) for word in words(n.text)]
    assert found == terms
    assert len(nodes) == len(terms)


@pytest.mark.parametrize(
    ("text", "row"),
    [("Node.js", ("node", "js")), ("東京", ("東", "京")), ("NHK放送", ("nhk", "放", "送"))],
)
def test_what_is_written_without_a_space_is_searched_as_a_row(
    text: str, row: tuple[str, ...]
) -> None:
    assert parse(text, NOW) == Phrase(row)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("[20240501 TO 20240512]", "2024-05-01", "2024-05-13"),
        ("[2024-05-01 TO 2024-05-12]", "2024-05-01", "2024-05-13"),
        ("{20240501 TO 20240512}", "2024-05-02", "2024-05-12"),
        ("[20240501 TO]", "2024-05-01", None),
        ("[20240512 TO 20240501]", "2024-05-01", "2024-05-13"),
        ("*", None, None),
        ("[TO 2024-04]", None, "2024-05-01"),
        ("['last monday' TO today]", "2024-05-13", "2024-05-16"),
        ("20240501", "2024-05-01", "2024-05-02"),
        ("2024-05", "2024-05-01", "2024-06-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-05-01T10:00", "2024-05-01T10:00", "2024-05-01T10:01"),
        ("'2024-05-01T10:00:00+02:00'", "2024-05-01T08:00", "2024-05-01T08:00:00.000001"),
        ("today", "2024-05-15", "2024-05-16"),
        ("yesterday", "2024-05-14", "2024-05-15"),
        ("'last week'", "2024-05-06", "2024-05-13"),
        ("'this week'", "2024-05-13", "2024-05-20"),
        ("'last month'", "2024-04-01", "2024-05-01"),
        ("'last year'", "2023-01-01", "2024-01-01"),
        ("'last 7 days'", "2024-05-08T12:30", "2024-05-15T12:30"),
        ("'past 2 months'", "2024-03-15T12:30", "2024-05-15T12:30"),
        ("'3 days ago'", "2024-05-12", "2024-05-13"),
        ("'5 may 2024'", "2024-05-05", "2024-05-06"),
        (">20240501", "2024-05-02", None),
        (">=20240501", "2024-05-01", None),
        ("<20240501", None, "2024-05-01"),
    ],
)
def test_dates_are_read_from_now(text: str, start: str | None, end: str | None) -> None:
    expected = DateRange(day(start) if start else None, day(end) if end else None)
    assert parse(f"published:{text}", NOW) == expected


def test_a_day_begins_where_the_reader_is() -> None:
    now = datetime(2024, 5, 15, 1, tzinfo=timezone(timedelta(hours=2)))
    expected = DateRange(day("2024-05-14T22:00"), day("2024-05-15T22:00"))
    assert parse("published:today", now) == expected


@pytest.mark.parametrize(
    ("text", "position", "suggestion", "says"),
    [
        ("(war", 0, "(war)", "never closed"),
        ("war)", 3, "war", "never opened"),
        ("war ()", 4, "war", "nothing between"),
        ("war AND", 4, "war", "AND needs"),
        ("OR war", 0, "war", "OR needs"),
        ("war NOT", 4, "war", "NOT needs"),
        ("a OR OR b", 5, "a OR b", "OR needs"),
        ("(a AND) b", 3, "(a) b", "AND needs"),
        ("published:[2025 TO", 10, "published:[2025 TO]", "range is never closed"),
        ("published:[2025 (war)", 10, "published:[2025 TO] (war)", "range is never closed"),
        ('"open water', 0, '"open water"', "never closed"),
        ('water"', 5, "water", "never closed"),
        ('a ""', 2, "a", "no word between"),
        ("topic:", 6, "", "value is missing"),
        ("a (title:) b", 9, "a b", "value is missing"),
        ("colour:red", 0, "colour: red", "no field 'colour'"),
        ("site:bbc.example a", 0, "source:bbc.example a", "no field 'site'"),
        ("strike Headline:ferry", 7, "strike title:ferry", "no field 'Headline'"),
        ("before:2023-11-10 a", 0, "published:[TO 2023-11-10} a", "no field 'before'"),
        ('a since:"last week"', 2, "a published:[last week TO]", "no field 'since'"),
        ("entitty:x", 0, "entity:x", "the fields are title, summary"),
        ("published:soonish a", 10, "a", "is not a date"),
        ("published:[x TO y] a", 10, "a", "is not a date"),
        ("published:{20240512 TO 20240512}", 10, "", "no time in the range"),
        ('"open wat*" a', 0, "open wat* a", "inside quotation marks"),
        ("body:* a", 5, "a", "asks for nothing"),
        ("[a TO b] c", 0, "c", "Ranges are for published"),
        ("title:[a TO b] c", 6, "c", "Ranges are for published"),
        ("abc~7", 3, "abc~2", "at most ~2"),
        ("a^5000", 1, "", "boost is at most"),
        ("!!!", 0, "", "no word to search for"),
        ("((war AND", 1, "((war))", "never closed"),
    ],
)
def test_a_fault_is_named_where_it_stands(
    text: str, position: int, suggestion: str, says: str
) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        parse(text, NOW)
    assert caught.value.position == position
    assert caught.value.suggestion == suggestion
    parse(suggestion, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "a" * (MAX_LENGTH + 1),
        " ".join("ab" for _ in range(MAX_TERMS + 1)),
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
        "NOT " * 100 + "a",
        " ANDNOT ".join("a" * 200),
    ],
)
def test_what_is_too_long_or_too_deep_is_said(text: str) -> None:
    with pytest.raises(QueryError, match=r"more than|at most"):
        parse(text, NOW)


def test_as_much_as_may_be_is_read() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, NOW)
    parse(" OR ".join("ab" for _ in range(MAX_TERMS)), NOW)


_PIECES = st.sampled_from(
    (
        *("a", "b*", "*c", "AND", "OR", "NOT", "ANDNOT", "(", ")", '"', "'", "~2", "^2", "title:"),
        *(
            "published:",
            "[20240101 TO 20240202]",
            "TO",
            "[",
            "]",
            "{",
            "}",
            ">",
            "-",
            "?",
            "é",
            ":",
        ),
        *("'last week'", "\x00", "\u202e", "東京", ".", "\\", "/", " ", "x:"),
    )
)


def read_or_mended(text: str) -> None:
    """Read a text, or the reading that its refusal suggests."""
    try:
        node = parse(text, NOW)
    except QueryError as error:
        refused = error
    else:
        assert parse(text, NOW) == node
        return
    assert refused.position is None or 0 <= refused.position <= len(text)
    assert refused.suggestion != text
    parse(refused.suggestion, NOW)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=14).map(" ".join) | st.lists(_PIECES, max_size=14).map("".join))
def test_anything_typed_is_read_or_refused_with_a_reading(text: str) -> None:
    read_or_mended(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_mended(text)


def test_filters_and_typed_fields_are_the_same() -> None:
    assert filter_node(Filters(topics=("sport",))) == parse("topic:sport", NOW)
    assert filter_node(Filters(entities=("Mara Linden",))) == parse('entity:"Mara Linden"', NOW)
    both = Filters(topics=("sport", "crime"))
    assert filter_node(both) == parse("topic:sport AND topic:crime", NOW)
    either = Filters(sources=("one", "two"))
    assert filter_node(either) == parse("source:one OR source:two", NOW)
    dates = Filters(since=day("2024-05-01"), until=day("2024-05-13"))
    assert filter_node(dates) == parse("published:[20240501 TO 20240512]", NOW)


def test_filters_leave_a_query_as_it_is_where_there_are_none() -> None:
    assert narrowed(ALL, Filters()) == ALL
    assert narrowed(A, Filters()) == A
    assert narrowed(ALL, Filters(languages=("de",))) == Term("de", "lang")
    assert narrowed(A, Filters(clusters=("c1",))) == And((A, Term("c1", "cluster")))


def test_every_field_can_be_asked_for() -> None:
    for field in FIELDS:
        parse(f"{field}:2024", NOW)


def meant(text: str) -> tuple[str, str]:
    """Return what is offered instead of a query as it was read, and why."""
    notices = interpret(text, NOW).notices
    return (notices[0].query, notices[0].text) if notices else ("", "")


@pytest.mark.parametrize(
    ("typed", "means", "offered"),
    [
        ("gaza or ukraine", "gaza OR ukraine", '"gaza or ukraine"'),
        ("topic:sport or title:dam", "topic:sport OR title:dam", ""),
        ('"red river" or dam*', '"red river" OR dam*', ""),
        ("(a b) or (c d)", "(a b) OR (c d)", '"(a b) or (c d)"'),
        ("food and drink", "food drink", ""),
        ("rock and roll or jazz", "rock roll OR jazz", '"rock and roll or jazz"'),
        ("mayor not guilty", "mayor guilty", "mayor NOT guilty"),
        ("to be or not to be", "to be to be", '"to be or not to be"'),
        ("believe it or not", "believe it", '"believe it or not"'),
        ("and then there were none", "then there were none", ""),
        ('"to be or not to be"', '"to be or not to be"', ""),
        ("and or not", "and or not", ""),
        ("not", "not", ""),
        ("title:or dam", "title:or dam", ""),
    ],
)
def test_small_connectives_are_operators_or_ask_for_nothing(
    typed: str, means: str, offered: str
) -> None:
    assert interpret(typed, NOW).query == parse(means, NOW)
    assert meant(typed)[0] == offered


def test_swapped_dates_are_read_and_said() -> None:
    assert "swapped" in meant("published:[20240512 TO 20240501]")[1]
