"""`slugline watch`: keep a home fresh for as long as it runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime

import click

from slugline.context import Context, command


@click.command()
@click.option("--once", is_flag=True, help="Take what is due now and exit, as for cron.")
@command
def watch(context: Context, once: bool) -> None:
    """Check feeds as they fall due; tag and index what they bring, until stopped.

    SIGTERM and Ctrl-C end it after the work in hand; the second Ctrl-C ends it at once. Only one
    runs on a home.
    """
    from slugline.feeds.lock import only_watch
    from slugline.feeds.watch import Listener, Watch, stopped_by_signals

    began = time.monotonic()
    ears = Listener(
        news=_stamped(context.say),
        trouble=_stamped(context.warn),
        detail=_stamped(context.say) if context.verbose else lambda _text: None,
    )
    with only_watch(context.settings.home), context.store() as store:
        watching = Watch(context.settings, store, ears)
        with stopped_by_signals(watching.stop):
            feeds = len(store.feeds.subscribed())
            if not feeds:
                ears.news("No feed is subscribed to yet: `slugline feeds add URL`.")
            if once:
                watching.once()
            else:
                ears.news(f"Watching {feeds} feeds (process {os.getpid()}); Ctrl-C stops it.")
                watching.run()
                ears.news("Stopped.")
    seconds = time.monotonic() - began
    counts = watching.counts
    context.report(
        {name: counts[name] for name in COUNTS} | {"seconds": round(seconds, 3)},
        f"{counts['feeds']:,} checks of feeds: {counts['new']:,} articles new, "
        f"{counts['updated']:,} updated; {counts['tagged']:,} tagged, {counts['indexed']:,} "
        f"indexed in {seconds:.1f} s.",
    )


COUNTS = (
    *("rounds", "feeds", "new", "updated", "unchanged", "duplicates", "rejected"),
    *("grouped", "tagged", "indexed"),
)


def _stamped(say: Callable[[str], None]) -> Callable[[str], None]:
    return lambda text: say(f"{datetime.now():%H:%M:%S} {text}")
