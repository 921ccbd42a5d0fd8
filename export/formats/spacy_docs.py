"""spaCy: a DocBin with entities in `doc.ents`, topics in `doc.cats`, and ids in `doc.user_data`,
with the notes of a list under `lists`.

`spacy train` reads it as it is. A DocBin is held in memory until it is written (about 4 kB an
article), so a larger export becomes a directory of several, which `spacy train` reads as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from spacy.tokens import DocBin

from export.annotated import annotated
from export.files import OutputFile
from export.format import DOCS_PER_FILE
from export.record import Record, iso, list_notes
from export.tokens import tokenised
from export.write_options import WriteOptions

if TYPE_CHECKING:
    from spacy.tokens import Doc


class SpacyDocs:
    """One `.spacy` file, or a directory of them where there are more than `DOCS_PER_FILE`."""

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the files, a DocBin in memory at a time."""
        docs = (_doc(record, options) for record in records)
        if options.total <= DOCS_PER_FILE:
            yield "", _packed(docs)
            return
        folder = f"{options.part}/" if options.part else ""
        for number in range(-(-options.total // DOCS_PER_FILE)):
            yield f"{folder}docs-{number:05}.spacy", _packed(islice(docs, DOCS_PER_FILE))


def _packed(docs: Iterable[Doc]) -> Iterator[bytes]:
    held = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for doc in docs:
        held.add(doc)
    yield held.to_bytes()


def _doc(record: Record, options: WriteOptions) -> Doc:
    article = record.tagged.article
    doc = tokenised(annotated(record, text=options.text), article.language)
    slugs = dict.fromkeys((*options.topics, *(topic.slug for topic in record.tagged.topics)))
    said = {topic.slug for topic in record.tagged.topics}
    # A text classifier learns what does not fit as well, so every topic has a value.
    doc.cats = {slug: float(slug in said) for slug in sorted(slugs)}
    doc.user_data.update(
        id=article.id,
        url=article.url,
        source=article.source,
        published=iso(article.published),
        language=article.language,
        **list_notes(record),
    )
    return doc
