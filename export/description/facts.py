"""The facts for an export's description: counted while it is written, and its options."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from export.record import Record, iso


@dataclass(slots=True)
class Tally:
    """Counts articles by topic, source, language, origin and score while they pass."""

    articles: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    scores: dict[str, float] = field(default_factory=dict)
    parts: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def passing(self, records: Iterable[Record], part: str = "") -> Iterator[Record]:
        """Yield the records, counting them."""
        for record in records:
            self._add(record)
            self.parts[part] += 1
            yield record

    def _add(self, record: Record) -> None:
        article = record.tagged.article
        self.articles += 1
        self.sources[article.source] += 1
        self.languages[article.language or "und"] += 1
        if record.provenance.models:
            self.models[record.provenance.models] += 1
        for topic in record.tagged.topics:
            self.topics[topic.slug] += 1
            self.origins[f"topics by {topic.origin}"] += 1
            self.scores[topic.slug] = self.scores.get(topic.slug, 0.0) + topic.score
        self.origins.update(f"mentions by {mention.origin}" for mention in record.mentions)
        if article.published:
            self.first = min(self.first or article.published, article.published)
            self.last = max(self.last or article.published, article.published)

    def as_dict(self) -> dict[str, object]:
        """Return the counts, largest first, for files that describe the data."""
        return {
            "articles": self.articles,
            "published": {"first": iso(self.first), "last": iso(self.last)},
            "topics": {
                slug: {"articles": n, "mean_score": round(self.scores[slug] / n, 4)}
                for slug, n in _largest(self.topics)
            },
            "sources": dict(_largest(self.sources)),
            "languages": dict(_largest(self.languages)),
            "origins": dict(_largest(self.origins)),
            "models": dict(_largest(self.models)),
        }


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the export: its path seen from what describes it, its size and its checksum."""

    path: str
    size: int
    sha256: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an export says of itself.

    `columns` are those of its rows, empty where the format has none. `asked` is the query with its
    filters and options in words, `moment` when the export was made (ISO 8601).
    """

    name: str
    title: str
    format: str
    media_type: str
    files: tuple[DataFile, ...]
    columns: tuple[str, ...]
    tally: Tally
    asked: Mapping[str, object]
    moment: str
    version: str
    store: str
    text: bool

    @property
    def rights(self) -> str:
        """Whose the contents are, in words."""
        if self.text:
            return (
                "Titles, summaries and texts belong to their publishers and are in this export for "
                "research on a machine of your own; do not publish them without leave. Tags and "
                "metadata are yours to use."
            )
        return (
            "Titles belong to their publishers and are given to identify the linked articles. Tags "
            "and metadata are yours to use. Summaries and texts are left out."
        )

    @property
    def citation(self) -> str:
        """How to cite the dataset."""
        return (
            f"{self.title} ({self.tally.articles:,} articles), exported with Slugline "
            f"{self.version} on {self.moment[:10]}, store {self.store[:12]}."
        )


def slug(name: str) -> str:
    """Return the name of a file as Frictionless names packages."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.") or "export"


def _largest(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
