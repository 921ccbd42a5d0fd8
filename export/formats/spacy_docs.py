"""spaCy: a DocBin with entities in `doc.ents`, topics in `doc.cats`, and ids in `doc.user_data`.

`spacy train` reads it as it is. A DocBin is held in memory until it is written (about 4 kB an
article), so a larger export becomes a directory of several, which `spacy train` reads as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import DocBin

from export.annotated import annotated
from export.record import Record, iso
from export.shape import Shape
from export.tokens import tokenised

if TYPE_CHECKING:
    from spacy.tokens import Doc

DOCS_PER_FILE = 20_000


class SpacyDocs:
    """One `.spacy` file, or a directory of them where there are more than `DOCS_PER_FILE`."""

    def write(self, records: Iterable[Record], out: Path, shape: Shape) -> None:
        """Write documents, a file at a time."""
        docs = (_doc(record, shape) for record in records)
        if shape.total <= DOCS_PER_FILE:
            _write(docs, out)
            return
        out.mkdir()
        for number in range(-(-shape.total // DOCS_PER_FILE)):
            _write(islice(docs, DOCS_PER_FILE), out / f"docs-{number:05}.spacy")


def _write(docs: Iterable[Doc], out: Path) -> None:
    held = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for doc in docs:
        held.add(doc)
    held.to_disk(out)


def _doc(record: Record, shape: Shape) -> Doc:
    article = record.tagged.article
    doc = tokenised(annotated(record, text=shape.text), article.language)
    slugs = dict.fromkeys((*shape.topics, *(topic.slug for topic in record.tagged.topics)))
    said = {topic.slug for topic in record.tagged.topics}
    # A text classifier learns what does not fit as well, so every topic has a value.
    doc.cats = {slug: float(slug in said) for slug in sorted(slugs)}
    doc.user_data.update(
        id=article.id,
        url=article.url,
        source=article.source,
        published=iso(article.published),
        language=article.language,
    )
    return doc
