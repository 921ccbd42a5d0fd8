"""The job of `slugline topics fit`: read articles and corrections, fit, save the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from store.store import Store

ARTICLES = 200_000
"""Articles a fit reads at the most, spread evenly over the archive: more changed nothing."""


@dataclass(frozen=True, slots=True)
class FittedTopics:
    """What a fit was made from: `recipe` says how, in words."""

    articles: int
    corrections: int
    recipe: str


def fit_topics(store: Store, taxonomy_file: Path | None, place: Path) -> FittedTopics:
    """Fit topics to the articles of a store and keep the model at `place`.

    Raises ModelError where there are no articles, ConfigError for a taxonomy that can't be read.
    """
    from nlp.model_files import replace_model
    from nlp.topics.fit import fit
    from nlp.topics.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(taxonomy_file)
    texts = store.articles.texts(languages=("en", ""), limit=ARTICLES)
    slugs = {topic.slug for topic in taxonomy}
    corrections = [row for row in store.tags.taught() if row[2] in slugs]
    if not texts:
        raise ModelError("There are no articles to fit topics to; ingest some first.")
    model = fit(texts, taxonomy, corrections)
    replace_model(model.save, place)
    return FittedTopics(len(texts), len(corrections), model.recipe)
