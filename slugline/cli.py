"""The command line: `slugline COMMAND`, one module a command or family under `commands/`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from models.errors import QueryError, SluglineError, UsageError
from models.wording import why_refused
from search.query.excerpt import around_fault
from slugline.commands.articles import articles, retention
from slugline.commands.backup import backup, restore
from slugline.commands.briefing import briefing
from slugline.commands.clusters import clusters
from slugline.commands.compare import compare
from slugline.commands.demo import demo
from slugline.commands.doctor import doctor
from slugline.commands.duplicates import duplicates
from slugline.commands.entities import entities
from slugline.commands.export import export
from slugline.commands.feeds.group import feeds
from slugline.commands.import_labels import import_labels
from slugline.commands.jobs import jobs
from slugline.commands.people.alerts import alerts
from slugline.commands.people.changes import changes
from slugline.commands.people.lists import lists
from slugline.commands.people.rules import rules
from slugline.commands.people.saved import saved
from slugline.commands.people.users import users
from slugline.commands.search import search
from slugline.commands.serve import serve
from slugline.commands.stages import index, ingest, run, tag
from slugline.commands.stats import stats
from slugline.commands.store import store
from slugline.commands.stories import stories
from slugline.commands.topics import topics
from slugline.commands.trends import trends
from slugline.commands.watch import watch
from slugline.context import Context, global_options, tell

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class OrderedGroup(click.Group):
    """A group that lists its commands in the order of the day's work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names as they were added."""
        return list(self.commands)


@click.group(cls=OrderedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="slugline")
@global_options
@click.pass_context
def slugline(
    context: click.Context,
    home: Path | None,
    config: Path | None,
    verbose: int,
    quiet: bool,
    log_format: str | None,
) -> None:
    """Slugline ingests news, tags it with entities and topics, and makes it searchable.

    \b
    Begin with:
      slugline demo                      a bundled sample, tagged, searchable, served
      slugline run news.zip              your own archive: ingest, tag and index
      slugline search 'taiwan summit'    find articles
      slugline serve                     the same in a browser

    All data is in one directory, the home: --home, SLUGLINE_HOME, or your user data directory.
    """  # noqa: D301 - \b is the character by which click keeps lines apart
    context.obj = Context(home, config, verbose, quiet, log_format=log_format or "text")


for command in (
    *(demo, run, ingest, tag, index),
    *(search, serve, watch, export, import_labels),
    *(stories, briefing, topics, clusters, trends, compare, entities, duplicates),
    *(feeds, stats, doctor),
    *(users, changes, saved, jobs, articles, retention, backup, restore, store),
    *(alerts, lists, rules),
):
    slugline.add_command(command)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage."""
    try:
        status = slugline(standalone_mode=False)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.Abort:
        tell("Interrupted. Run the same command again to continue.", logging.WARNING)
        status = EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except UsageError as error:
        tell(_format_usage_error(error), logging.ERROR)
        status = EXIT_USAGE
    except SluglineError as error:
        tell(f"Error: {error}", logging.ERROR)
        status = EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = EXIT_FAILED
    except OSError as error:
        tell(f"Error: {_format_os_error(error)}", logging.ERROR)
        status = EXIT_FAILED
    except MemoryError:
        tell("Error: There is not enough memory for this.", logging.ERROR)
        status = EXIT_FAILED
    sys.exit(status if isinstance(status, int) else 0)


def _format_os_error(error: OSError) -> str:
    """Say what the system refused, and of which file; its own words are for people."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{why_refused(error)}."


def _format_usage_error(error: UsageError) -> str:
    lines = [f"Error: {error}"]
    if isinstance(error, QueryError):
        if error.query and error.position is not None:
            lines += _point_at_fault(error.query, error.position)
        if error.suggestion:
            lines.append(f"Did you mean: {error.suggestion}")
    return "\n".join(lines)


def _point_at_fault(query: str, position: int) -> list[str]:
    """Return the query around a fault, and a line that points at it."""
    before, at, after = around_fault(query, position)
    shown = "".join(c if c.isprintable() else " " for c in before + at + after)
    return [f"  {shown}", f"  {' ' * len(before)}^"]
