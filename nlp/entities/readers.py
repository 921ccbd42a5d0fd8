"""Ways to find the names in articles of a language: a pipeline, rules, or what is known anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.tags import Mention
from nlp.entities.english.candidates import reading_of, rewritten
from nlp.entities.known import known_mentions
from nlp.entities.mentions import plain_mentions, weighed_mentions
from nlp.ner.pipeline import Pipeline

Fields = Sequence[tuple[str, str]]
"""Titles and summaries."""


class NameFinder(Protocol):
    """Finds the names in articles of one language. `stamp` names what it finds them with."""

    @property
    def stamp(self) -> str:
        """Return a name for exactly this way of finding."""

    def tag(self, texts: Fields) -> Iterator[tuple[Mention, ...]]:
        """Yield each article's mentions: by field, in order, none overlaps."""


@dataclass(frozen=True, slots=True)
class WeighedFinder:
    """Reads English by a pipeline, and weighs all the evidence that an article holds."""

    pipeline: Pipeline

    @property
    def stamp(self) -> str:
        """Return the pipeline's stamp."""
        return self.pipeline.stamp

    def tag(self, texts: Fields) -> Iterator[tuple[Mention, ...]]:
        """Yield each article's mentions."""
        titles = [rewritten(title, summary) for title, summary in texts]
        fields = [
            field
            for (title, summary), running in zip(texts, titles, strict=True)
            for field in (title, running, summary)
        ]
        read = self.pipeline.readings(fields)
        for (title, summary), running, *three in zip(texts, titles, read, read, read, strict=True):
            yield weighed_mentions(reading_of(title, summary, running, three))


@dataclass(frozen=True, slots=True)
class PlainFinder:
    """Reads a language by its pipeline alone."""

    pipeline: Pipeline
    language: str

    @property
    def stamp(self) -> str:
        """Return the pipeline's stamp."""
        return self.pipeline.stamp

    def tag(self, texts: Fields) -> Iterator[tuple[Mention, ...]]:
        """Yield each article's mentions."""
        spans = self.pipeline.spans([_straight(field) for both in texts for field in both])
        for (title, summary), *both in zip(texts, spans, spans, strict=True):
            yield plain_mentions(title, summary, both, self.language)


@dataclass(frozen=True, slots=True)
class KnownFinder:
    """Finds names known beforehand, or told by form: for languages that nothing else reads."""

    language: str
    stamp: str = "known"

    def tag(self, texts: Fields) -> Iterator[tuple[Mention, ...]]:
        """Yield each article's mentions."""
        for title, summary in texts:
            yield known_mentions(title, summary, self.language)


def _straight(text: str) -> str:
    """Return a text with straight apostrophes: most tokenizers know no other (l'ONU, qu'il)."""
    return text.replace("\u2019", "'")
