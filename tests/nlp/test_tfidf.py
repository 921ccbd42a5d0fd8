"""Words, phrases and TF-IDF rows, held against scikit-learn's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.tfidf import Vocabulary, fold_term, words

TERMS = ["bank", "central", "central bank", "prime minister of", "minister", "café"]
TERMS = [fold_term(term) for term in TERMS]
VOCABULARY = Vocabulary(TERMS, np.ones(len(TERMS)))


def counted(title: str, summary: str = "") -> dict[str, float]:
    row = VOCABULARY.counts([("zero", "zero"), (title, summary)])[1]
    return {TERMS[column]: count for column, count in zip(row.indices, row.data, strict=True)}


def test_words_are_folded() -> None:
    assert words("The CAFÉ's owner, Łódź 2023!") == ["the", "cafe", "owner", "łodz", "2023"]


def test_words_phrases_and_their_parts_are_counted() -> None:
    assert counted("", "Central bank, said the prime minister of X") == {
        "bank": 1,
        "central": 1,
        "central bank": 1,
        "minister": 1,
        "prime minister of": 1,
    }


def test_a_word_of_the_title_counts_twice() -> None:
    assert counted("Bank", "bank") == {"bank": 3}


def test_a_phrase_does_not_reach_from_title_to_summary_or_to_the_next_article() -> None:
    assert "central bank" not in counted("central", "bank")
    rows = VOCABULARY.counts([("x", "central"), ("bank", "")])
    assert rows[:, TERMS.index("central bank")].nnz == 0


def test_a_phrase_is_not_found_across_an_unknown_word() -> None:
    assert "central bank" not in counted("central quux bank")


def test_only_the_first_fifty_words_of_a_summary_count() -> None:
    assert counted("", "filler " * 50 + "bank") == {}
    assert counted("", "filler " * 49 + "bank") == {"bank": 1}


def test_rows_have_length_one_or_nothing() -> None:
    rows = VOCABULARY.matrix([("bank minister", ""), ("nothing known", "")])
    assert np.sqrt(rows.multiply(rows).sum(axis=1)).ravel().tolist()[0] == pytest.approx([1, 0])


def test_rows_are_those_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [("Bank of the river", "A bank, a river, a boat"), ("The boat", "sank near the bank")]
    joined = [f"{title} {title} {summary}" for title, summary in texts]
    theirs = TfidfVectorizer(sublinear_tf=True, strip_accents="unicode").fit(joined)
    ours = Vocabulary(theirs.get_feature_names_out().tolist(), theirs.idf_)
    assert np.allclose(ours.matrix(texts).toarray(), theirs.transform(joined).toarray(), atol=1e-6)


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=6))
def test_any_text_gives_one_row_an_article(texts: list[tuple[str, str]]) -> None:
    rows = VOCABULARY.matrix(texts)
    assert rows.shape == (len(texts), len(TERMS))
    assert np.isfinite(rows.data).all()


def test_a_vocabulary_without_any_text_works() -> None:
    assert VOCABULARY.matrix([]).shape == (0, len(TERMS))


@pytest.mark.parametrize("terms", [["one", "one"], ["one two three four"], [""]])
def test_impossible_terms_are_refused(terms: list[str]) -> None:
    with pytest.raises(ValueError, match="term"):
        Vocabulary(terms, np.ones(len(terms))).counts([("one", "")])
