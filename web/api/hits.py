"""A hit of a search as the API gives it."""

from __future__ import annotations

from export.record import iso
from search.request import Hit as Found
from search.request import Marked
from web.api.answers.article import Entity, Topic
from web.api.answers.search import Copy, Hit


def as_hit(hit: Found) -> Hit:
    """Return a hit under the names of the API."""
    article = hit.article
    snippet, marks = _snippet(hit.snippet)
    return Hit(
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        language=article.language or None,
        published=iso(article.published),
        topics=[Topic(each.slug, round(each.score, 4), each.origin) for each in hit.topics],
        entities=[
            Entity(each.name, each.type, each.key, each.count, each.origin) for each in hit.entities
        ],
        score=round(hit.score, 4),
        snippet=snippet,
        marks=marks,
        copies=[Copy(copy.id, copy.url, copy.source) for copy in hit.copies],
    )


def _snippet(marked: Marked) -> tuple[str, list[tuple[int, int]]]:
    """Return the text in one piece, and the spans of it that are marked."""
    text, marks = "", []
    for piece, is_marked in marked:
        if is_marked:
            marks.append((len(text), len(text) + len(piece)))
        text += piece
    return text, marks
