"""Does an export: selects, writes every part, describes it, and puts it in its place.

    ids of a search -> selection (gold, since, sample, split) -> records -> format -> OUT

Reads of the store by two small Protocols (`export/record.py`), and knows nothing of searches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from export.atomic import check_place, complete
from export.columns import NAMES, chosen_columns, dataset_columns
from export.description.facts import DataFile, Facts, Tally, data_file
from export.description.write import write_descriptions
from export.earlier import rows_of
from export.format import Format, FormatEntry, Holds, TextFormat
from export.record import Articles, Mentions, Record, as_row, records
from export.request import ExportRequest, checked
from export.selection import PARTS, Changes, Selection
from export.shape import Shape
from export.whole_file import whole_file
from models.errors import StoreError
from models.tags import Origin

Starts = Callable[[int], Callable[[], None]]
"""Told how many articles will come; returns what is to be called after each."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where an export comes from, for its description: set by whoever knows."""

    store: str = ""
    version: str = ""
    moment: str = ""
    title: str = "Tagged news"
    asked: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an export did; `changes` only where it was compared with an earlier one."""

    articles: int
    files: tuple[Path, ...]
    parts: Mapping[str, int]
    changes: Changes | None = None


class Export:
    """One export of articles from a store; `ids` are those that the search finds, in order."""

    def __init__(
        self,
        chosen: FormatEntry,
        request: ExportRequest,
        articles: Articles,
        mentions: Mentions,
        shape: Shape,
    ) -> None:
        self.chosen = chosen
        self.request = checked(request, chosen)
        self._articles = articles
        self._mentions = mentions
        self._shape = replace(
            shape, columns=request.columns, text=request.text, partition=request.partition
        )
        self._format = chosen.open()

    def to_path(self, ids: Iterable[str], out: Path, origins: Origins, starts: Starts) -> Delivered:
        """Write the export to a file or directory; complete, or nothing.

        Raises UsageError for a place that can't be written to, StoreError where articles vanished
        meanwhile, OSError where writing fails.
        """
        check_place(out)
        with Selection(ids) as selection:
            changes = self._select(selection)
            tally = Tally()
            files = self._write(selection, out, tally, starts(selection.count()), origins)
            if changes:
                files = (*files, _write_changes(selection, out))
        if "" in tally.parts or not self.request.split:
            return Delivered(tally.articles, files, {}, changes)
        return Delivered(tally.articles, files, dict(tally.parts), changes)

    def stream(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield the text of an export while it is being made; only for formats of one text file.

        Samples and comparisons select first, so their first piece comes later.
        """
        if not isinstance(self._format, TextFormat) or self.request.split:
            raise TypeError(f"{self.chosen.name} can't be sent while it is being made")
        if not (self.request.sample or self.request.gold or self.request.since_export):
            yield from self._format.chunks(self._records(ids), self._shape)
            return
        with Selection(ids) as selection:
            self._select(selection)
            yield from self._format.chunks(self._records(selection.ids()), self._shape)

    def _records(self, ids: Iterable[str]) -> Iterator[Record]:
        return records(ids, self._articles, self._mentions)

    def _select(self, selection: Selection) -> Changes | None:
        request, changes = self.request, None
        if request.gold:
            selection.keep(corrected_by_people, self._records(selection.ids()))
        if request.since_export:
            now = (as_row(record) for record in self._records(selection.ids()))
            changes = selection.compare(rows_of(request.since_export), now)
        if request.sample or request.split:
            selection.note(self._records(selection.ids()), request.stratify)
        if request.sample:
            selection.sample(request.sample)
        if request.split:
            selection.split(request.split)
        return changes

    def _write(
        self,
        selection: Selection,
        out: Path,
        tally: Tally,
        written: Callable[[], None],
        origins: Origins,
    ) -> tuple[Path, ...]:
        """Write all files of an export, or none; return them with their descriptions."""

        def passing(part: str) -> Iterator[Record]:
            expected = selection.count(part)
            for record in tally.passing(self._records(selection.ids(part)), part):
                yield record
                expected -= 1
                written()
            if expected:
                raise StoreError(
                    f"{expected} articles went out of the store during the export; nothing is "
                    "written. Run it again."
                )

        shape = replace(self._shape, total=selection.count())
        if self._is_single_text():
            return self._write_text(passing(""), out, shape, tally, origins)
        with complete(out) as part:
            if self.request.split:
                self._write_parts(selection, part, passing)
            else:
                _write_one(self._format, passing(""), part, shape)
            if part.is_dir():
                facts = self._facts(part, out.name, tally, origins)
                write_descriptions(facts, part)
        if out.is_dir():
            return tuple(sorted(path for path in out.rglob("*") if path.is_file()))
        return (out, *self._describe_single(out, tally, origins))

    def _is_single_text(self) -> bool:
        return isinstance(self._format, TextFormat) and not self.request.split

    def _write_text(
        self, found: Iterable[Record], out: Path, shape: Shape, tally: Tally, origins: Origins
    ) -> tuple[Path, ...]:
        assert isinstance(self._format, TextFormat)  # noqa: S101 - tells the type checker
        with whole_file(out) as file:
            for chunk in self._format.chunks(found, shape):
                file.write(chunk)
        return (out, *self._describe_single(out, tally, origins))

    def _write_parts(
        self, selection: Selection, folder: Path, passing: Callable[[str], Iterator[Record]]
    ) -> None:
        folder.mkdir()
        for part in PARTS:
            shape = replace(self._shape, part=part, total=selection.count(part))
            inside = (
                folder
                if self.chosen.holds is Holds.FOLDER
                else _part_file(folder, part, self.chosen)
            )
            _write_one(self._format, passing(part), inside, shape)

    def _describe_single(self, out: Path, tally: Tally, origins: Origins) -> tuple[Path, ...]:
        if not self.request.describe:
            return ()
        facts = self._facts(out, out.name, tally, origins)
        with ExitStack() as stack:
            folder = stack.enter_context(complete(out.with_name(f".{out.name}.description")))
            folder.mkdir()
            names = [path.name for path in write_descriptions(facts, folder, f"{out.name}.")]
            for name in names:
                (folder / name).replace(out.with_name(name))
        out.with_name(f".{out.name}.description").rmdir()
        return tuple(out.with_name(name) for name in names)

    def _facts(self, path: Path, name: str, tally: Tally, origins: Origins) -> Facts:
        """Gather what descriptions say of an export: its files, columns, counts and origins."""
        files: tuple[DataFile, ...]
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file())
            files = tuple(
                data_file(each, each.relative_to(path).as_posix(), _part_of(each.name))
                for each in found
            )
        else:
            files = (data_file(path, name),)
        return Facts(
            name=_slug(name),
            title=origins.title,
            format=self.chosen.name,
            media_type=self.chosen.media_type,
            files=files,
            columns=self._columns(),
            tally=tally,
            asked=origins.asked or {},
            moment=origins.moment,
            version=origins.version,
            store=origins.store,
            text=self.request.text or self.chosen.name in {"jsonl", "csv"},
        )

    def _columns(self) -> tuple[str, ...]:
        if self.chosen.name == "csv":
            from export.formats.csv import COLUMNS

            return chosen_columns(self.request.columns, COLUMNS)
        if self.chosen.name == "jsonl":
            return chosen_columns(self.request.columns, NAMES)
        if self.chosen.columns:
            return dataset_columns(self.request.columns, text=self.request.text)
        return ()


def corrected_by_people(record: Record) -> bool:
    """Say whether a person corrected or confirmed tags of an article."""
    return bool(
        record.provenance.topics
        or record.provenance.reviewed
        or any(topic.origin is Origin.PERSON for topic in record.tagged.topics)
    )


def _write_one(
    chosen: Format | TextFormat, found: Iterable[Record], out: Path, shape: Shape
) -> None:
    if isinstance(chosen, TextFormat):
        with out.open("w", encoding="utf-8", newline="") as file:
            for chunk in chosen.chunks(found, shape):
                file.write(chunk)
    else:
        chosen.write(found, out, shape)


def _part_file(folder: Path, part: str, chosen: FormatEntry) -> Path:
    return folder / f"{part}{chosen.suffix}"


def _part_of(name: str) -> str:
    """Return the split that a file holds; the files of Hugging Face always name one."""
    return next((part for part in PARTS if name.startswith(part)), "")


def _write_changes(selection: Selection, out: Path) -> Path:
    """Write what is different, one article a line, beside the export."""
    import json

    path = out.with_name(f"{out.name}.changes.jsonl")
    with whole_file(path) as file:
        for article_id, change in selection.changes():
            file.write(json.dumps({"id": article_id, "change": change}) + "\n")
    return path


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.") or "export"
