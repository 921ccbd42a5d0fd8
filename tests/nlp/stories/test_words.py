"""Words of another language are compared as the English ones that stand for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bench.nlp.story_languages import outcomes, read_accounts
from models.errors import ModelError
from models.stories import StoryArticle
from nlp.stories.detector import Detector
from nlp.stories.model import Frequencies, JoinModel
from nlp.stories.terms import DIGESTS, Reader
from nlp.stories.words import (
    STEM,
    TABLES,
    folded,
    in_latin,
    read_table,
    stem,
    word_number,
    word_table,
)

MORNING = datetime(2025, 6, 3, 7, tzinfo=UTC)


def numbers(*words: str) -> list[int]:
    return [word_number(stem(word)) for word in words]


def article(name: str, title: str, summary: str, language: str, hours: float) -> StoryArticle:
    moment = MORNING + timedelta(hours=hours)
    return StoryArticle(name, title, summary, f"Source {name}", language, moment, ())


def test_a_word_stands_for_its_english_ones_and_an_unknown_one_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "pl.tsv"
    path.write_text("zamieszki\triots unrest\tzamies\nstrażak\tfirefighters\tstraza\n")
    told, of = read_table(path).translate(np.array(numbers("strażaków", "Ostvar", "zamieszkach")))
    assert of.tolist() == [0, 1, 2, 2]
    assert told.tolist() == numbers("firefighter", "Ostvar", "riots", "unrest")


def test_of_two_words_with_a_stem_in_common_the_first_has_it(tmp_path: Path) -> None:
    path = tmp_path / "pl.tsv"
    path.write_text("rząd\tgovernment\trzad\nrządek\trow\trzad rzadek\n")
    told, _ = read_table(path).translate(np.array(numbers("rząd", "rządek")))
    assert told.tolist() == numbers("government", "row")


@pytest.mark.parametrize("text", ["rząd government", "rząd\tgovernment\trzad\tmore", ""])
def test_a_table_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pl.tsv"
    path.write_bytes(text.encode() or b"\xff\xfe")
    with pytest.raises(ModelError, match=r"pl\.tsv is not a table of words"):
        read_table(path)


def test_only_articles_in_the_language_are_translated() -> None:
    both = [article(code, "most", "", code, 0) for code in ("pl", "en")]
    polish, english = Reader().read(both)
    assert polish.title.tolist() == numbers("bridge")
    assert english.title.tolist() == numbers("most")


def test_an_account_in_polish_finds_the_story_told_in_english() -> None:
    told = [
        article(
            "a",
            "Protesters clash with police in Trieste over pension reform",
            "Police used tear gas and water cannon as protesters set fire to a police station.",
            "en",
            0,
        ),
        article("b", "Museum of clocks opens in Ostvar", "Two thousand clocks tick.", "en", 0.2),
        article(
            "c",
            "Triest: starcia z policją podczas protestów przeciw reformie emerytalnej",
            "Policja użyła gazu łzawiącego i armatek wodnych, protestujący podpalili komisariat.",
            "pl",
            1,
        ),
    ]
    detector = Detector(JoinModel.load(), Frequencies())
    detector.assign(told)
    found = detector.story_of
    assert found["c"] == found["a"] != found["b"]


def test_a_name_in_cyrillic_letters_is_that_of_english_news() -> None:
    names = ("Зеленський", "Зеленского", "Харват", "Шмыгаль")
    assert [in_latin(folded(name)) for name in names] == [
        *("zelenskii", "zelenskogo", "harvat", "shmygal")
    ]


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "pl", "ru", "uk"])
def test_most_accounts_in_other_languages_find_the_story_told_in_english(language: str) -> None:
    accounts = read_accounts()
    found = outcomes(accounts["en"], accounts[language])
    assert found["right"] >= 0.7 * sum(found.values())
    assert found["wrong"] <= 1


def test_every_shipped_table_is_one_of_stems() -> None:
    assert word_table("pl")
    assert word_table("en") is None
    for path in TABLES.glob("*.tsv"):
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        stems = [each for _, _, listed in lines for each in listed.split()]
        assert len(set(stems)) == len(stems)
        assert all(stem(each) == each and len(each) <= STEM for each in stems)
        assert all(english.split() for _, english, _ in lines)
        # A digest is known by its own words.
        assert not {stem(word) for words in DIGESTS for word in words} & set(stems)
