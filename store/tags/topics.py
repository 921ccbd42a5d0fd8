"""Topics of articles, with people's corrections applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from models.tags import OTHER, Origin, TopicScore
from store.database import in_chunks
from store.tags.tag_tables import article_topics, topic_corrections


def corrected(topics: Sequence[TopicScore], word: Mapping[str, bool]) -> tuple[TopicScore, ...]:
    """Put a person's word over the model's: what does not fit goes, what fits comes first.

    An article is `other` only as long as nothing fits it: for the model, or once a person has taken
    away all that the model gave.
    """
    fitting = [TopicScore(slug, 1.0, Origin.PERSON) for slug, fits in sorted(word.items()) if fits]
    left = [topic for topic in topics if topic.slug not in word]
    if fitting:
        return (*fitting, *(topic for topic in left if topic.slug != OTHER))
    if topics and not left:
        return (TopicScore(OTHER, 1.0, Origin.PERSON),)
    return tuple(left)


def apply_corrections(connection: sa.Connection, number: int) -> None:
    """Write an article's topics anew, with what people said of them."""
    rows = connection.execute(sa.select(article_topics).where(article_topics.c.article == number))
    said = tuple(TopicScore(r.topic, r.score, Origin(r.origin)) for r in rows)
    connection.execute(sa.delete(article_topics).where(article_topics.c.article == number))
    now = corrected(said, corrections_of(connection, [number]).get(number, {}))
    if now:
        connection.execute(
            sa.insert(article_topics),
            [
                {"article": number, "topic": t.slug, "score": t.score, "origin": t.origin}
                for t in now
            ],
        )


def corrections_of(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, dict[str, bool]]:
    """Return what people said of the topics of articles: whether each fits."""
    corrections: dict[int, dict[str, bool]] = {}
    for chunk in in_chunks(numbers):
        query = sa.select(topic_corrections).where(topic_corrections.c.article.in_(chunk))
        for row in connection.execute(query):
            corrections.setdefault(row.article, {})[row.topic] = row.fits
    return corrections
