from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError, UsageError
from models.tags import TopicScore
from nlp.clusters.fit import Example, fit, next_id, shares, spread
from nlp.clusters.match import Clustering, match
from nlp.clusters.model import NO_CLUSTER, ClusterModel
from nlp.clusters.names import Member, name_clusters
from nlp.clusters.promote import promoted
from nlp.clusters.similar import alike
from nlp.topics.taxonomy import load_taxonomy

STORIES = {
    "strike": ("dockers union strike wages walkout quay pickets", "economy", "Dockers Union"),
    "coffee": ("coffee beans harvest frost prices growers sacks", "economy", "Bean Exchange"),
    "chips": ("chipmaker wafer foundry subsidy silicon fab plant", "economy", "Calder Silicon"),
    "rowing": ("rowing regatta oars coxswain lake medal heats", "sport", "Lake Club"),
    "chess": ("chess grandmaster opening endgame tournament board draw", "sport", "Mira Orlova"),
}
FILLER = "officials said the town will meet again after a long night of talks about plans"


def article(story: str, number: int, chance: random.Random) -> Example:
    words, topic, name = STORIES[story]
    picked = chance.sample(words.split(), 5) + chance.sample(FILLER.split(), 5)
    chance.shuffle(picked)
    title = " ".join(picked[:5])
    summary = f"On day {number} " + " ".join(picked[5:]) + f", {name} told us."
    scores = (TopicScore(topic, round(chance.uniform(0.5, 1), 3)),)
    return Example(title, summary, scores, (name,))


def archive_of(
    count: int, seed: int = 1, stories: tuple[str, ...] = tuple(STORIES)
) -> list[Example]:
    chance = random.Random(seed)  # noqa: S311 - the same articles in every run
    return [article(stories[n % len(stories)], n, chance) for n in range(count)]


def story_of(example: Example) -> str:
    return next(story for story, (_, _, name) in STORIES.items() if name in example.names)


def texts(examples: list[Example]) -> list[tuple[str, str]]:
    return [(example.title, example.summary) for example in examples]


def assigned(model: ClusterModel, examples: list[Example]) -> list[str]:
    return model.assign(texts(examples), [example.topics for example in examples])


@pytest.fixture(scope="module")
def model() -> ClusterModel:
    return fit(archive_of(400), clusters=5).model


def test_stories_fall_into_clusters_of_their_own_under_their_topic(model: ClusterModel) -> None:
    examples = archive_of(200, seed=2)
    found: dict[str, set[str]] = {}
    for example, cluster in zip(examples, assigned(model, examples), strict=True):
        assert cluster.startswith(example.topics[0].slug)
        found.setdefault(story_of(example), set()).add(cluster)
    economy = [found[story] for story in ("strike", "coffee", "chips")]
    assert all(len(clusters) == 1 for clusters in economy)
    assert len(set.union(*economy)) == 3
    assert found["rowing"].isdisjoint(found["chess"])


def test_no_article_with_a_topic_is_left_out_and_one_without_is(model: ClusterModel) -> None:
    sport = (TopicScore("sport", 0.9),)
    cases = [("", "", sport), ("zzz qqq", "", sport), ("chess", "", ()), ("chess", "", sport)]
    found = model.assign([case[:2] for case in cases], [case[2] for case in cases])
    assert found[2] == NO_CLUSTER
    assert all(found[n].startswith("sport-") for n in (0, 1, 3))
    unknown = (TopicScore("gardening", 0.9),)
    assert model.assign([("chess", "")], [unknown]) == [NO_CLUSTER]


def test_clusters_are_named_by_what_tells_them_from_their_siblings(model: ClusterModel) -> None:
    named = {cluster.name.split(", ")[0] for cluster in model.clusters}
    assert {"Dockers Union", "Bean Exchange", "Calder Silicon"} <= named
    terms = {term for cluster in model.clusters for term in cluster.terms}
    assert "wafer" in terms
    assert not terms & {"said", "after", "will"}


def test_the_same_articles_give_the_same_clusters_to_the_last_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fit(archive_of(300), clusters=5).model.save(tmp_path / name)
    for file in ("clusters.json", "arrays.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_fit_to_the_same_articles_leaves_the_clusters_as_they_are(model: ClusterModel) -> None:
    again = fit(archive_of(400), model, clusters=5)
    assert again.unchanged
    assert again.model is model
    assert (again.new, again.gone) == ((), ())


def test_a_fit_from_nothing_to_the_same_articles_finds_the_same_ids(model: ClusterModel) -> None:
    again = fit(archive_of(400), model, clusters=5, afresh=True)
    assert (again.new, again.gone) == ((), ())
    examples = archive_of(400)
    assert assigned(again.model, examples) == assigned(model, examples)


def test_with_more_articles_clusters_keep_id_and_name_and_a_new_story_is_new() -> None:
    old = ("strike", "coffee", "rowing", "chess")
    before = fit(archive_of(400, stories=old), clusters=4).model
    after = fit(archive_of(400, stories=old) + archive_of(200, 3, ("chips",)), before, clusters=5)
    lived = {cluster.id: cluster.name for cluster in before.clusters}
    now = {cluster.id: cluster.name for cluster in after.model.clusters}
    assert lived.items() <= now.items()
    assert after.gone == ()
    (new,) = after.new
    chips = archive_of(50, 4, ("chips",))
    assert set(assigned(after.model, chips)) == {new}


def test_a_name_of_which_nothing_is_true_any_more_is_given_up() -> None:
    rowing, more = (archive_of(n, stories=("rowing", "strike")) for n in (60, 80))
    model = fit(rowing, clusters=2).model
    told = tuple(replace(cluster, name="Budget, taxes") for cluster in model.clusters)
    after = fit(more, replace(model, clusters=told), clusters=2)
    assert (after.new, after.gone) == ((), ())
    assert all("Budget" not in cluster.name for cluster in after.model.clusters)


def test_a_story_that_ended_is_gone_and_its_id_is_not_given_again() -> None:
    before = fit(archive_of(400, stories=("strike", "coffee")), clusters=2).model
    after = fit(archive_of(400, 3, stories=("coffee", "chips")), before, clusters=2)
    ids = {cluster.id for cluster in after.model.clusters}
    (gone,) = after.gone
    assert gone not in ids
    later = fit(archive_of(500, 4), after.model, {gone}, clusters=5)
    assert gone not in {cluster.id for cluster in later.model.clusters}


def test_a_saved_model_assigns_as_before(model: ClusterModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = ClusterModel.load(tmp_path / "model")
    examples = archive_of(100, seed=5)
    assert assigned(loaded, examples) == assigned(model, examples)
    assert loaded.stamp == model.stamp
    assert loaded.clusters == model.clusters


@pytest.mark.parametrize("file", ["clusters.json", "arrays.npz"])
@pytest.mark.parametrize("damage", ["gone", "cut", "other"])
def test_a_damaged_model_is_refused_with_what_to_do(
    model: ClusterModel, tmp_path: Path, file: str, damage: str
) -> None:
    place = tmp_path / "model"
    model.save(place)
    if damage == "gone":
        (place / file).unlink()
    elif damage == "cut":
        (place / file).write_bytes((place / file).read_bytes()[:200])
    else:
        fit(archive_of(100), clusters=3).model.save(tmp_path / "other")
        (place / file).write_bytes((tmp_path / "other" / file).read_bytes())
    with pytest.raises(ModelError, match="slugline clusters fit"):
        ClusterModel.load(place)


def test_a_model_holds_no_pickle(model: ClusterModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} == {"f"}
    assert isinstance(json.loads((tmp_path / "clusters.json").read_text()), dict)


@pytest.mark.parametrize("count", [1, 2, 3, 11])
def test_very_few_articles_are_enough_for_a_cluster(count: int) -> None:
    examples = archive_of(count)
    model = fit(examples).model
    assert all(assigned(model, examples))


def test_equal_and_empty_texts_are_accepted() -> None:
    same = [Example("Ferry late", "", (TopicScore("sport", 0.9),))] * 40
    empty = [Example("", "", (TopicScore("sport", 0.9),))] * 40
    assert len(fit(same + empty, clusters=4).model.clusters) <= 2
    assert len(fit(empty).model.clusters) == 1


def test_nothing_to_fit_to_is_said() -> None:
    with pytest.raises(ModelError, match="No article has a topic"):
        fit([Example("Ferry late", "", ())])


def test_clusters_are_shared_by_the_root_of_a_topics_size_and_every_topic_has_one() -> None:
    assert shares([10_000, 2_500, 3], 30) == [20, 10, 1]
    assert shares([30], 100) == [3]
    assert shares([], 10) == []


def test_a_sample_is_spread_over_the_whole() -> None:
    examples = archive_of(10)
    assert list(spread(examples, 5)) == examples[::2]
    assert spread(examples, 20) is examples


def test_ids_are_short_and_never_given_twice() -> None:
    assert next_id("military", {"military-1", "military-3"}) == "military-2"
    long = next_id("a" * 60, set())
    assert len(long) <= 40


def test_clusters_are_matched_by_shared_articles_within_their_topic() -> None:
    new = Clustering(np.array([0, 0, 1, 1, 2, 2]), ["a", "a", "b"])
    old = Clustering(np.array([1, 1, 0, 0, 2, -1]), ["a", "a", "c"])
    assert match(new, old, np.ones((3, 3), dtype=np.float32)) == {0: 1, 1: 0}
    assert match(new, Clustering(np.full(6, -1), []), np.ones((3, 0), dtype=np.float32)) == {}


def test_clusters_that_share_few_articles_or_few_words_are_not_one() -> None:
    new = Clustering(np.array([0] * 20), ["a"])
    few = Clustering(np.array([0] + [-1] * 19), ["a"])
    assert match(new, few, np.ones((1, 1), dtype=np.float32)) == {}
    assert match(new, new, np.full((1, 1), 0.05, dtype=np.float32)) == {}
    assert match(new, new, np.full((1, 1), 0.5)) == {0: 0}


def test_a_full_name_stands_for_its_parts_and_words_are_spelled_as_in_sentences() -> None:
    said = (
        "The mayor of Ostvar waits",
        "Ostvar is quiet",
        "Rain on Ostvar",
        "It is late in Ostvar",
    )
    talks = [Member("kask talks", said[n % 4] + f" {n}.", ("Radomir Kask",)) for n in range(12)]
    rest = [Member("bread prices", f"The price of bread rose {n} times.") for n in range(40)]
    (name, terms), _ = name_clusters(talks + rest, [0] * 12 + [1] * 40, ["politics", "politics"])
    assert "Radomir Kask" in terms
    assert "kask" not in {term.lower() for term in terms}
    assert "Ostvar" in terms
    assert name == ", ".join(terms[:3])


def test_function_words_of_an_article_s_language_name_nothing() -> None:
    village = [
        Member("Les anciens du hameau", f"Été {n} pour les sœurs du hameau", language="fr")
        for n in range(9)
    ]
    rest = [Member("bread prices", f"The price of bread rose {n} times.") for n in range(40)]
    (_, terms), _ = name_clusters(village + rest, [0] * 9 + [1] * 40, ["a", "a"])
    assert "hameau" in {term.casefold() for term in terms}
    assert not {"les", "pour"} & {term.casefold() for term in terms}


def test_words_that_stand_side_by_side_are_one_term_and_names_begin_with_a_capital() -> None:
    said = ("The prime minister is late", "A rain for the prime minister", "Prime minister, again")
    court = [Member("", f"{said[n % 3]} {n}.") for n in range(9)]
    court += [Member("", f"A dairy in town {n}, without any cow.") for n in range(30)]
    court += [Member("", f"A dairy cow of town {n}.") for n in range(3)]
    rest = [Member("", f"The price of bread rose {n} times.") for n in range(200)]
    (name, terms), _ = name_clusters(court + rest, [0] * 42 + [1] * 200, ["a", "a"])
    assert "prime minister" in terms
    assert not {"prime", "minister", "dairy cow"} & set(terms)
    assert name[0].isupper()
    assert name.casefold() == ", ".join(terms[:3]).casefold()


def test_no_two_clusters_of_a_topic_have_one_name() -> None:
    members = [Member("", "")] * 4
    named = name_clusters(members, [0, 0, 1, 1], ["far-news", "far-news"])
    assert [name for name, _ in named] == ["Far news", "Far news (2)"]


def test_a_promoted_cluster_is_a_topic_that_the_taxonomy_reads(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.toml"
    terms = ("wafer", "Calder Silicon", "one two three four", 'quo"ted', "wafer")
    path.write_text(promoted("", "chips", 'Chips "and" fabs', terms), encoding="utf-8")
    first = load_taxonomy(path)
    path.write_text(promoted(path.read_text(), "rowing", "Rowing", ("oars",)), encoding="utf-8")
    second = {topic.slug: topic for topic in load_taxonomy(path)}
    assert first[-1].slug == "chips"
    assert second["chips"] == first[-1]
    assert second["chips"].name == 'Chips "and" fabs'
    assert second["chips"].terms == ("wafer", "calder silicon", "quo ted")
    assert second["rowing"].terms == ("oars",)
    assert "economy" in second


@pytest.mark.parametrize("slug", ["Chips", "a b", "", "chips", "x" * 61])
def test_a_slug_that_cannot_be_or_is_there_is_refused(slug: str) -> None:
    with pytest.raises(UsageError):
        promoted('[topics.chips]\nterms = ["wafer"]\n', slug, "Chips", ("wafer",))


def test_clusters_of_other_topics_are_alike_by_the_rare_terms_that_they_share() -> None:
    terms = {
        "war-1": ("Ostvar", "hostages", "government"),
        "health-1": ("hostages", "Ostvar", "hospital"),
        "sport-1": ("rovers", "goal", "government"),
        "law-1": ("trial", "government", "jury"),
        "none-1": (),
    }
    assert alike(terms, "war-1")[0] == "health-1"
    assert "none-1" not in alike(terms, "war-1")
    assert alike(terms, "none-1") == alike(terms, "gone-9") == ()
    assert len(alike({str(n): ("same",) for n in range(20)}, "0", most=3)) == 3
