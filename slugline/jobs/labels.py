"""Imports corrected annotations as people's corrections of topics and mentions."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from export.annotated import fields_of
from ingest.labels import LabelledText
from models.article import Article, Rejection
from models.tags import OTHER, Mention, Origin, Provenance, TaggedArticle
from nlp.entities.canonical import canonical

if TYPE_CHECKING:
    from store.store import Store

BATCH = 500
LABELS = frozenset(
    (
        *("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"),
        *("LANGUAGE", "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"),
    )
)
"""Labels of OntoNotes, which the pipelines give."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person's annotation changes of an article's tags.

    `mentions` are all of the article's from now on, None where they stay as they are.
    """

    id: str
    fits: tuple[str, ...] = ()
    fits_not: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] | None = None
    added: int = 0
    removed: int = 0

    @property
    def changes(self) -> bool:
        """Whether anything is different from what the store has."""
        return bool(self.fits or self.fits_not or self.mentions is not None)


@dataclass(slots=True)
class Imported:
    """What an import of labels did; `articles` were changed, `unchanged` were right already."""

    articles: int = 0
    unchanged: int = 0
    topics_added: int = 0
    topics_removed: int = 0
    mentions_added: int = 0
    mentions_removed: int = 0
    refused: int = 0


def import_labels(
    store: Store,
    labels: Iterable[LabelledText | Rejection],
    topics: Collection[str],
    refuse: list[Rejection],
    *,
    confirm: bool = False,
) -> Imported:
    """Keep what people say that differs from the store; why not, goes to `refuse`.

    With `confirm`, tags that people left as they were count as their word, too. Run twice, the
    second time changes nothing.
    """
    done = Imported()
    source = iter(labels)
    while batch := list(islice(source, BATCH)):
        _import_batch(store, batch, topics, refuse, done, confirm=confirm)
    done.refused = len(refuse)
    return done


def _import_batch(
    store: Store,
    batch: Sequence[LabelledText | Rejection],
    topics: Collection[str],
    refuse: list[Rejection],
    done: Imported,
    *,
    confirm: bool,
) -> None:
    """Keep the corrections of a batch, and add up in `done` what changed."""
    ids = [one.id for one in batch if isinstance(one, LabelledText)]
    tagged = {one.article.id: one for one in store.articles.tagged(ids)}
    mentions = store.tags.mentions(list(tagged))
    said = store.tags.provenance(list(tagged))
    for one in batch:
        if isinstance(one, Rejection):
            refuse.append(one)
            continue
        there = tagged.get(one.id)
        if there is None:
            refuse.append(
                Rejection(one.where, f"tells of no article of this store ({one.id[:40]!r})")
            )
            continue
        found = correction(
            one, there, mentions.get(one.id, ()), said[one.id], topics, confirm=confirm
        )
        if isinstance(found, Rejection):
            refuse.append(found)
        elif found.changes:
            _keep(store, there.article, found)
            done.articles += 1
            done.topics_added += len(found.fits)
            done.topics_removed += len(found.fits_not)
            done.mentions_added += found.added
            done.mentions_removed += found.removed
        else:
            done.unchanged += 1


def _keep(store: Store, article: Article, found: Correction) -> None:
    for topic in found.fits:
        store.tags.correct(article, topic, fits=True)
    for topic in found.fits_not:
        store.tags.correct(article, topic, fits=False)
    if found.mentions is not None:
        store.tags.correct_mentions(article.id, found.mentions)


def correction(
    said: LabelledText,
    tagged: TaggedArticle,
    mentions: Sequence[Mention],
    provenance: Provenance,
    topics: Collection[str],
    *,
    confirm: bool = False,
) -> Correction | Rejection:
    """Decide what an annotation changes: a pure comparison of what is said with what is known.

    Nothing of an annotation is taken where a part of it can't be: the rejection says which.
    """
    article = tagged.article
    texts = {name: (start, text) for name, start, text in _fields(article, len(said.text))}
    if "".join(_joined(texts)) != said.text:
        return Rejection(said.where, f"is about another text: article {article.id} has changed")
    for topic in said.topics or ():
        if topic not in topics and topic != OTHER:
            return Rejection(said.where, f"there is no topic {topic!r}{_nearest(topic, topics)}")
    fits, fits_not = _topics(said, tagged, provenance, confirm=confirm)
    if said.spans is None:
        return Correction(article.id, fits, fits_not)
    placed = []
    for start, end, label in dict.fromkeys(said.spans):
        if label not in LABELS:
            return Rejection(said.where, f"there is no label {label!r}{_nearest(label, LABELS)}")
        mention = _placed(start, end, label, texts)
        if mention is None:
            return Rejection(said.where, f"the span {start}:{end} is not within title or summary")
        placed.append(mention)
    return _with_mentions(
        Correction(article.id, fits, fits_not), placed, mentions, texts, provenance, confirm=confirm
    )


def _topics(
    said: LabelledText, tagged: TaggedArticle, provenance: Provenance, *, confirm: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topics that a person says fit, and those that do not, beyond what is known."""
    if said.topics is None:
        return (), ()
    known = {topic.slug for topic in tagged.topics} - {OTHER}
    wanted = set(said.topics) - {OTHER}
    word = dict(provenance.topics)
    fits = wanted if confirm else wanted - known
    return (
        tuple(sorted(topic for topic in fits if word.get(topic) is not True)),
        tuple(sorted(known - wanted)),
    )


def _with_mentions(
    found: Correction,
    placed: Sequence[Mention],
    mentions: Sequence[Mention],
    texts: dict[str, tuple[int, str]],
    provenance: Provenance,
    *,
    confirm: bool,
) -> Correction:
    """Add to a correction the mentions that a person added, removed or confirmed."""
    before = {_place(mention): mention for mention in mentions}
    asked = {place: mention for place, mention in before.items() if mention.field in texts}
    now = {_place(mention): before.get(_place(mention), mention) for mention in placed}
    added, removed = len(now.keys() - asked.keys()), len(asked.keys() - now.keys())
    if not (added or removed or (confirm and not provenance.reviewed)):
        return found
    # What the person was not shown, the summary of an export of titles, stays.
    kept = [mention for mention in mentions if mention.field not in texts]
    said = [replace(mention, origin=Origin.PERSON) for mention in now.values()]
    return replace(found, mentions=(*said, *kept), added=added, removed=removed)


def _fields(article: Article, length: int) -> Iterable[tuple[str, int, str]]:
    return fields_of(article.title, article.summary, length)


def _joined(texts: dict[str, tuple[int, str]]) -> Iterable[str]:
    at = 0
    for start, text in texts.values():
        yield "\n\n"[: start - at]
        yield text
        at = start + len(text)


def _placed(start: int, end: int, label: str, texts: dict[str, tuple[int, str]]) -> Mention | None:
    for name, (begin, text) in texts.items():
        if begin <= start < end <= begin + len(text):
            piece = text[start - begin : end - begin]
            entity = canonical(piece, label)
            return Mention(name, start - begin, end - begin, piece, label, entity, Origin.PERSON)
    return None


def _place(mention: Mention) -> tuple[str, int, int, str]:
    return mention.field, mention.start, mention.end, mention.label


def _nearest(name: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(name, sorted(known), 1)
    return f"; did you mean {found[0]}?" if found else f"; there are {', '.join(sorted(known))}"
