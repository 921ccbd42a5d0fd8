"""The context that every command works at: settings in force, opened parts, and where words go.

What a command reports goes to stdout (as text, or as one JSON object with `--json`); progress,
warnings and errors go to stderr.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slugline.settings import Settings, read_settings
from slugline.terminal import printable, printable_json

if TYPE_CHECKING:
    from search.engine import Engine
    from slugline.progress import Bar
    from store.store import Store


@dataclasses.dataclass(slots=True)
class Context:
    """What the global options say; `settings` are read when first asked for."""

    home: Path | None = None
    config: Path | None = None
    verbose: bool = False
    quiet: bool = False
    json: bool = False
    _settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.settings_with({})

    def settings_with(self, flags: Mapping[str, Any]) -> Settings:
        """The settings in force, with this command's flags on top."""
        if self._settings is None or flags:
            self._settings = read_settings(self.home, self.config, flags=flags)
        return self._settings

    def forget_settings(self) -> None:
        """Read the settings anew when next asked for, since their file has changed."""
        self._settings = None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store for the length of a block."""
        from slugline.factory import open_store

        with open_store(self.settings) as store:
            yield store

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Open the search engine for the length of a block."""
        from slugline.factory import open_search_engine

        engine = open_search_engine(self.settings)
        try:
            yield engine
        finally:
            engine.close()

    def report(self, facts: Mapping[str, Any], text: str) -> None:
        """Give the command's result: facts as JSON where asked for, else text."""
        if self.json:
            click.echo(printable_json(json.dumps(facts, ensure_ascii=False, default=_plain)))
        elif not self.quiet:
            click.echo(printable(text))

    def say(self, text: str) -> None:
        """Tell the person what is going on, on stderr."""
        if not self.quiet:
            click.echo(printable(text), err=True)

    def warn(self, text: str) -> None:
        """Tell the person what went wrong, on stderr, even where all else is quiet."""
        click.echo(printable(text), err=True)

    @contextmanager
    def progress(self, title: str, total: int | None) -> Iterator[Bar]:
        """Show how far long work is, on stderr, where a person is looking."""
        from slugline.progress import bar

        with bar(title, total, shown=sys.stderr.isatty() and not self.quiet) as advance:
            yield advance


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


_GLOBAL = (
    click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data directory. [env: SLUGLINE_HOME]",
    ),
    click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="A settings file in place of slugline.toml in the home.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Say more on stderr."),
    click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong."),
)
_JSON = click.option("--json", "json", is_flag=True, help="Report one JSON object on stdout.")


def global_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command takes."""
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_GLOBAL), function)


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a command of a function that takes the context first, with the options all share.

    Global options may stand before the command's name or behind it.
    """

    @functools.wraps(function)
    def wrapper(
        home: Path | None, config: Path | None, verbose: bool, quiet: bool, json: bool, **rest: Any
    ) -> Any:
        context: Context = click.get_current_context().ensure_object(Context)
        context.home = home or context.home
        context.config = config or context.config
        context.verbose |= verbose
        context.quiet |= quiet
        context.json |= json
        return function(context, **rest)

    return _JSON(global_options(wrapper))
