"""An article as one annotated text, for formats of language technology and annotation tools.

The text is the title, and with `--text` the summary below it. `import-labels` takes it apart again
by the same rule (`fields_of`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from export.record import Record

GAP = "\n\n"
"""What stands between title and summary."""


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled piece of an annotated text, in characters."""

    start: int
    end: int
    label: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """The text with its spans, in the order of the text, and the slugs of its topics."""

    text: str
    spans: tuple[Span, ...]
    topics: tuple[str, ...]


def annotated(record: Record, *, text: bool) -> AnnotatedText:
    """Return a record as one text with spans; summaries only where texts are asked for."""
    article = record.tagged.article
    starts = {"title": 0}
    whole = article.title
    if text and article.summary:
        starts["summary"] = len(article.title) + len(GAP)
        whole = f"{article.title}{GAP}{article.summary}"
    spans = [
        Span(
            starts[mention.field] + mention.start,
            starts[mention.field] + mention.end,
            mention.label,
            mention.entity.key if mention.entity else None,
        )
        for mention in record.mentions
        if mention.field in starts
    ]
    spans.sort(key=lambda span: (span.start, -span.end, span.label))
    return AnnotatedText(whole, tuple(spans), tuple(topic.slug for topic in record.tagged.topics))


def without_overlaps(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans of which none overlaps another; of two that do, the longer, then the first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def fields_of(title: str, summary: str, length: int) -> Iterator[tuple[str, int, str]]:
    """Yield the fields that an annotated text of that length is made of: name, start, text."""
    yield "title", 0, title
    if length > len(title):
        yield "summary", len(title) + len(GAP), summary
