"""Articles of monthly archives as documents to index, tagged roughly: search is measured here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.source import read
from search.document import Document, host_of

NOW = datetime(2023, 11, 15, tzinfo=UTC)
SEEDS = {
    "politics": ("election", "minister", "senate", "parliament"),
    "military": ("war", "troops", "missile", "army"),
    "crime": ("police", "murder", "court", "arrest"),
    "economy": ("inflation", "bank", "market", "stocks"),
    "sport": ("match", "cup", "league", "football"),
    "health": ("covid", "hospital", "cancer", "health"),
}
_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+|\b[A-Z]{2,5}\b")


def documents(archives: list[str], limit: int) -> Iterator[Document]:
    """Yield the articles of archives as documents, each link once."""
    seen: set[str] = set()
    leaders: dict[str, str] = {}
    entries = (entry for path in archives for part in read(path) for entry in part.entries)
    for entry in entries:
        if entry.id in seen or len(seen) >= limit:
            continue
        seen.add(entry.id)
        text = f"{entry.title} . {entry.summary}"
        lower = set(re.findall(r"\w+", text.lower()))
        names = dict.fromkeys(_NAME.findall(text))
        leader = leaders.setdefault(entry.title.casefold(), entry.id)
        yield Document(
            id=entry.id,
            title=entry.title,
            summary=entry.summary,
            body=entry.body,
            source=entry.source,
            host=host_of(entry.url),
            feed=entry.feed,
            section=entry.section,
            language=(entry.language or "en")[:2].lower(),
            published=entry.published,
            topics=tuple(t for t, seeds in SEEDS.items() if lower & set(seeds)) or ("other",),
            leader="" if leader == entry.id else leader,
            entities=tuple(
                (f"person/{re.sub(' ', '-', name.lower())}", name, "person") for name in names
            ),
        )
