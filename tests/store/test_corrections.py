"""Corrections are done, written down, kept through every re-tagging, and undone to the letter."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.journal import JournalEntry
from store.schema import articles, metadata
from store.store import Store
from tests.conftest import STORES
from tests.postgresql.databases import empty_store
from tests.web.sample_site import (
    CALDER,
    KASK,
    MATCHES,
    ORLOVA,
    RECALL,
    TALKS,
    TWIN,
    entry,
    fill,
    filled,
    put,
    tag,
)

TABLES = (
    "article_topics",
    "topic_corrections",
    "mentions",
    "article_entities",
    "reviewed_mentions",
    "duplicates",
    "distinct_articles",
    "entities",
    "entity_names",
)


@pytest.fixture(params=STORES)
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        with Store.at(Path(shutil.copy(filled() / "store.sqlite", tmp_path))) as store:
            yield store
        return
    with empty_store() as url, Store(url) as store:
        fill(store)
        store.changes.done(store.changes.pending(10_000))
        yield store


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that corrections may change, without the moments at which it was written."""
    found = {}
    with store._database.reading() as connection:
        for name in TABLES:
            kept = [column for column in metadata.tables[name].columns if column.name != "made"]
            found[name] = sorted(map(tuple, connection.execute(sa.select(*kept))), key=repr)
        marks = sa.select(articles.c.id, articles.c.leader, articles.c.tagged)
        found["articles"] = sorted(map(tuple, connection.execute(marks)), key=repr)
    return found


MAKERS: dict[str, Callable[[Store], JournalEntry]] = {
    "a topic added": lambda s: s.corrections.topic(TALKS.id, "sport", fits=True, who="ada"),
    "a topic taken away": lambda s: s.corrections.topic(TALKS.id, "economy", fits=False, who="ada"),
    "a word reversed": lambda s: s.corrections.topic(RECALL.id, "sport", fits=False, who="ada"),
    "a mention": lambda s: s.corrections.mention(TALKS.id, "title", 0, 12, who="ada"),
    "a name": lambda s: s.corrections.rename(KASK.key, "R. Kask", who="ada"),
    "a type": lambda s: s.corrections.retype(CALDER.key, "product", who="ada"),
    "hidden": lambda s: s.corrections.hide(KASK.key, hidden=True, who="ada"),
    "merged": lambda s: s.corrections.merge(ORLOVA.key, KASK.key, who="ada"),
    "parted": lambda s: s.corrections.separate_duplicate(TWIN.id, who="ada"),
}


@pytest.mark.parametrize("what", MAKERS)
def test_undoing_brings_back_every_row(full: Store, what: str) -> None:
    before = contents(full)
    made = MAKERS[what](full)
    assert contents(full) != before
    assert (made.who, made.can_be_undone) == ("ada", True)
    assert full.changes.count() > 0, "search hears of it"
    full.changes.done(full.changes.pending(10_000))
    undone = full.corrections.undo(made.number, who="bea")
    assert contents(full) == before
    assert full.changes.count() > 0
    assert undone.undone_by == "bea"
    with pytest.raises(UsageError, match="undone before, by bea"):
        full.corrections.undo(made.number, who="ada")


@pytest.mark.parametrize("seed", range(12))
def test_many_corrections_are_undone_in_any_order(full: Store, seed: int) -> None:
    """Whatever is refused changes nothing, and what came later is undone first."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    before = contents(full)
    names = dice.sample(sorted(MAKERS), k=6)
    open_changes = [MAKERS[name](full).number for name in names]
    while open_changes:
        number = dice.choice(open_changes)
        full.corrections.undo(number, who="ada")
        open_changes.remove(number)
    assert contents(full) == before


def test_a_correction_wins_over_every_later_run_and_its_undoing_too(full: Store) -> None:
    topic = full.corrections.topic(TALKS.id, "sport", fits=True, who="ada")
    mention = full.corrections.mention(TALKS.id, "title", 0, 12, who="ada")
    changed = entry("talks", "Radomir Kask ends talks in Ostvar", TALKS.summary, day=5)
    tag(full, changed, ("politics", 0.7))
    (tagged,) = full.articles.tagged([TALKS.id])
    assert {each.slug for each in tagged.topics} == {"politics", "sport"}
    spans = {(m.field, m.start) for m in full.tags.mentions([TALKS.id])[TALKS.id]}
    assert ("title", 0) not in spans
    full.corrections.undo(topic.number, who="ada")
    full.corrections.undo(mention.number, who="ada")
    (tagged,) = full.articles.tagged([TALKS.id])
    assert "sport" not in {each.slug for each in tagged.topics}
    spans = {(m.field, m.start) for m in full.tags.mentions([TALKS.id])[TALKS.id]}
    assert ("title", 0) in spans


def test_a_later_word_has_to_be_undone_first(full: Store) -> None:
    first = full.corrections.topic(TALKS.id, "sport", fits=True, who="ada")
    second = full.corrections.topic(TALKS.id, "sport", fits=False, who="bea")
    other = full.corrections.topic(TALKS.id, "economy", fits=False, who="bea")
    with pytest.raises(UsageError, match=f"Change {second.number} came later"):
        full.corrections.undo(first.number, who="ada")
    full.corrections.undo(second.number, who="ada")
    full.corrections.undo(first.number, who="ada")
    (tagged,) = full.articles.tagged([TALKS.id])
    assert [each.slug for each in tagged.topics] == ["politics"]
    full.corrections.undo(other.number, who="ada")
    (tagged,) = full.articles.tagged([TALKS.id])
    assert [each.slug for each in tagged.topics] == ["politics", "economy"]


def test_separating_undoes_a_merge_to_the_letter(full: Store) -> None:
    before = contents(full)
    full.corrections.merge(ORLOVA.key, KASK.key, who="ada")
    assert full.entities.get(ORLOVA.key).key == KASK.key
    assert [each.key for each in full.entities.merged(KASK.key)] == [ORLOVA.key]
    full.corrections.split(ORLOVA.key, who="ada")
    assert contents(full) == before


def test_articles_that_came_since_a_merge_are_tagged_again_after_it(full: Store) -> None:
    merge = full.corrections.merge(ORLOVA.key, KASK.key, who="ada")
    later = entry("later", "Mira Orlova speaks", "Of fish.", day=9)
    put(full, later)
    tag(full, later, ("politics", 0.9))
    assert full.tags.count_due() == 0
    full.corrections.undo(merge.number, who="ada")
    due = full.tags.claim(10, "a test", timedelta(minutes=1))
    assert [each.id for each in due] == [later.id]


def test_a_mention_of_another_text_does_not_come_back(full: Store) -> None:
    made = full.corrections.mention(TALKS.id, "title", 0, 12, who="ada")
    put(full, entry("talks", "Something else", "Entirely.", day=5))
    with pytest.raises(UsageError, match="text has changed"):
        full.corrections.undo(made.number, who="ada")


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.corrections.topic("nothing", "sport", fits=True, who="ada"),
        lambda s: s.corrections.mention(TALKS.id, "title", 3, 5, who="ada"),
        lambda s: s.corrections.mention(TALKS.id, "id", 0, 5, who="ada"),
        lambda s: s.corrections.rename("person/nobody", "X", who="ada"),
        lambda s: s.corrections.rename(KASK.key, "  ", who="ada"),
        lambda s: s.corrections.retype(KASK.key, "robot", who="ada"),
        lambda s: s.corrections.merge(KASK.key, KASK.key, who="ada"),
        lambda s: s.corrections.split(KASK.key, who="ada"),
        lambda s: s.corrections.separate_duplicate(TALKS.id, who="ada"),
        lambda s: s.corrections.separate_duplicate(MATCHES[0].id, who="ada"),
        lambda s: s.story_corrections.merge("x", "y", who="ada"),
        lambda s: s.corrections.undo(10**30, who="ada"),
        lambda s: s.corrections.undo(0, who="ada"),
    ],
)
def test_what_makes_no_sense_changes_nothing(full: Store, act: Callable[[Store], object]) -> None:
    before = contents(full)
    with pytest.raises((UsageError, NotFoundError)):
        act(full)
    assert contents(full) == before
    assert full.journal.entries() == ()


def test_an_error_after_the_change_takes_the_change_with_it(
    full: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a kill does: change and entry are one transaction."""
    before = contents(full)

    def fails(*_: object, **__: object) -> int:
        raise RuntimeError

    monkeypatch.setattr("store.corrections.note", fails)
    for make in MAKERS.values():
        with pytest.raises(RuntimeError):
            make(full)
    assert contents(full) == before
    assert full.changes.count() == 0


def test_users_are_in_the_journal_and_not_undone(full: Store) -> None:
    from datetime import UTC, datetime

    from models.accounts import Role

    full.users.add("eve", Role.READER, "", who="ada", now=datetime.now(UTC))
    (made,) = full.journal.entries(1)
    assert not made.can_be_undone
    with pytest.raises(UsageError, match="can't be undone"):
        full.corrections.undo(made.number, who="ada")


def test_stories_are_put_right_and_back(own_home: Path) -> None:
    with Store.at(own_home / "store.sqlite") as store:
        found, _ = store.stories.all(limit=20)
        story = max(found, key=lambda each: each.articles)
        members = [each.id for each in store.stories.members(story.id)]
        made = store.story_corrections.split(story.id, members[-1:], who="ada")
        assert len(store.stories.members(story.id)) == len(members) - 1
        store.corrections.undo(made.number, who="ada")
        assert {each.id for each in store.stories.members(story.id)} == set(members)
        renamed = store.story_corrections.rename(story.id, "A new name", who="ada")
        assert store.stories.get(story.id).name == "A new name"
        store.corrections.undo(renamed.number, who="ada")
        assert store.stories.get(story.id).name == story.name
        other = next(each for each in found if each.id != story.id)
        merged = store.story_corrections.merge(other.id, story.id, who="ada")
        assert store.stories.get(other.id).id == story.id
        store.corrections.undo(merged.number, who="ada")
        assert store.stories.get(other.id).articles == other.articles
        pinned = store.story_corrections.pin(story.id, pinned=True, who="ada")
        store.corrections.undo(pinned.number, who="ada")
        assert not store.stories.get(story.id).pinned
