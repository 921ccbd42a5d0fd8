"""Names are followed to their ends as spaCy does, in a number of steps that grows with the text."""

from __future__ import annotations

import pytest
import spacy

from nlp.entities.tagger import PIPELINES
from nlp.ner.pipeline import Pipeline
from nlp.ner.transitions import NEAR, Decoder

ENGLISH = PIPELINES["en"]
FAR = ["Xi ", "Biden ", "University of ", "$ 5 ", "Monday "]
"""Words of which the network makes one name to the end of the text, however often they are said."""

NEARBY = ["Israel ", "Anna Holm said ", "the United States and "]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(ENGLISH)


def steps(pipeline: Pipeline, text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return at how many tokens it was asked whether an open name goes on."""
    counted = 0
    goes_on = Decoder.goes_on

    def counting(self, state, *arguments):  # type: ignore[no-untyped-def]  # as `goes_on`
        nonlocal counted
        counted += len(state)
        return goes_on(self, state, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "goes_on", counting)
        list(pipeline.spans([text]))
    return counted


@pytest.mark.parametrize("name", FAR)
def test_steps_grow_with_the_text_where_one_name_is_said_over_and_over(
    pipeline: Pipeline, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = (steps(pipeline, name * count, monkeypatch) for count in (500, 2000))
    assert 0 < long <= 6 * short


@pytest.mark.parametrize("name", FAR + NEARBY)
def test_names_that_reach_far_are_those_of_plain_spacy(pipeline: Pipeline, name: str) -> None:
    plain = spacy.load(ENGLISH, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    texts = [name * 700, f"He met {name * 90}. Then {name * 300} left for Oslo.", name * 65, name]
    expected = [
        [(each.start_char, each.end_char, each.label_) for each in doc.ents]
        for doc in plain.pipe(texts)
    ]
    longest = max(len(each) for doc in plain.pipe(texts) for each in doc.ents)
    assert longest > 2 * NEAR if name in FAR else longest < NEAR
    assert [[each[:3] for each in spans] for spans in pipeline.spans(texts)] == expected
