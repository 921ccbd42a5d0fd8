"""Clusters are named by nouns and names, not by verbs, parts of a day or a page's own words."""

from __future__ import annotations

from nlp.clusters.names import Member, name_clusters
from nlp.clusters.naming_words import plain_words

SENTENCES = [
    "The ferry in the harbour was late.",
    "Owners announced that the biggest ferry is afloat, and the harbour is open.",
    "A crew of the ferry announced a strike at the harbour on the biggest day.",
] * 8


def test_a_noun_is_told_from_a_verb_and_an_adjective_by_where_it_stands() -> None:
    wanted = {"ferry", "harbour", "announced", "biggest"}
    assert plain_words(SENTENCES, wanted) == {"announced", "biggest"}


def test_a_word_met_too_seldom_is_taken_for_a_noun() -> None:
    assert plain_words(["They announced it."], {"announced"}) == frozenset()


def test_parts_of_a_day_are_plain_however_they_stand() -> None:
    assert plain_words(["In the morning."] * 30, {"morning"}) == {"morning"}


def test_a_cluster_is_named_by_nouns_and_names() -> None:
    ferries = [
        Member(f"Ferry {n}", text, ("Ostvar",), language="en") for n, text in enumerate(SENTENCES)
    ]
    budgets = [
        Member("Budget vote", "The budget of the minister is in the afternoon.", language="en")
        for _ in SENTENCES
    ]
    labels = [0] * len(ferries) + [1] * len(budgets)
    (ferry, _), (budget, _) = name_clusters([*ferries, *budgets], labels, ["a", "b"])
    assert "Ostvar" in ferry
    assert {"announced", "Announced", "biggest"}.isdisjoint(ferry.split(", "))
    assert "Budget" in budget
    assert "fternoon" not in budget


def test_a_cluster_of_plain_words_alone_is_called_by_its_topic() -> None:
    plain = [Member("Morning emails", "Podcast of the morning.", language="en")] * 9
    other = [Member("Harbour strike", "The strike at the harbour.", language="en")] * 9
    named = name_clusters([*plain, *other], [0] * 9 + [1] * 9, ["economy", "politics"])
    assert named[0][0] == "Economy"
    assert "strike" in named[1][0].lower()


def test_a_cluster_is_named_in_the_language_that_most_of_its_articles_are_in() -> None:
    english = [Member("Pension strike", "The strike over pensions.", language="en")] * 5
    french = [Member("La loi votée", "Le texte est voté, voté, voté.", language="fr")] * 4
    other = [Member("Harbour", "The harbour is open.", language="en")] * 9
    named = name_clusters([*english, *french, *other], [0] * 9 + [1] * 9, ["economy", "politics"])
    name, terms = named[0]
    assert "strike" in name.lower()
    assert not {"voté", "votée", "texte", "loi"} & set(terms)


def test_a_word_that_only_titles_have_is_written_as_there() -> None:
    talks = [Member("Ministers meet in Lisbon again", "", language="en")] * 9
    other = [Member("Harbour strike", "The strike at the harbour.", language="en")] * 9
    named = name_clusters([*talks, *other], [0] * 9 + [1] * 9, ["economy", "politics"])
    assert "Lisbon" in named[0][1]
