"""The context of every command: settings, the opened store and engine, and output.

What a command reports goes to stdout (as text, or as one JSON object with `--json`); progress,
warnings and errors go to stderr.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.errors import StoreError
from slugline import logs
from slugline.settings import Settings, read_settings
from slugline.terminal import printable, printable_json

if TYPE_CHECKING:
    from search.engine import Engine
    from slugline.progress import ProgressBar
    from store.store import Store


MAKE_A_HOME = frozenset(
    ("demo", "ingest", "run", "watch", "feeds", "users", "restore", "import-labels", "topics")
)
"""Commands that create the home if it does not exist."""


@dataclasses.dataclass(slots=True)
class Context:
    """What the global options say; `settings` are read when first asked for."""

    home: Path | None = None
    config: Path | None = None
    verbose: int = 0
    quiet: bool = False
    json: bool = False
    log_format: str = "text"
    _flags: dict[str, Any] = dataclasses.field(default_factory=dict)
    _settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        if self._settings is None:
            self._settings = read_settings(self.home, self.config, flags=self._flags)
        return self._settings

    def override(self, flags: Mapping[str, Any]) -> None:
        """Put this command's flags (`section.name` to value, None: not given) over the settings."""
        self._flags |= flags
        self.forget_settings()

    def forget_settings(self) -> None:
        """Read the settings anew when next asked for, since their file has changed."""
        self._settings = None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store for the length of a block."""
        from slugline.factory import open_store
        from slugline.home import open_home

        self._check_home()
        if tightened := open_home(self.settings.home):
            self.say(tightened)
        with open_store(self.settings) as store:
            yield store

    def _check_home(self) -> None:
        """Refuse a named home that does not exist, unless the command creates homes."""
        home = self.settings.home
        here = click.get_current_context()
        while here.parent and here.parent.parent:
            here = here.parent
        makes = here.info_name in MAKE_A_HOME
        if makes or home.exists() or not (self.home or "SLUGLINE_HOME" in os.environ):
            return
        if self.settings.store.url:
            return  # the articles lie elsewhere; this home only has to hold an index of them
        raise StoreError(
            f"There is no home at {home}. Is its name right? `slugline run` makes one."
        )

    @contextmanager
    def engine(self, *, repair: bool = True) -> Iterator[Engine]:
        """Open the search engine for the length of a block.

        With `repair`, an index that is damaged or of another version is first rebuilt from the
        store.
        """
        from slugline.factory import open_search_engine

        engine = open_search_engine(self.settings)
        try:
            if repair:
                self._repair(engine)
            yield engine
        finally:
            engine.close()

    def _repair(self, engine: Engine) -> None:
        from models.errors import DamagedIndexError
        from slugline.jobs import pipeline

        try:
            engine.count()
        except DamagedIndexError:
            self.say(f"The {engine.name} index is damaged or of another version; rebuilding it.")
            with self.store() as store, self.progress("index", store.articles.count()) as bar:
                pipeline.index(store, engine, rebuild=True, bar=bar)

    def say_if_behind(self, store: Store, engine: Engine) -> None:
        """Tell the user if the index lags behind the store, and what to do about it."""
        reader, waiting = store.changes.reader(), store.changes.count()
        if reader not in {"", engine.name}:
            self.warn(
                f"The {engine.name} index is out of date: changes went to the {reader} index."
                " Fill it with: slugline index"
            )
        elif waiting:
            self.say(
                f"{waiting:,} articles wait to be indexed; `slugline index` makes them findable."
            )

    def update_index(self, store: Store) -> None:
        """Index what a command changed in the store."""
        from slugline.jobs import pipeline

        with self.engine() as engine:
            pipeline.catch_up(store, engine)

    def report(self, facts: Mapping[str, Any], text: str) -> None:
        """Print the command's result to stdout: `facts` with --json, else `text`."""
        if self.json:
            click.echo(printable_json(json.dumps(facts, ensure_ascii=False, default=_plain)))
        elif not self.quiet:
            click.echo(printable(text))

    def say(self, text: str) -> None:
        """Print a message to stderr, unless --quiet."""
        if not self.quiet:
            tell(text, logging.INFO)

    def warn(self, text: str) -> None:
        """Print a warning to stderr, even with --quiet."""
        tell(text, logging.WARNING)

    def start_logging(self, *, service: bool = False) -> None:
        """Log to stderr at the level of the global options; a service logs more by default."""
        level = logs.level_of(verbose=self.verbose, quiet=self.quiet, service=service)
        logs.configure(level=level, form=self.log_format)

    @contextmanager
    def progress(self, title: str, total: int | None) -> Iterator[ProgressBar]:
        """Show a progress bar on stderr, if it is a terminal."""
        from slugline.progress import progress_bar

        with progress_bar(title, total, shown=sys.stderr.isatty() and not self.quiet) as advance:
            yield advance


def tell(text: str, level: int) -> None:
    """Print a line to stderr, or log it as a JSON record with `--log-format json`."""
    if logs.in_json():
        logging.getLogger("slugline").log(level, "%s", text)
    else:
        click.echo(printable(text), err=True)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


class _Directory(click.Path):
    """A directory by its name; the empty one of an unset variable is no name for this directory."""

    def convert(self, value: Any, parameter: Any, context: Any) -> Any:
        if value == "":
            self.fail("It is empty; `.` would be this directory.", parameter, context)
        return super().convert(value, parameter, context)


_GLOBAL = (
    click.option(
        "--home",
        type=_Directory(file_okay=False, path_type=Path),
        help="The data directory. [env: SLUGLINE_HOME]",
    ),
    click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Settings file, instead of slugline.toml in the home.",
    ),
    click.option("-v", "--verbose", count=True, help="Log more on stderr; -vv logs everything."),
    click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors."),
    click.option(
        "--log-format",
        type=click.Choice(logs.FORMATS),
        envvar="SLUGLINE_LOG_FORMAT",
        help="Lines of text, or of JSON for machines, on stderr. [env: SLUGLINE_LOG_FORMAT]",
    ),
)
_JSON = click.option("--json", "json", is_flag=True, help="Print one JSON object on stdout.")


def global_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command takes."""
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_GLOBAL), function)


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a command of a function that takes the context first, with the options all share.

    Global options may stand before the command's name or behind it.
    """

    @functools.wraps(function)
    def wrapper(
        home: Path | None,
        config: Path | None,
        verbose: int,
        quiet: bool,
        log_format: str | None,
        json: bool,
        **rest: Any,
    ) -> Any:
        context: Context = click.get_current_context().ensure_object(Context)
        context.home = home or context.home
        context.config = config or context.config
        context.verbose += verbose
        context.quiet |= quiet
        context.json |= json
        context.log_format = log_format or context.log_format
        context.start_logging()
        return function(context, **rest)

    return _JSON(global_options(wrapper))
