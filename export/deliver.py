"""Runs an export: selects articles and yields its data files and the files that describe them.

    ids of a search -> selection (gold, since, sample, split) -> records -> format -> files

Reads of the store by two small Protocols (`export/record.py`), and knows nothing of searches.
Where the files go is for `export/destinations.py` to say.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from export.description.facts import DataFile, Facts, Tally, slug
from export.description.files import CHANGES, descriptions
from export.earlier import rows_of
from export.files import HashedBlocks, OutputFile
from export.format import FormatEntry
from export.record import Articles, Mentions, Record, as_row, records, tagged
from export.request import ExportRequest, checked
from export.selection import PARTS, Changes, Selection
from export.write_options import WriteOptions
from models.errors import SluglineError, StoreError
from models.tags import Origin

Written = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Origins:
    """The origin of an export, for its description; set by the caller."""

    store: str = ""
    version: str = ""
    moment: str = ""
    title: str = "Tagged news"
    asked: Mapping[str, object] | None = None


class Export:
    """An export of articles in one format; raises UsageError for options it does not support."""

    def __init__(
        self,
        chosen: FormatEntry,
        request: ExportRequest,
        articles: Articles,
        mentions: Mentions,
        options: WriteOptions,
        origins: Origins = Origins(),
    ) -> None:
        self.chosen = chosen
        self.request = checked(request, chosen)
        self.origins = origins
        self.format = chosen.open()
        self.options = replace(
            options,
            columns=chosen.chosen_columns(request.columns, text=request.text, notes=options.notes),
            text=request.text,
            partition=request.partition,
            title=origins.title,
        )
        self._articles = articles
        self._mentions = mentions

    def select(self, ids: Iterable[str]) -> Delivery:
        """Select the articles to export among those that a search found; use it as a context."""
        with explain_disk_errors():
            selection = Selection(ids)
            try:
                return Delivery(self, selection, self._narrow(selection))
            except BaseException:
                selection.close()
                raise

    def count(self, ids: Iterable[str]) -> int:
        """Return how many articles would be exported, without reading them if possible."""
        if self.request.gold or self.request.since_export:
            with self.select(ids) as delivery:
                return delivery.articles
        found = sum(1 for _ in ids)
        return min(found, self.request.sample or found)

    def records(self, ids: Iterable[str]) -> Iterator[Record]:
        """Yield what is exported of articles."""
        return records(ids, self._articles, self._mentions)

    def _narrow(self, selection: Selection) -> Changes | None:
        request, changes = self.request, None
        if request.gold:
            selection.keep(corrected_by_people, self.records(selection.ids()))
        if request.since_export:
            now = (as_row(record) for record in self.records(selection.ids()))
            changes = selection.compare(rows_of(request.since_export), now)
        if request.sample or request.split:
            # Takes less than half as long as whole records, and nothing is sent before it is over.
            selection.note(tagged(selection.ids(), self._articles), request.stratify)
        if request.sample:
            selection.sample(request.sample)
        if request.split:
            selection.split(request.split)
        return changes


class Delivery:
    """The articles of one export, selected and counted, and its files."""

    def __init__(self, export: Export, selection: Selection, changes: Changes | None) -> None:
        self.articles = selection.count()
        self.changes = changes
        self._export = export
        self._selection = selection

    def __enter__(self) -> Delivery:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the selection."""
        self._selection.close()

    @property
    def chosen(self) -> FormatEntry:
        """The format."""
        return self._export.chosen

    @property
    def parts(self) -> Mapping[str, int]:
        """How many articles each part of a split has; empty without one."""
        if not self._export.request.split:
            return {}
        return {part: self._selection.count(part) for part in PARTS}

    @property
    def is_folder(self) -> bool:
        """Whether the export is a directory."""
        request = self._export.request
        return self.chosen.is_folder(
            self.articles, split=request.split, partition=request.partition
        )

    @property
    def is_one_file(self) -> bool:
        """Whether the export is one file and nothing beside it."""
        return not (self.is_folder or self._export.request.describe or self.changes)

    def files(
        self, name: str, written: Written = lambda: None, scratch: Path | None = None
    ) -> Iterator[OutputFile]:
        """Yield the files of the export: within its directory, or the file `name` and those beside.

        `written` is called for each article, `scratch` is where temporary files go. Raises
        StoreError where articles have gone meanwhile.
        """
        tally, files = Tally(), []
        for path, part, pieces in self._data_files(tally, written, scratch):
            measured = HashedBlocks(pieces)
            yield path or name, measured
            files.append(DataFile(path or name, measured.size, measured.sha256, part))
        prefix = "" if self.is_folder else f"{name}."
        if self.is_folder or self._export.request.describe:
            facts = self._facts(name, tuple(files), tally)
            yield from ((each, (text,)) for each, text in descriptions(facts, prefix).items())
        if self.changes:
            yield prefix + CHANGES, _change_lines(self._selection)

    def _data_files(
        self, tally: Tally, written: Written, scratch: Path | None
    ) -> Iterator[tuple[str, str, Iterable[str] | Iterable[bytes]]]:
        for part in PARTS if self._export.request.split else ("",):
            total = self._selection.count(part)
            options = replace(self._export.options, part=part, total=total, scratch=scratch)
            found = tally.passing(self._records(part, written), part)
            for path, pieces in self._export.format.files(found, options):
                yield path or (f"{part}{self.chosen.suffix}" if part else ""), part, pieces

    def _records(self, part: str, written: Written) -> Iterator[Record]:
        expected = self._selection.count(part)
        for record in self._export.records(self._selection.ids(part)):
            expected -= 1
            written()
            yield record
        if expected:
            raise StoreError(
                f"{expected} articles went out of the store during the export; nothing is "
                "written. Run it again."
            )

    def _facts(self, name: str, files: tuple[DataFile, ...], tally: Tally) -> Facts:
        """Gather what descriptions say of an export: its files, columns, counts and origins."""
        origins = self._export.origins
        return Facts(
            name=slug(name),
            title=origins.title,
            format=self.chosen.name,
            media_type=self.chosen.media_type,
            files=files,
            columns=self._export.options.columns,
            tally=tally,
            asked=origins.asked or {},
            moment=origins.moment,
            version=origins.version,
            store=origins.store,
            text=self._export.request.text or self.chosen.holds_texts(self._export.options.columns),
        )


def corrected_by_people(record: Record) -> bool:
    """Say whether a person corrected or confirmed tags of an article."""
    return bool(
        record.provenance.topics
        or record.provenance.reviewed
        or any(topic.origin is Origin.PERSON for topic in record.tagged.topics)
    )


def _change_lines(selection: Selection) -> Iterator[str]:
    """Yield what is different from an earlier export, one article a line."""
    for article_id, change in selection.changes():
        yield json.dumps({"id": article_id, "change": change}) + "\n"


@contextmanager
def explain_disk_errors() -> Iterator[None]:
    """Turn SQLite's errors about temporary files, nearly always a full disk, into messages."""
    try:
        yield
    except sqlite3.Error as error:
        raise SluglineError(
            f"A temporary file can't be written: {error}. Make room, or set TMPDIR to a "
            "directory that has some."
        ) from error
