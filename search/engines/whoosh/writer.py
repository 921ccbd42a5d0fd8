"""One writing of documents to a Whoosh index: a new segment, and what becomes of the old ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from search.document import Document
from search.engines.checksums import write_whole
from search.engines.whoosh import columns as columns_module
from search.engines.whoosh.columns import Columns
from search.engines.whoosh.columns_writer import ColumnsWriter
from search.engines.whoosh.files import file, kept_checksums, misfit
from search.engines.whoosh.postings import add_segment, postings_of

_TIER = 12
"""So many segments of about one size become one."""
_MAX_DELETED = 0.3
"""A segment with a larger share of removed articles is written anew."""


class Writing:
    """One writing of documents: what goes into the new segment, and what becomes of the old."""

    def __init__(self, directory: Path, writer: Any, *, anew: bool) -> None:
        self.directory = directory
        self.writer = writer
        self.anew = anew
        self.new = ColumnsWriter()
        self.rows: dict[str, int] = {}
        self.twice: set[int] = set()
        self.old = [
            Columns.from_bytes(file(directory, segment, "columns").read_bytes())
            for segment in writer.segments
            if not anew
        ]

    def add(self, documents: Iterable[Document]) -> None:
        """Add documents; of several with one id, the last counts."""
        for document in documents:
            lists, lengths = postings_of(document)
            row = len(self.new.ids)
            self.writer.add_document(**lists)
            self.new.add(document, lengths)
            earlier = self.rows.get(document.id)
            if earlier is not None:
                self.twice.add(earlier)
            self.rows[document.id] = row

    def remove(self, removed: Iterable[str]) -> None:
        """Mark what was removed, or was replaced by what was added."""
        gone = {*removed}
        for id_ in gone:
            if id_ in self.rows:
                self.twice.add(self.rows[id_])
        wanted = [id_.encode() for id_ in gone | self.rows.keys()]
        if not wanted:
            return
        for segment, columns in zip(self.writer.segments, self.old, strict=False):
            for row in np.flatnonzero(np.isin(columns.ids, np.array(wanted))).tolist():
                segment.delete_document(row)

    def settle(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Merge what is due into the new segment, and write its columns; Whoosh calls this.

        The new segment's rows are the new documents, then what is left of the merged segments.
        """
        try:
            return self._settled(writer, segments)
        except BaseException:
            with suppress(Exception):  # Whoosh gives its lock back, and leaves its files open
                writer._close_segment()
            raise

    def _settled(self, writer: Any, segments: list[Any]) -> list[Any]:
        from whoosh.reading import SegmentReader

        new = self.new.finish()
        parts = [new]
        kept = []
        merged = set() if self.anew else _due(segments, len(self.new.ids))
        self._check(segments[number] for number in merged)
        for number, segment in enumerate(segments):
            if self.anew:
                continue
            if number not in merged:
                kept.append(segment)
                continue
            live = np.ones(segment.doc_count_all(), dtype=bool)
            live[np.array(list(segment.deleted_docs()), dtype=np.int64)] = False
            reader = SegmentReader(writer.storage, writer.schema, segment)
            try:
                add_segment(writer, reader, live)
            finally:
                reader.close()
            parts.append(self.old[number].kept(live))
        for row in sorted(self.twice):
            writer.newsegment.delete_document(row)
        if any(len(part) for part in parts):
            # Its rows come first, and yet it is what knows how entities are called by now.
            names = (blob for part in (*parts[1:], new) for blob in part.names_of_entities)
            columns = replace(columns_module.joined(parts), names_of_entities=tuple(names))
            write_whole(file(self.directory, writer.newsegment, "columns"), columns.to_bytes())
        return kept

    def _check(self, merged: Iterable[Any]) -> None:
        """Raise DamagedIndexError before a damaged segment becomes part of a sound one."""
        kept = kept_checksums(self.directory, self.writer.generation - 1)
        for segment in merged:
            if kept and (wrong := kept.damaged(self.directory, f"{segment.segment_id()}.")):
                raise misfit(self.directory, wrong)


def _due(segments: Sequence[Any], added: int) -> set[int]:
    """Return the numbers of the segments to merge: where there are many of a size, or much is gone.

    A merge takes all segments up to the largest size of which there are too many.
    """
    due = {
        number
        for number, segment in enumerate(segments)
        if segment.deleted_count() > _MAX_DELETED * segment.doc_count_all()
    }
    sizes = sorted((segment.doc_count(), n) for n, segment in enumerate(segments))
    together = added
    for smaller, (size, _) in enumerate(sizes, 1):
        together += size
        if smaller >= _TIER - 1 and size <= together / 3:
            due |= {n for _, n in sizes[:smaller]}
    return due
