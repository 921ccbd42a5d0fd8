"""What every export format promises; `tests/export/test_formats.py` runs it on all there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from export.destinations import download, to_path
from export.format import FormatEntry
from export.record import Record
from export.write_options import WriteOptions
from models.errors import SluglineError, UsageError
from store.store import Store
from tests.export.conftest import Exporter, opened


def files_of(out: Path) -> dict[str, bytes]:
    """Return all files of an export by their path within it."""
    if out.is_file():
        return {"": out.read_bytes()}
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


class FormatContract:
    """Subclass with a fixture `chosen` that gives the format."""

    def test_the_count_shown_before_is_the_count_delivered(
        self,
        chosen: FormatEntry,
        filled: Store,
        ids: list[str],
        options: WriteOptions,
        tmp_path: Path,
    ) -> None:
        shown: list[int] = []
        counted: list[None] = []

        def starts(total: int) -> Callable[[], None]:
            shown.append(total)
            return lambda: counted.append(None)

        out = tmp_path / f"out{chosen.suffix}"
        done = to_path(opened(chosen.name, filled, options), ids, out, starts)
        assert shown == [len(ids)] == [len(counted)] == [done.articles]
        assert all(file.stat().st_size for file in done.files)
        assert out.exists()

    def test_the_same_records_give_the_same_bytes(
        self, chosen: FormatEntry, export: Exporter, tmp_path: Path
    ) -> None:
        one, two = tmp_path / "one/out", tmp_path / "two/out"
        for out in (one, two):
            out.parent.mkdir()
            export(chosen.name, out, text=True)
        assert files_of(one) == files_of(two)

    def test_nothing_at_all_is_a_valid_export(
        self, chosen: FormatEntry, export: Exporter, tmp_path: Path
    ) -> None:
        assert export(chosen.name, tmp_path / "empty", []).articles == 0
        assert (tmp_path / "empty").exists()

    def test_an_export_that_fails_leaves_what_was_there(
        self, chosen: FormatEntry, export: Exporter, ids: list[str], tmp_path: Path
    ) -> None:
        """An article that has gone meanwhile is one way to fail halfway."""
        folder = tmp_path / "folder"
        folder.mkdir()
        out = folder / "out"
        export(chosen.name, out)
        before = files_of(out)
        with pytest.raises(SluglineError, match="went out of the store"):
            export(chosen.name, out, [*ids, "f" * 20])
        assert files_of(out) == before
        assert list(folder.iterdir()) == [out]

    def test_records_are_read_while_they_are_written(
        self,
        chosen: FormatEntry,
        written_records: list[Record],
        tmp_path: Path,
        options: WriteOptions,
    ) -> None:
        def failing() -> Iterator[Record]:
            yield written_records[0]
            raise RuntimeError("the reader went away")

        def write() -> None:
            for _, pieces in chosen.open().files(failing(), whole):
                deque(pieces, maxlen=0)

        scratch = tmp_path / "scratch"
        scratch.mkdir()
        whole = replace(options, columns=chosen.columns, scratch=scratch)
        with pytest.raises(RuntimeError):
            write()
        assert list(scratch.iterdir()) == []

    def test_a_download_holds_the_files_that_a_path_would(
        self,
        chosen: FormatEntry,
        filled: Store,
        ids: list[str],
        options: WriteOptions,
        export: Exporter,
        tmp_path: Path,
    ) -> None:
        out = tmp_path / f"news{chosen.suffix if not chosen.folder else ''}"
        export(chosen.name, out)
        with opened(chosen.name, filled, options).select(ids) as delivery:
            sent = download(delivery, "news")
            data = b"".join(sent.blocks)
        if chosen.folder:
            assert sent.name == "news.zip"
            with ZipFile(BytesIO(data)) as archive:
                assert archive.testzip() is None
                found = {
                    name.removeprefix("news/"): archive.read(name) for name in archive.namelist()
                }
            assert found == files_of(out)
        else:
            assert (sent.name, data) == (out.name, out.read_bytes())

    def test_texts_leave_only_where_they_are_asked_for(
        self, chosen: FormatEntry, export: Exporter, tmp_path: Path
    ) -> None:
        export(chosen.name, tmp_path / "out", text=False)
        held = b"".join(files_of(tmp_path / "out").values())
        contract = chosen.name in {"jsonl", "csv"}  # their columns hold the summary, see docs
        assert (b"Line one" in held) == contract

    def test_it_is_written_only_where_the_directory_is(
        self, chosen: FormatEntry, export: Exporter, tmp_path: Path
    ) -> None:
        with pytest.raises(UsageError, match="is not a directory"):
            export(chosen.name, tmp_path / "nowhere/out")
        assert list(tmp_path.glob("nowhere")) == []
