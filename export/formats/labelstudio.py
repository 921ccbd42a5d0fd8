"""Label Studio: tasks with the tags as predictions, which an annotator takes over or corrects.

The project's labelling interface is in docs/export.md; its names are `entities`, `topics`, `text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from export.annotated import AnnotatedText, annotated
from export.files import OneFile
from export.record import Record, list_notes
from export.write_options import WriteOptions


class LabelStudio(OneFile):
    """One JSON list of tasks."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield a task at a time."""
        before = "["
        for record in records:
            yield f"{before}\n{json.dumps(_task(record, options), ensure_ascii=False)}"
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"


def _task(record: Record, options: WriteOptions) -> dict[str, Any]:
    article = record.tagged.article
    text = annotated(record, text=options.text)
    return {
        "data": {
            "text": text.text,
            "slugline_id": article.id,
            "url": article.url,
            **list_notes(record),
        },
        "predictions": [
            {
                "model_version": record.provenance.models or "slugline",
                "score": max((topic.score for topic in record.tagged.topics), default=0.0),
                "result": list(_results(text)),
            }
        ],
    }


def _results(text: AnnotatedText) -> Iterator[dict[str, Any]]:
    """Yield mentions and topics as Label Studio's results."""
    for number, span in enumerate(text.spans):
        yield {
            "id": f"e{number}",
            "from_name": "entities",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": text.text[span.start : span.end],
                "labels": [span.label],
            },
        }
    if text.topics:
        yield {
            "id": "t",
            "from_name": "topics",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": list(text.topics)},
        }
