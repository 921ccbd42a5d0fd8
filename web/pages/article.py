"""The page of one article: its text with entities marked, its topics, its earlier versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from models.article import Article, Version
from models.errors import EngineError
from models.tags import ENTITY_TYPES, OTHER, Mention, TopicScore
from search.request import Hit
from web import citation
from web.context import library
from web.diff import Change, changes
from web.duplicates import duplicate_story
from web.errors import MissingError
from web.highlight import NamedEntity, Piece, marked, named
from web.pages.clusters import cluster_shown
from web.reading.unread import note_opened
from web.server.unchanged import make_anew

if TYPE_CHECKING:
    from nlp.topics.model import Why

pages = Blueprint("article", __name__)

SIMILAR = 6
NEAREST = 2
"""Topics that are explained of an article that none fits."""
WORDS = 6
"""Words shown for and against each topic."""
FIELDS = ("title", "summary", "body")
CITED_AS = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of an article, and what the next one made of each field."""

    version: Version
    fields: tuple[tuple[str, tuple[Change, ...]], ...]


@pages.get("/articles/<article_id>")
def article(article_id: str) -> str | Response:
    """Show an article with all that is known of it."""
    store = library().store
    found = store.articles.tagged([article_id])
    if not found:
        nearby = (
            ("Search all articles", url_for("search.results")),
            ("The newest articles", url_for("front.front")),
        )
        raise MissingError(f"There is no article with the id {article_id[:40]!r}.", nearby)
    note_opened(article_id)
    tagged = found[0]
    here = tagged.article
    mentions = store.tags.mentions([article_id])[article_id]
    versions = store.articles.versions(article_id) if here.version > 1 else ()
    things = named(mentions)
    return render_template(
        "article.html",
        article=here,
        texts=_texts(here, mentions),
        topics=tagged.topics,
        reasons=_reasons(here, tagged.topics),
        cluster=cluster_shown(tagged.cluster),
        told=tagged.story,
        named=_by_kind(things),
        mentions=mentions,
        all_topics=sorted(set(library().topics) - {topic.slug for topic in tagged.topics}),
        figures=[thing for thing in things if not thing.entity],
        kinds=[
            kind
            for kind in ENTITY_TYPES
            if any(m.entity and m.entity.type == kind for m in mentions)
        ],
        has_figures=any(m.entity is None for m in mentions),
        tag_note=store.tags.note(article_id),
        similar=_similar(article_id),
        story=duplicate_story(store, article_id),
        revisions=revisions(here, versions),
        cited=citation.plain(here, datetime.now(UTC).date()),
        cited_as=CITED_AS,
    )


@pages.get("/articles/<article_id>/cite.<any(bib, ris, json):form>")
def cite(article_id: str, form: str) -> Response:
    """Send the citation of an article as a file for a reference manager."""
    found = library().store.articles.tagged([article_id])
    if not found:
        raise MissingError(f"There is no article with the id {article_id[:40]!r}.", ())
    here = found[0].article
    answer = Response(citation.citation(here, form), mimetype=citation.MEDIA_TYPES[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{citation.key(here)}.{form}")
    return answer


def _similar(article_id: str) -> tuple[Hit, ...]:
    """Return similar articles, none where search does not answer: the page does without."""
    try:
        return library().searcher.similar(article_id, SIMILAR)
    except EngineError:
        make_anew()
        return ()


def _reasons(article: Article, topics: tuple[TopicScore, ...]) -> tuple[Why, ...]:
    """Say why an article has its topics, or for one that none fits, what came nearest."""
    explainer = library().explainer
    if explainer is None:
        return ()
    reasons = explainer.why(article.title, article.summary, article.language, WORDS)
    given = {topic.slug for topic in topics} - {OTHER}
    return tuple(why for why in reasons if why.slug in given) if given else reasons[:NEAREST]


def _texts(article: Article, mentions: tuple[Mention, ...]) -> dict[str, tuple[Piece, ...]]:
    return {
        field: marked(getattr(article, field), (m for m in mentions if m.field == field))
        for field in FIELDS
    }


def _by_kind(things: tuple[NamedEntity, ...]) -> list[tuple[str, list[NamedEntity]]]:
    order = list(ENTITY_TYPES)
    entities = [thing for thing in things if thing.entity]

    def place(thing: NamedEntity) -> int:
        kind = thing.entity.type if thing.entity else ""
        return order.index(kind) if kind in order else len(order)

    entities.sort(key=place)
    by_kind = groupby(entities, key=lambda thing: thing.entity.type if thing.entity else "")
    return [(kind, list(members)) for kind, members in by_kind]


def revisions(article: Article, versions: tuple[Version, ...]) -> tuple[Revision, ...]:
    """Return the earlier versions, newest first, each compared with what came after it."""
    states = (*versions, article)
    found = [
        Revision(
            before,
            tuple(
                (field, changes(getattr(before, field), getattr(after, field)))
                for field in FIELDS
                if getattr(before, field) or getattr(after, field)
            ),
        )
        for before, after in zip(versions, states[1:], strict=True)
    ]
    return tuple(reversed(found))
