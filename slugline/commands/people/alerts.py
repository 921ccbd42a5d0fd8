"""`slugline alerts`: watch searches, stories, names and sources, with messages sent."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.alerts import Channel, NewAlert, Pace, State, Watched
from models.errors import UsageError
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.alerts import Alert, Delivery


@click.group()
def alerts() -> None:
    """Tell users what has come of what they watch, by mail, webhook or ntfy."""


@alerts.command(name="list")
@command
def list_(context: Context) -> None:
    """List the alerts of all users, and how their last message went."""
    with context.store() as store:
        found = [(each, store.alerts.queue.of_alert(each.number, 1)) for each in store.alerts.all()]
    facts = [
        _facts(alert) | {"last": _delivery(last[0]) if last else None} for alert, last in found
    ]
    lines = [
        f"{alert.number:>5}  {alert.owner}: {alert.name} ({_watched(alert)}; "
        f"{alert.pace.value.replace('_', '-')} by {alert.channel} to {alert.target})"
        f"{_state(alert, last)}"
        for alert, last in found
    ]
    context.report({"alerts": facts}, "\n".join(lines) or "No alerts.")


@alerts.command()
@click.argument("user")
@click.option("--saved", type=int, help="Watch the saved search of this number.")
@click.option(
    "--names", type=click.Path(dir_okay=False, path_type=Path), help="Watch a CSV of names."
)
@click.option("--story", help="Watch the story of this id.")
@click.option("--source", help="Watch this publisher: silent, or in a flood.")
@click.option("--mail", help="Send mail to this address.")
@click.option("--webhook", help="Post signed JSON to this address.")
@click.option("--ntfy", help="Publish to this ntfy topic, such as https://ntfy.sh/my-topic.")
@click.option("--token", default="", help="The access token of the ntfy topic.")
@click.option("--name", default="", help="What the alert is called.")
@click.option(
    "--pace",
    type=click.Choice(["at-once", "hourly", "daily"]),
    default="at-once",
    help="How often it may speak.  [at-once]",
)
@command
def add(
    context: Context,
    user: str,
    saved: int | None,
    names: Path | None,
    story: str | None,
    source: str | None,
    mail: str | None,
    webhook: str | None,
    ntfy: str | None,
    token: str,
    name: str,
    pace: str,
) -> None:
    """Add an alert for USER: one thing to watch, one address to send to."""
    subjects = {
        Watched.SEARCH: saved,
        Watched.NAMES: names,
        Watched.STORY: story,
        Watched.SOURCE: source,
    }
    channels = {Channel.MAIL: mail, Channel.WEBHOOK: webhook, Channel.NTFY: ntfy}
    watches = _one(subjects, "Say what to watch: one of --saved, --names, --story, --source.")
    channel = _one(channels, "Say where to send to: one of --mail, --webhook, --ntfy.")
    with ExitStack() as stack, context.store() as store:
        wanted = NewAlert(
            name=name or (names.stem[:100] if names else ""),
            watches=watches,
            channel=channel,
            target=channels[channel] or "",
            pace=Pace(pace.replace("-", "_")),
            saved=saved,
            subject=store.stories.get(story).id if story else source or "",
            names=_names(names, stack) if names else None,
            secret=token,
        )
        if story and not name:
            from dataclasses import replace

            wanted = replace(wanted, name=store.stories.get(story).name[:100])
        made = store.alerts.add(
            user,
            wanted,
            who=whoami(),
            now=datetime.now(UTC),
            hour=context.settings.alerts.daily_hour,
        )
    text = f"Alert {made.number} tells {made.owner} of {_watched(made)}, by {made.channel}."
    if made.channel is Channel.WEBHOOK:
        text += f"\nIts signing secret: {made.secret}"
    context.report(_facts(made) | {"secret": made.secret or None}, text)


@alerts.command()
@click.argument("number", type=int)
@command
def remove(context: Context, number: int) -> None:
    """Remove the alert NUMBER, with what it still had to tell."""
    with context.store() as store:
        gone = store.alerts.remove(number, store.alerts.get(number).owner, who=whoami())
    context.report({"number": gone.number, "name": gone.name}, f"Removed {gone.name}.")


@alerts.command()
@click.argument("number", type=int)
@click.option("--resume", is_flag=True, help="Let it go on.")
@command
def pause(context: Context, number: int, resume: bool) -> None:
    """Stop the alert NUMBER for a while. What comes meanwhile is not told later."""
    with context.store() as store:
        owner = store.alerts.get(number).owner
        here = store.alerts.pause(number, owner, paused=not resume, who=whoami())
    context.report(_facts(here), f"{here.name} is {'paused' if here.paused else 'on'}.")


@alerts.command()
@click.argument("number", type=int)
@command
def test(context: Context, number: int) -> None:
    """Send a test message of the alert NUMBER now, and say how that went."""
    from slugline.alerts.send import Dispatcher

    with context.store() as store:
        alert = store.alerts.get(number)
        done = Dispatcher(store, context.settings.alerts).test(alert.number)
    sent = done.state is State.SENT
    text = f"The test was taken by {done.target}." if sent else f"Not sent: {done.error}"
    context.report(_delivery(done), text)
    if not sent:
        raise click.exceptions.Exit(1)


@alerts.command()
@command
def run(context: Context) -> None:
    """Send now what alerts have to tell (for cron; `slugline watch` does it each round)."""
    from slugline.alerts.send import Dispatcher

    with context.store() as store:
        done = Dispatcher(store, context.settings.alerts).run()
        waiting = store.alerts.queue.waiting()
    facts = {"sent": done[State.SENT], "failed": done[State.FAILED], "waiting": waiting}
    context.report(facts, "{sent} sent, {failed} given up, {waiting} waiting.".format(**facts))


def _one(options: dict[Any, Any], usage: str) -> Any:
    given = [kind for kind, value in options.items() if value is not None]
    if len(given) != 1:
        raise UsageError(usage)
    return given[0]


def _names(path: Path, stack: ExitStack) -> Any:
    from web.alerts.names import read_names

    try:
        return read_names(stack.enter_context(path.open(encoding="utf-8-sig", newline="")))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error


def _watched(alert: Alert) -> str:
    match alert.watches:
        case Watched.SEARCH:
            return f"saved search {alert.saved}"
        case Watched.NAMES:
            return f"{alert.names:,} names"
        case Watched.STORY:
            return f"story {alert.subject}"
        case Watched.SOURCE:
            return f"source {alert.subject}"


def _state(alert: Alert, last: tuple[Delivery, ...]) -> str:
    said = "; paused" if alert.paused else ""
    said += f"; can't be asked: {alert.trouble}" if alert.trouble else ""
    if last:
        said += f"; last message {last[0].state}"
        said += f": {last[0].error}" if last[0].error else ""
    return said


def _facts(alert: Alert) -> dict[str, Any]:
    return {
        "number": alert.number,
        "owner": alert.owner,
        "name": alert.name,
        "watches": alert.watches,
        "saved": alert.saved,
        "subject": alert.subject,
        "names": alert.names,
        "channel": alert.channel,
        "target": alert.target,
        "pace": alert.pace,
        "paused": alert.paused,
        "made": alert.made,
        "next_send": alert.next_send,
        "trouble": alert.trouble,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.key,
        "state": delivery.state,
        "made": delivery.made,
        "attempts": delivery.attempts,
        "test": delivery.test,
        "error": delivery.error,
        "next_try": delivery.next_try,
        "finished": delivery.finished,
    }
