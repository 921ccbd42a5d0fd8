"""Seed terms claim articles of languages that no model has, and of topics that a model has not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ConfigError
from models.tags import OTHER, Origin
from nlp.topics.by_language import TopicModels
from nlp.topics.fit import fit
from nlp.topics.model import TopicModel
from nlp.topics.taxonomy import load_taxonomy
from nlp.topics.term_rules import TermRules, shipped_languages, shipped_terms, term_words

HEADLINES = [
    ("de", "Bundestag stimmt über Haushalt ab", "Die Koalition ist sich einig.", "politics"),
    ("de", "Erdbeben erschüttert die Küste", "Rettungskräfte suchen nach Verletzten.", "disaster"),
    ("fr", "L'inflation recule", "La banque centrale maintient ses taux.", "economy"),
    ("fr", "Le procès s'ouvre", "Le procureur réclame dix ans de prison.", "crime"),
    ("es", "El Gobierno pierde la votación", "Los diputados rechazan el proyecto.", "politics"),
    ("es", "La sequía se agrava", "El cambio climático amenaza los bosques.", "environment"),
    ("it", "Omicidio in centro, un arresto", "I carabinieri indagano.", "crime"),
    ("it", "Nuova mostra al museo", "Cento opere dell'artista.", "culture"),
    ("uk", "Ракетний удар по місту", "Військові збили десять дронів.", "military"),
    ("uk", "Прем'єр-міністр подав заяву про відставку", "Уряд складе повноваження.", "politics"),
    ("ru", "Землетрясение на побережье", "Спасатели ищут пострадавших.", "disaster"),
    ("ru", "Врачи ждут эпидемию гриппа", "Больницы готовят вакцины.", "health"),
]


@pytest.fixture(scope="module")
def models() -> TopicModels:
    return TopicModels.load()


@pytest.mark.parametrize(("language", "title", "summary", "slug"), HEADLINES)
def test_shipped_terms_tell_the_topic_of_plain_headlines(
    models: TopicModels, language: str, title: str, summary: str, slug: str
) -> None:
    (topics,) = models.tag([(title, summary)], language)
    assert topics[0].slug == slug
    assert all(topic.origin is Origin.RULE and 0 < topic.score < 1 for topic in topics)
    reasons = models.why(title, summary, language)
    assert {reason.slug for reason in reasons} == {topic.slug for topic in topics}
    assert reasons[0].words_for


def test_nothing_is_said_where_no_term_speaks(models: TopicModels) -> None:
    assert models.tag([("Ein ganz normaler Tag", "Nichts geschah.")], "de") == [()]
    assert models.tag([("Bundestag stimmt ab", "")], "nl") == [()]


@pytest.mark.parametrize("language", shipped_languages())
def test_every_shipped_term_can_be_matched(language: str) -> None:
    topics = {topic.slug for topic in load_taxonomy()}
    terms = shipped_terms(language)
    assert set(terms) == topics
    assert not [term for each in terms.values() for term in each if not term_words(term)]


def test_languages_with_terms_are_not_those_with_models(models: TopicModels) -> None:
    assert models.languages == ("en", "pl")
    assert models.languages_by_terms == ("de", "es", "fr", "it", "ru", "uk")


def test_a_star_stands_for_any_ending_and_its_absence_for_none() -> None:
    rules = TermRules({"economy": ["zins*", "bank"], "crime": ["tote bei"]})
    assert set(rules.found("Zinsen steigen", "")) == {"economy"}
    assert rules.found("Banken", "") == {}
    assert rules.found("Tote bei Unfall", "") == {"crime": {"tote bei": 2}}
    assert rules.found("Tote", "bei Unfall") == {}


def test_a_star_at_the_beginning_stands_for_any_beginning() -> None:
    rules = TermRules({"economy": ["*streik*", "*steuer"], "politics": ["*minister"]})
    assert set(rules.found("Warnstreiks in Häfen", "")) == {"economy"}
    assert set(rules.found("Stromsteuer sinkt", "Der Innenminister zögert.")) == {
        "economy",
        "politics",
    }
    assert rules.found("Steuerung", "Ministerium") == {}


def test_the_only_topic_that_a_term_speaks_for_needs_no_second_term() -> None:
    rules = TermRules({"crime": ["polizei"], "health": ["klinik"]})
    (alone, both) = rules.tag([("Nachts", "Polizei sucht"), ("Nachts", "Polizei in der Klinik")])
    assert [topic.slug for topic in alone] == ["crime"]
    assert both == ()
    (title,) = rules.tag([("Polizei sucht", "")])
    assert title[0].score > alone[0].score


OWN = """
extends = "default"

[topics.semiconductors]
terms.en = ["semiconductor", "chipmaker", "wafer"]
terms.pl = ["półprzewodnik*", "producent czipów"]
terms.de = ["halbleiter*"]
"""


def test_own_topics_have_terms_in_several_languages(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(OWN, encoding="utf-8")
    model = fit([], load_taxonomy(path))
    model.save(tmp_path / "model")
    kept = TopicModel.load(tmp_path / "model")
    assert dict(kept.topics[-1].terms_in)["de"] == ("halbleiter*",)
    models = TopicModels.load(tmp_path / "model")
    polish = models.tag([("Fabryka półprzewodników we Wrocławiu", "Inwestycja koncernu.")], "pl")[0]
    assert "semiconductors" in {topic.slug for topic in polish} - {OTHER}
    german = models.tag([("Halbleiter werden knapp", "Die Fabrik steht still.")], "de")[0]
    assert "semiconductors" in {topic.slug for topic in german}
    english = models.tag([("Chipmaker orders wafer machines", "A semiconductor maker.")], "en")[0]
    assert english[0].slug == "semiconductors"
    assert models.stamp != TopicModels.load().stamp


def test_terms_in_other_languages_leave_the_shipped_chances_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.toml"
    topics = load_taxonomy()
    lines = [
        f"[topics.{topic.slug}]\nterms.en = {list(topic.terms)!r}\nterms.nl = ['{topic.slug}*']"
        for topic in topics
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    model, shipped = fit([], load_taxonomy(path)), TopicModel.load()
    texts = [("Central bank raises rates", "Inflation is high.")]
    assert model.tag(texts) == shipped.tag(texts)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("terms.polish = ['x']", "two letters"),
        ("terms.pl = ['x']", "terms.en"),
        ("terms.en = 3", "list of texts"),
    ],
)
def test_terms_by_language_are_checked(tmp_path: Path, terms: str, said: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(f"[topics.one]\n{terms}\n[topics.two]\nterms = ['two']\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_taxonomy(path)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_tagged(title: str, summary: str) -> None:
    rules = TermRules({"a": ["при*", "мир"], "b": ["l'été*", "*", "x y z w"]})
    (topics,) = rules.tag([(title, summary)])
    assert len(topics) <= 2
