"""One article, and those like it."""

from __future__ import annotations

import msgspec
from flask import Blueprint

from export.record import as_row, records
from models.errors import NotFoundError
from web.api.answers import Article, Hit
from web.api.hits import as_hit
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

LIKE = 10


class Similar(msgspec.Struct):
    """Articles that share most with one, best first."""

    hits: list[Hit]


views = Blueprint("articles", __name__)


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
