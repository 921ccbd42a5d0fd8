from __future__ import annotations

import dataclasses

import pytest

from models.tags import Due, Origin
from nlp.entities.tagger import EntityTagger
from nlp.language import LanguageDetector
from nlp.tagger import Tagger
from nlp.topics.by_language import TopicModels

ENGLISH = Due(
    "a" * 20,
    3,
    "Foreign ministers of France and Japan sign treaty in Geneva",
    "The ambassadors of both countries praised the talks and the summit that led to the treaty.",
    "en",
    "world",
    (),
)
FRENCH = Due(
    "b" * 20,
    1,
    "Le gouvernement présente son budget aux députés",
    "Les députés de la majorité ont salué un texte que l'opposition juge injuste et dangereux.",
    "en-US",
    "une",
    (),
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(LanguageDetector(), EntityTagger(), TopicModels.load())


def test_each_article_gets_its_own_tags_at_its_place(tagger: Tagger) -> None:
    english, french = tagger.tag([ENGLISH, FRENCH])
    assert (english.article_id, english.version, english.language) == (ENGLISH.id, 3, "en")
    assert "diplomacy" in [topic.slug for topic in english.topics]
    assert {"France", "Japan", "Geneva"} <= {mention.text for mention in english.mentions}
    assert english.note == ""
    assert (french.article_id, french.language) == (FRENCH.id, "fr")


def test_what_the_publisher_says_is_a_hint_and_recorded_as_such(tagger: Tagger) -> None:
    filed = dataclasses.replace(ENGLISH, section="world", categories=("Religion",))
    (tags,) = tagger.tag([filed])
    origins = {topic.slug: topic.origin for topic in tags.topics}
    assert origins["religion"] is Origin.RULE
    assert origins["diplomacy"] is Origin.MODEL


def test_a_section_that_the_model_finds_hardly_likely_makes_no_tag(tagger: Tagger) -> None:
    filed = dataclasses.replace(ENGLISH, section="world/religion")
    (tags,) = tagger.tag([filed])
    assert "religion" not in {topic.slug for topic in tags.topics}


def test_a_language_without_a_model_gets_topics_by_seed_terms_and_says_so(tagger: Tagger) -> None:
    (french,) = tagger.tag([FRENCH])
    assert {topic.slug for topic in french.topics} == {"politics"}
    assert {topic.origin for topic in french.topics} == {Origin.RULE}
    assert "by seed terms alone: no topic model for fr" in french.note


def test_an_article_of_a_language_without_models_or_terms_says_so(tagger: Tagger) -> None:
    dutch = dataclasses.replace(
        FRENCH,
        title="Het kabinet presenteert zijn begroting aan de Tweede Kamer",
        summary="De oppositie vindt de plannen van het kabinet onrechtvaardig en gevaarlijk.",
    )
    (tags,) = tagger.tag([dutch])
    assert tags.language == "nl"
    assert tags.topics == ()
    assert "no topics" in tags.note


def test_tags_do_not_depend_on_the_batch(tagger: Tagger) -> None:
    assert tagger.tag([ENGLISH, FRENCH]) == [*tagger.tag([ENGLISH]), *tagger.tag([FRENCH])]


def test_an_empty_batch_and_an_empty_text_are_accepted(tagger: Tagger) -> None:
    assert tagger.tag([]) == []
    (tags,) = tagger.tag([Due("c" * 20, 1, "?", "", "", "", ())])
    assert (tags.language, tags.mentions) == ("", ())


def test_the_stamp_names_both_models(tagger: Tagger) -> None:
    assert EntityTagger().stamp in tagger.stamp
    assert TopicModels.load().stamp in tagger.stamp
