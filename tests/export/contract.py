"""What every export format promises; `tests/export/test_formats.py` runs it on all there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from export.format import Format
from export.record import Record


class FormatContract:
    """Subclass with a fixture `chosen` that gives the format."""

    def test_every_record_is_written_and_counted(
        self, chosen: Format, written_records: list[Record], tmp_path: Path
    ) -> None:
        counted: list[None] = []
        out = tmp_path / f"new folder/out{chosen.suffix}"
        files = chosen.write(written_records, out, lambda: counted.append(None))
        assert len(counted) == len(written_records)
        assert out in files
        assert all(file.stat().st_size for file in files)

    def test_the_same_records_give_the_same_bytes(
        self, chosen: Format, written_records: list[Record], tmp_path: Path
    ) -> None:
        one, two = tmp_path / "one", tmp_path / "two"
        for out in (one, two):
            chosen.write(written_records, out, lambda: None)
        assert one.read_bytes() == two.read_bytes()

    def test_nothing_at_all_is_a_valid_export(self, chosen: Format, tmp_path: Path) -> None:
        (file,) = chosen.write([], tmp_path / "empty", lambda: None)
        assert file.exists()

    def test_an_export_that_fails_leaves_the_old_file_alone(
        self, chosen: Format, written_records: list[Record], tmp_path: Path
    ) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        out = folder / "out"
        out.write_text("what was there")

        def failing() -> Iterator[Record]:
            yield written_records[0]
            raise RuntimeError("the disk is full")

        with pytest.raises(RuntimeError):
            chosen.write(failing(), out, lambda: None)
        assert out.read_text() == "what was there"
        assert list(folder.iterdir()) == [out]
