"""What pairs of articles share comes out the same, pair by pair or as a table of rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.stories import StoryArticle
from nlp.stories.model import Frequencies
from nlp.stories.pairs import FEATURES, features, grid
from nlp.stories.terms import Reader, is_digest
from nlp.stories.window import Live, Row, Views

WORDS = st.sampled_from(
    [
        "Briefing",
        "Ferry",
        "ferry",
        "Ostvar",
        "212",
        "1,400",
        "harbour",
        "the",
        "Orlova",
        "of",
        "łódź",
        "Łódź",
    ]
)
TEXT = st.lists(WORDS, max_size=9).map(" ".join)
ARTICLES = st.lists(
    st.tuples(TEXT, TEXT, st.sampled_from("ab"), st.sampled_from(["en", "pl"])),
    min_size=1,
    max_size=7,
)


def views(articles: list[tuple[str, str, str, str]]) -> Views:
    moment = datetime(2025, 6, 3, tzinfo=UTC)
    told = [
        StoryArticle(str(at), *article, moment + timedelta(hours=at), ("place/ostvar",) * (at % 2))
        for at, article in enumerate(articles)
    ]
    live = Live()
    live.add(
        [
            Row(each.id, terms, at, each.language, each.source)
            for at, (each, terms) in enumerate(zip(told, Reader().read(told), strict=True))
        ]
    )
    return live.views(Frequencies().idf())


@given(ARTICLES)
def test_a_table_of_rows_says_what_their_pairs_say(
    articles: list[tuple[str, str, str, str]],
) -> None:
    seen = views(articles)
    rows = np.arange(len(articles))
    one, cosines = features(seen, np.repeat(rows, len(rows)), np.tile(rows, len(rows)))
    other, tabled = grid(seen, rows, rows)
    assert np.allclose(one, other, atol=1e-4)
    assert np.allclose(cosines, tabled, atol=1e-5)


def test_what_two_articles_share_is_told() -> None:
    seen = views(
        [
            ("Ferry aground off Ostvar", "All 212 aboard are safe", "a", "en"),
            ("Ostvar ferry: 212 safe", "", "b", "en"),
            ("Budget", "Tax on fuel", "b", "en"),
        ]
    )
    found, cosines = features(seen, np.array([0, 0]), np.array([1, 2]))
    near, far = (dict(zip(FEATURES, row.tolist(), strict=True)) for row in found)
    assert near["cosine"] > 0.3
    assert near["figures"] > 0.0
    assert near["title_in_text"] > 0.9
    assert near["rarest_word"] > 5.0
    assert far["cosine"] == cosines[1] == 0.0


def test_the_terms_of_an_article_are_the_same_alone_and_among_others() -> None:
    told = [
        StoryArticle(
            str(at),
            title,
            "Łódź paid 1,400.50 in 2023, and 3",
            "a",
            "pl",
            datetime.now(UTC),
            ("x",),
        )
        for at, title in enumerate(["Kask Budget Tax", "", "ferry ran aground off Ostvar, 12 say"])
    ]
    together = Reader().read(told)
    for article, terms in zip(told, together, strict=True):
        (alone,) = Reader().read([article])
        for kind in ("words", "weights", "title", "names", "figures"):
            assert getattr(terms, kind).tolist() == getattr(alone, kind).tolist()
    # In a headline that capitalises every word, a capital says nothing.
    assert len(together[0].names) == len(together[1].names)
    assert len(together[2].names) > len(together[1].names)
    assert len(together[0].figures) == 1


def test_a_digest_is_told_by_its_title() -> None:
    titles = {
        "Thursday Briefing: the ferry is afloat": True,
        "North Sea round-up: ferry afloat": True,
        "The Papers: 'Ferry afloat'": True,
        "Anna Orlova gościem Porannej rozmowy": True,
        "Ferry aground: key events of the night": True,
        "Ferry aground off Ostvar": False,
        "Live updates: the ferry is afloat": False,
        "Captain tells of the key moment": False,
    }
    moment = datetime(2025, 6, 3, tzinfo=UTC)
    told = [
        StoryArticle(title, title, "", "a", "pl" if "gościem" in title else "en", moment)
        for title in titles
    ]
    said = {each.id: terms.title for each, terms in zip(told, Reader().read(told), strict=True)}
    assert {title: is_digest(words) for title, words in said.items()} == titles


def test_a_digest_speaks_against_an_article_but_not_against_its_copy() -> None:
    seen = views(
        [
            ("Morning briefing: ferry aground off Ostvar", "", "a", "en"),
            ("Ferry aground off Ostvar", "", "b", "en"),
            ("Morning briefing: ferry aground off Ostvar", "", "a", "en"),
        ]
    )
    found, _ = features(seen, np.array([1, 2]), np.array([0, 0]))
    assert found[:, FEATURES.index("digest")].tolist() == [1.0, 0.0]
