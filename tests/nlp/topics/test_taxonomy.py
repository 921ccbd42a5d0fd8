"""The taxonomy: what is shipped, and what a person's own file may and may not say."""

from pathlib import Path

import pytest

from models.errors import ConfigError
from nlp.tfidf import fold_term
from nlp.topics.taxonomy import DEFAULT, load_taxonomy

SLUGS = [
    "politics",
    "diplomacy",
    "military",
    "economy",
    "crime",
    "technology",
    "gaming",
    "science",
    "health",
    "environment",
    "sport",
    "culture",
    "lifestyle",
    "education",
    "disaster",
    "religion",
]


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_taxonomy_has_the_sixteen_topics() -> None:
    assert [topic.slug for topic in load_taxonomy()] == SLUGS


def test_every_shipped_topic_is_described_and_well_seeded() -> None:
    for topic in load_taxonomy():
        assert topic.name
        assert topic.description.endswith(".")
        assert 100 <= len(topic.terms) <= 250, topic.slug
        assert all(fold_term(term) for term in topic.terms), topic.slug


def test_diplomacy_carries_its_iptc_code() -> None:
    codes = {topic.slug: topic.codes for topic in load_taxonomy()}
    assert codes["diplomacy"] == ("medtop:20000639",)


def test_a_person_adds_a_topic_to_the_shipped_ones(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'extends = "default"\n[topics.semiconductors]\nterms = ["Chipmaker", "wafer fab"]\n',
    )
    topics = load_taxonomy(path)
    assert [topic.slug for topic in topics] == [*SLUGS, "semiconductors"]
    assert topics[-1].name == "Semiconductors"
    assert topics[-1].terms == ("chipmaker", "wafer fab")


def test_a_person_redefines_a_shipped_topic_in_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, 'extends = "default"\n[topics.sport]\nterms = ["curling"]\n')
    topics = load_taxonomy(path)
    assert [topic.slug for topic in topics] == SLUGS
    assert topics[SLUGS.index("sport")].terms == ("curling",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no topics"),
        ("topics = 3", "no topics"),
        ("not toml at all", "not TOML"),
        ('[topics.one]\nterms = ["a b"]', "only one topic"),
        ("colour = 1\n[topics.a]\nterms=['x']", "'colour'"),
        ("extends = 'mine'\n[topics.a]\nterms=['x']", "extends"),
        ("[topics.Ab]\nterms = ['x']", "'Ab'"),
        ("[topics.other]\nterms = ['x']", "kept for"),
        ("[topics.ab]\nterms = []", "'terms'"),
        ("[topics.ab]\nname = 3\nterms = ['x']", "'name'"),
        ("[topics.ab]\nterms = 'x'", "'terms'"),
        ("[topics.ab]\nterms = ['x', ' ']", "'terms'"),
        ("[topics.ab]\nterms = ['x']\nwords = ['y']", "'words'"),
        ("[topics.ab]\nterms = ['x']\ncodes = ['20000639']", "'codes'"),
        ("[topics]\nab = 1", "'ab'"),
    ],
)
def test_a_faulty_taxonomy_is_refused_with_file_and_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load_taxonomy(path)
    assert str(path) in str(error.value)
    assert said in str(error.value)


def test_a_missing_taxonomy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_taxonomy(tmp_path / "nowhere.toml")


def test_a_taxonomy_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_taxonomy(path)


def test_the_polish_taxonomy_has_the_same_topics_and_codes() -> None:
    polish = load_taxonomy(DEFAULT.with_name("taxonomy-pl.toml"))
    assert [(t.slug, t.codes) for t in polish] == [(t.slug, t.codes) for t in load_taxonomy()]
    assert all(len(topic.terms) >= 20 for topic in polish)
