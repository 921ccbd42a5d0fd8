"""Looks up which articles were removed, so that ingest does not bring them back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from store.database import in_chunks
from store.schema import removed_articles


def removed_among(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Return which of some articles were removed and must not come back."""
    found: set[str] = set()
    for chunk in in_chunks(ids):
        query = sa.select(removed_articles.c.article)
        found |= set(connection.scalars(query.where(removed_articles.c.article.in_(chunk))))
    return found
