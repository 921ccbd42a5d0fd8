"""doccano: JSON Lines for sequence labelling (`label`) and for text classification (`cats`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from export.annotated import annotated
from export.files import OneFile
from export.record import Record, list_notes
from export.write_options import WriteOptions


class Doccano(OneFile):
    """One text a line; what doccano does not know by name it keeps and gives back."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield one line an article."""
        for record in records:
            text = annotated(record, text=options.text)
            row = {
                "text": text.text,
                "label": [[span.start, span.end, span.label] for span in text.spans],
                "cats": list(text.topics),
                "slugline_id": record.tagged.article.id,
                "url": record.tagged.article.url,
                **list_notes(record),
            }
            yield json.dumps(row, ensure_ascii=False) + "\n"
