"""Progress bars on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from slugline.terminal import printable


class ProgressBar(Protocol):
    """Called as work goes on."""

    def __call__(self, steps: int = 1, note: str = "") -> None:
        """Move on by `steps`; `note` is shown beside the bar."""


def no_bar(steps: int = 1, note: str = "") -> None:
    """Show nothing, where no person is looking or there is little to do."""


@contextmanager
def progress_bar(title: str, total: int | None, *, shown: bool) -> Iterator[ProgressBar]:
    """Show a bar for the length of a block; None as total shows that something moves."""
    if not shown:
        yield no_bar
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[note]}", style="dim"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total, note="")

        def advance(steps: int = 1, note: str = "") -> None:
            progress.update(task, advance=steps, note=escape(printable(note)))

        yield advance
