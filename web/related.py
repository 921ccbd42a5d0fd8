"""What else names the same: a query that finds it, made of an article's names."""

from __future__ import annotations

from collections.abc import Sequence

from models.tags import EntityCount
from search.words import words

MOST_NAMES = 6
"""Names that are looked for, those that the article names most often; more only cost time."""


def query_of_names(entities: Sequence[EntityCount]) -> str:
    """Return a query for articles that have any of these names, "" where there are none.

    Names are looked for as words, not as entities: a search ranks words by how rare they are, so
    that a village counts for more than its country.
    """
    phrases = dict.fromkeys(" ".join(words(entity.name)) for entity in entities[:MOST_NAMES])
    phrases.pop("", None)
    return " OR ".join(f'"{phrase}"' for phrase in phrases)
