"""Checks of the models that tagging needs: language pipelines, topics, clusters."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points

from slugline.doctor.finding import Finding
from slugline.settings import Settings

MOST_LANGUAGES = 8
"""So many languages without a pipeline are listed: the rest are a few articles each."""


def pipelines(settings: Settings) -> Iterator[Finding]:
    """Yield the pipelines that settings name, then those that are installed and not used."""
    for language, package in settings.pipelines.items():
        there = importlib.util.find_spec(package) is not None
        yield Finding(
            f"pipeline for {language}",
            there,
            package if there else f"{package} is not installed",
            "" if there else f"pip install {package}, or name another under [nlp.pipelines].",
        )
    packages = {entry.name for entry in entry_points(group="spacy_models")}
    for package in sorted(packages - set(settings.pipelines.values())):
        language = package.partition("_")[0]
        cure = f'{language} = "{package}" under [nlp.pipelines] makes `slugline tag` use it.'
        yield Finding(f"pipeline {package}", True, "installed, not used", cure)


def languages_without(
    settings: Settings, languages: Iterable[tuple[str, int]]
) -> Iterator[Finding]:
    """Yield the languages of articles that no pipeline reads, the most frequent ones first."""
    from nlp.entities.tagger import read_languages

    read = read_languages(settings.pipelines)
    missing = [each for each in languages if each[0] and each[0] not in read]
    for language, count in missing[:MOST_LANGUAGES]:
        yield Finding(
            f"pipeline for {language}",
            True,
            f"none; articles with only the names that rules know: {count:,}",
            f"spaCy's pipelines are listed at https://spacy.io/models; name one for {language} "
            "under [nlp.pipelines].",
        )


def topic_model(settings: Settings) -> Finding:
    """Load the topic models; raises ModelError."""
    from slugline.factory import load_topic_models

    models = load_topic_models(settings)
    place = settings.topic_model or "the one that Slugline brings"
    tongues = ", ".join(models.languages)
    by_terms = ", ".join(models.languages_by_terms) or "no other language"
    state = (
        f"{len(models.topics)} topics, {place}; for articles in {tongues}, "
        f"and by seed terms alone in {by_terms}"
    )
    return Finding("topic model", True, state)


def cluster_model(settings: Settings) -> Finding:
    """Load the cluster model, where there is one; raises ModelError."""
    from slugline.factory import load_cluster_model

    model = load_cluster_model(settings)
    if model is None:
        return Finding("cluster model", True, "none; `slugline clusters fit` makes one")
    return Finding("cluster model", True, f"{len(model.clusters)} clusters")
