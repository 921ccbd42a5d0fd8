"""Argilla: records with the tags as suggestions, for `dataset.records.from_json(FILE)`.

The dataset has a field `text`, a span question `entities` and a multi-label question `topics`;
docs/export.md shows the settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from export.annotated import annotated
from export.files import OneFile
from export.record import Record, iso, list_notes
from export.write_options import WriteOptions


class Argilla(OneFile):
    """One JSON list of records."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield a record at a time."""
        before = "["
        for record in records:
            yield f"{before}\n{json.dumps(_record(record, options), ensure_ascii=False)}"
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"


def _record(record: Record, options: WriteOptions) -> dict[str, Any]:
    """Return an article as a record whose tags are suggestions to correct."""
    article, tagged = record.tagged.article, record.tagged
    text = annotated(record, text=options.text)
    agent = record.provenance.models or "slugline"
    spans = [{"start": s.start, "end": s.end, "label": s.label} for s in text.spans]
    scores = [round(topic.score, 4) for topic in tagged.topics]
    return {
        "id": article.id,
        "fields": {"text": text.text},
        "metadata": {
            "source": article.source,
            "language": article.language,
            "published": iso(article.published),
            "url": article.url,
            **list_notes(record),
        },
        "suggestions": {
            "entities": {"value": spans, "score": None, "agent": agent},
            "topics": {"value": list(text.topics), "score": scores or None, "agent": agent},
        },
        "responses": {},
        "vectors": {},
    }
