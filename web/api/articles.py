"""Articles with all that is known of them: those of a search, one, and those like it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from flask import Blueprint

from export.record import as_row, records
from models.errors import NotFoundError
from search.engine import Sort
from search.request import Request
from web.api.answers.article import Article
from web.api.answers.basic import Page
from web.api.answers.search import Hit
from web.api.hits import as_hit
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import Cursor, Limit, Nothing, Selected
from web.context import library
from web.searching.find import find

LIKE = 10


class Similar(msgspec.Struct):
    """Articles that share most with one, best first."""

    hits: list[Hit]


class WeighedWord(msgspec.Struct):
    """A word of the article, and how far it moves the topic's score away from the mean."""

    word: str
    weight: float


class TopicReason(msgspec.Struct):
    """Why an article has a topic or lacks it: the words for and against, weightiest first."""

    topic: str
    score: float
    words_for: list[WeighedWord]
    words_against: list[WeighedWord]


class TopicReasons(msgspec.Struct):
    """Every topic, the likeliest first; none where no model explains the article's language."""

    topics: list[TopicReason]


class ArticlesQuestion(Selected, forbid_unknown_fields=True):
    """Which articles: those that a search finds, or all."""

    limit: Limit = 20
    cursor: Cursor = ""


class ArticlePage(Page[Article]):
    """One page of articles, newest first."""


views = Blueprint("articles", __name__)


@views.get("/articles")
@spec.validate(resp=answers(ArticlePage, 400), tags=["articles"], operation_id="listArticles")
def articles(query: ArticlesQuestion) -> ArticlePage:
    """List articles as `slugline export` writes them, newest first, each once."""
    here = library()
    offset = offset_of(query.cursor, query.identity())
    wanted = Request(
        text=query.q,
        filters=query.filters(datetime.now(UTC)),
        sort=Sort.NEWEST,
        offset=offset,
        limit=query.limit,
    )
    found = find(wanted)
    ids = [hit.article.id for hit in found.hits]
    rows = [
        msgspec.convert(as_row(record), Article)
        for record in records(ids, here.store.articles, here.store.tags)
    ]
    beyond = offset + len(ids)
    more = bool(ids) and beyond < found.listed
    return ArticlePage(found.total, rows, cursor_of(beyond, query.identity()) if more else None)


@views.get("/articles/<article_id>")
@spec.validate(resp=answers(Article, 404), tags=["articles"], operation_id="getArticle")
def article(article_id: str, query: Nothing) -> Article:  # noqa: ARG001 - read by spectree
    """Return an article with its tags, mentions and earlier versions."""
    store = library().store
    for record in records([article_id], store.articles, store.tags):
        return msgspec.convert(as_row(record), Article)
    raise NotFoundError(f"There is no article {article_id[:60]!r}.")


@views.get("/articles/<article_id>/similar")
@spec.validate(resp=answers(Similar, 404), tags=["articles"], operation_id="similarArticles")
def similar(article_id: str, query: Nothing) -> Similar:  # noqa: ARG001 - read by spectree
    """Return the articles that share most with one."""
    here = library()
    here.store.articles.get(article_id)
    return Similar([as_hit(hit) for hit in here.searcher.similar(article_id, LIKE)])


@views.get("/articles/<article_id>/why")
@spec.validate(resp=answers(TopicReasons, 404), tags=["articles"], operation_id="explainArticle")
def why(article_id: str, query: Nothing) -> TopicReasons:  # noqa: ARG001 - read by spectree
    """Return the words for and against each topic of an article, by the model of its language."""
    here = library()
    article = here.store.articles.get(article_id)
    if here.explainer is None:
        return TopicReasons([])
    return TopicReasons(
        [
            TopicReason(each.slug, each.score, *map(_weighed, (each.words_for, each.words_against)))
            for each in here.explainer.why(article.title, article.summary, article.language)
        ]
    )


def _weighed(words: tuple[tuple[str, float], ...]) -> list[WeighedWord]:
    return [WeighedWord(*each) for each in words]
