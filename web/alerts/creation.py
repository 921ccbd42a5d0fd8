"""Creates an alert from a form or an API request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from models.alerts import Alert, NewAlert, Watched
from web.alerts.names import read_names
from web.context import app_context


def add_alert(wanted: NewAlert, names: Iterable[str], who: str) -> Alert:
    """Keep an alert for whoever asks; `names` are the lines of a CSV.

    Raises UsageError, NotFoundError for what it is to watch.
    """
    here = app_context()
    store = here.library.store
    if wanted.watches is Watched.STORY:
        story = store.stories.get(wanted.subject)
        wanted = replace(wanted, subject=story.id, name=wanted.name or story.name[:100])
    elif wanted.watches is Watched.NAMES:
        wanted = replace(wanted, names=read_names(names), name=wanted.name or "Names")
    hour = here.settings.daily_hour
    return store.alerts.add(who, wanted, who=who, now=datetime.now(UTC), hour=hour)
