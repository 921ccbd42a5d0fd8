"""`slugline watch`: check feeds, tag and index continuously."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import closing

import click

from slugline.context import Context, command

log = logging.getLogger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="Check what is due now, then exit (for cron).")
@command
def watch(context: Context, once: bool) -> None:
    """Check feeds when they are due, and tag and index new articles, until stopped.

    SIGTERM and Ctrl-C stop it after the current batch; a second Ctrl-C stops it at once. Only one
    watch can run on a home.
    """
    from slugline.feeds.lock import only_watch
    from slugline.feeds.watch import Listener, Watch, stopped_by_signals
    from slugline.jobs.runner import JobRunner
    from slugline.jobs.work import rule_of

    context.start_logging(service=True)
    began = time.monotonic()
    listener = Listener(
        news=_logged(log.info), trouble=_logged(log.warning), detail=_logged(log.debug)
    )
    with only_watch(context.settings.home), context.store() as store:
        watching = Watch(context.settings, store, listener)
        with closing(watching), stopped_by_signals(watching.stop):
            feeds = len(store.feeds.subscribed())
            if not feeds:
                log.info("No feeds yet; add one with: slugline feeds add URL")
            if rule_of(context.settings).is_set:
                log.info("Retention is set: what it no longer keeps is removed every hour.")
            if once:
                watching.once()
            else:
                log.info("Watching %d feeds (process %d); Ctrl-C stops it.", feeds, os.getpid())
                runner = JobRunner(context.settings, store)
                runner.start()
                try:
                    watching.run()
                finally:
                    runner.stop()
                log.info("Stopped.")
    seconds = time.monotonic() - began
    counts = watching.counts
    context.report(
        {name: counts[name] for name in COUNTS} | {"seconds": round(seconds, 3)},
        f"{counts['feeds']:,} feed checks: {counts['new']:,} new articles, "
        f"{counts['updated']:,} updated; {counts['tagged']:,} tagged, {counts['indexed']:,} "
        f"indexed in {seconds:.1f} s.",
    )


COUNTS = (
    *("rounds", "feeds", "new", "updated", "unchanged", "duplicates", "rejected"),
    *("grouped", "tagged", "removed", "indexed", "alerts"),
)


def _logged(log_at: Callable[..., None]) -> Callable[[str], None]:
    return lambda text: log_at("%s", text)
