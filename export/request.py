"""The options of an export, parsed once for command line, API and page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from export.format import FormatEntry
from export.nearest import nearest
from models.errors import UsageError

SPLITS = ("time", "hash")
STRATA = ("topic", "source", "language")
PARTITIONS = ("month",)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """How a selection of articles is to leave; what is selected are its query and filters.

    `columns` (empty: all) and `text` say what of each article; `split` "time" or "hash" cuts the
    articles into train, validation and test; `sample` keeps that many (0: all), in proportion to
    the values of `stratify`; `gold` keeps what people corrected; `since_export` is an earlier
    export, of which only what changed is written; `partition` "month" writes a file a month;
    `describe` writes what describes the data beside a single file (a directory always has it).
    """

    columns: tuple[str, ...] = ()
    text: bool = False
    split: str = ""
    sample: int = 0
    stratify: str = ""
    gold: bool = False
    since_export: Path | None = None
    partition: str = ""
    describe: bool = False


def column_names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas, as in `--columns id,title`."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def checked(request: ExportRequest, chosen: FormatEntry) -> ExportRequest:
    """Return the request if the format can do what it asks; raises UsageError that says what not.

    Unknown names are answered with the nearest that there is.
    """
    _known("split", request.split, SPLITS)
    _known("stratum", request.stratify, STRATA)
    _known("partition", request.partition, PARTITIONS)
    if request.sample < 0:
        raise UsageError("A sample has 1 article or more.")
    if request.stratify and not request.sample:
        raise UsageError("Strata are for samples; say how many articles the sample has.")
    if request.partition and not chosen.partitions:
        raise UsageError(f"Only Parquet is partitioned; {chosen.name} is not.")
    if request.partition and request.split:
        raise UsageError("An export can be partitioned or split, not both; choose one.")
    chosen.chosen_columns(request.columns, text=request.text, notes=True)
    return request


def _known(what: str, value: str, values: Iterable[str]) -> None:
    if value and value not in values:
        raise UsageError(
            f"There is no {what} {value!r}; there are {', '.join(values)}.{nearest(value, values)}"
        )
