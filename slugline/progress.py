"""Shows how far long work is, on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from slugline.terminal import printable


class Bar(Protocol):
    """Called as work goes on."""

    def __call__(self, steps: int = 1, note: str = "") -> None:
        """Move on by `steps`; `note` is shown beside the bar."""


def _unseen(steps: int = 1, note: str = "") -> None:
    """Show nothing: no person is looking."""


@contextmanager
def bar(title: str, total: int | None, *, shown: bool) -> Iterator[Bar]:
    """Show a bar for the length of a block; None as total shows that something moves."""
    if not shown:
        yield _unseen
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
