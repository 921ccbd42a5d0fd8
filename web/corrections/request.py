"""Validates a correction from a form or JSON and dispatches it to the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from models.errors import NotFoundError, UsageError
from models.journal import JournalEntry
from store.store import Store

Id = Annotated[str, Meta(max_length=60)]
Key = Annotated[str, Meta(max_length=300)]
Place = Annotated[int, Meta(ge=0, le=10_000_000)]


_PAGE = re.compile(r"(?:^|/)(?:stories|articles)/([^/?#]+)")


def id_at(text: str) -> str:
    """Return the id of a story or article that is given by the address of its page, else as is."""
    text = text.strip()
    found = _PAGE.search(text)
    return found[1] if found else text.removeprefix("story:")


class CorrectionKind(StrEnum):
    """What can be put right."""

    TOPIC = "topic"
    MENTION = "mention"
    ENTITY_NAME = "entity-name"
    ENTITY_TYPE = "entity-type"
    ENTITY_MERGE = "entity-merge"
    ENTITY_DISTINCT = "entity-distinct"
    ENTITY_SPLIT = "entity-split"
    ENTITY_HIDE = "entity-hide"
    DUPLICATE = "duplicate"
    STORY_ADD = "story-add"
    STORY_SPLIT = "story-split"
    STORY_MERGE = "story-merge"
    STORY_NAME = "story-name"
    STORY_PIN = "story-pin"


class Correction(Struct, forbid_unknown_fields=True):
    """A correction; which fields it takes depends on its `kind`.

    topic: article, topic, fits. mention (a span that names nothing): article, field, start, end.
    entity-name: entity, name. entity-type: entity, type. entity-merge and entity-distinct (they are
    not one): entity, into (a key or name). entity-split: entity. entity-hide: entity, hidden.
    duplicate (it repeats no other): article. story-add and story-split: story, articles.
    story-merge: story, into. story-name: story, name. story-pin: story, pinned.
    """

    kind: CorrectionKind
    article: Id = ""
    topic: Id = ""
    fits: bool = True
    field: Id = ""
    start: Place = 0
    end: Place = 0
    entity: Key = ""
    name: Key = ""
    type: Id = ""
    into: Key = ""
    hidden: bool = True
    story: Id = ""
    articles: Annotated[list[Id], Meta(max_length=500)] = msgspec.field(default_factory=list)
    pinned: bool = True


def carry_out(wanted: Correction, store: Store, topics: Mapping[str, object], who: str) -> int:
    """Do what is wanted and return the number of the change.

    Raises UsageError where a field is missing or makes no sense, NotFoundError for what is not
    there.
    """
    needed, act = _KINDS[wanted.kind]
    missing = [name for name in needed if not getattr(wanted, name)]
    if missing:
        raise UsageError(f"A correction of the kind {wanted.kind} needs {' and '.join(missing)}.")
    if wanted.kind is CorrectionKind.TOPIC and wanted.topic not in topics:
        raise NotFoundError(f"There is no topic {wanted.topic!r}.")
    return act(wanted, store, who).number


def entity_key(store: Store, name: str) -> str:
    """Return the key of an entity by key or name; raises NotFoundError, UsageError for several."""
    keys = store.entities.find(name)
    if not keys:
        raise NotFoundError(f"There is no entity {name!r}.")
    if len(keys) > 1 and name not in keys:
        raise UsageError(f"Several are called {name}: {', '.join(keys[:6])}. Give the key of one.")
    return name if name in keys else keys[0]


Act = Callable[[Correction, Store, str], JournalEntry]

_KINDS: Mapping[CorrectionKind, tuple[tuple[str, ...], Act]] = {
    CorrectionKind.TOPIC: (
        ("article", "topic"),
        lambda w, store, who: store.corrections.topic(w.article, w.topic, fits=w.fits, who=who),
    ),
    CorrectionKind.MENTION: (
        ("article", "field", "end"),
        lambda w, store, who: store.corrections.mention(
            w.article, w.field, w.start, w.end, who=who
        ),
    ),
    CorrectionKind.ENTITY_NAME: (
        ("entity", "name"),
        lambda w, store, who: store.corrections.rename(w.entity, w.name, who=who),
    ),
    CorrectionKind.ENTITY_TYPE: (
        ("entity", "type"),
        lambda w, store, who: store.corrections.retype(w.entity, w.type, who=who),
    ),
    CorrectionKind.ENTITY_MERGE: (
        ("entity", "into"),
        lambda w, store, who: store.corrections.merge(w.entity, entity_key(store, w.into), who=who),
    ),
    CorrectionKind.ENTITY_DISTINCT: (
        ("entity", "into"),
        lambda w, store, who: store.corrections.refuse_merge(
            w.entity, entity_key(store, w.into), who=who
        ),
    ),
    CorrectionKind.ENTITY_SPLIT: (
        ("entity",),
        lambda w, store, who: store.corrections.split(w.entity, who=who),
    ),
    CorrectionKind.ENTITY_HIDE: (
        ("entity",),
        lambda w, store, who: store.corrections.hide(w.entity, hidden=w.hidden, who=who),
    ),
    CorrectionKind.DUPLICATE: (
        ("article",),
        lambda w, store, who: store.corrections.separate_duplicate(w.article, who=who),
    ),
    CorrectionKind.STORY_ADD: (
        ("story", "articles"),
        lambda w, store, who: store.story_corrections.add(w.story, w.articles, who=who),
    ),
    CorrectionKind.STORY_SPLIT: (
        ("story", "articles"),
        lambda w, store, who: store.story_corrections.split(w.story, w.articles, who=who),
    ),
    CorrectionKind.STORY_MERGE: (
        ("story", "into"),
        lambda w, store, who: store.story_corrections.merge(w.story, w.into, who=who),
    ),
    CorrectionKind.STORY_NAME: (
        ("story", "name"),
        lambda w, store, who: store.story_corrections.rename(w.story, w.name, who=who),
    ),
    CorrectionKind.STORY_PIN: (
        ("story",),
        lambda w, store, who: store.story_corrections.pin(w.story, pinned=w.pinned, who=who),
    ),
}
