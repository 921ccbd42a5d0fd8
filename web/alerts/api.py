"""Alerts: added, listed, tested, paused and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct, field

from export.record import iso
from models.accounts import Role
from models.alerts import Alert, Channel, Delivery, NewAlert, Pace, State, Watched
from web.accounts.access import needs, visitor
from web.alerts.creation import add_alert
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("alerts", __name__)


class WantedAlert(Struct, forbid_unknown_fields=True):
    """An alert to add.

    What it `watches`: search (`saved`, the number of a saved search), names (`names`), story
    (`subject`, its id) or source (`subject`, the publisher's name: silent, or in a flood).
    `target` is a mail address, or the address of a webhook or an ntfy topic, which may need a
    `token`.
    """

    watches: Watched
    channel: Channel
    target: Annotated[str, Meta(min_length=1, max_length=2000)]
    pace: Pace = Pace.AT_ONCE
    name: Annotated[str, Meta(max_length=100)] = ""
    saved: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    subject: Annotated[str, Meta(max_length=300)] = ""
    names: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=100_000)] = field(
        default_factory=list
    )
    token: Annotated[str, Meta(max_length=500)] = ""


class AlertDelivery(Struct):
    """A message: `id` is sent with it at every attempt (webhook-id, Message-ID)."""

    id: str
    state: State
    made: Time
    attempts: int
    test: bool
    error: str
    next_try: Time | None
    finished: Time | None


class AlertAnswer(Struct):
    """An alert, with its newest messages; `secret` signs webhooks (Standard Webhooks)."""

    number: int
    name: str
    watches: Watched
    saved: int | None
    subject: str
    names: int
    channel: Channel
    target: str
    pace: Pace
    paused: bool
    made: Time
    next_send: Time | None
    trouble: str
    secret: str | None
    deliveries: list[AlertDelivery]


class AlertList(Struct):
    """Your alerts."""

    total: int
    items: list[AlertAnswer]


class AlertChange(Struct, forbid_unknown_fields=True):
    """Whether an alert is paused; what comes meanwhile is not told later."""

    paused: bool


@views.get("/alerts")
@needs(Role.READER)
@spec.validate(resp=answers(AlertList), tags=["alerts"], operation_id="listAlerts")
def alerts(query: Nothing) -> AlertList:  # noqa: ARG001 - read by spectree
    """List your alerts."""
    found = [_alert(each) for each in library().store.alerts.of_user(visitor().name)]
    return AlertList(len(found), found)


@views.post("/alerts")
@needs(Role.EDITOR)
@spec.validate(resp=answers(AlertAnswer, 400, 404), tags=["alerts"], operation_id="addAlert")
def add(query: Nothing, json: WantedAlert) -> AlertAnswer:  # noqa: ARG001 - read by spectree
    """Add an alert of what comes from now on."""
    wanted = NewAlert(
        name=json.name,
        watches=json.watches,
        channel=json.channel,
        target=json.target,
        pace=json.pace,
        saved=json.saved,
        subject=json.subject,
        secret=json.token,
    )
    quoted = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in json.names)
    return _alert(add_alert(wanted, quoted, visitor().name))


@views.patch("/alerts/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(AlertAnswer, 404), tags=["alerts"], operation_id="changeAlert")
def change(number: int, query: Nothing, json: AlertChange) -> AlertAnswer:  # noqa: ARG001 - read by spectree
    """Pause an alert, or let it go on."""
    who = visitor().name
    return _alert(library().store.alerts.pause(number, who, paused=json.paused, who=who))


@views.post("/alerts/<int:number>/test")
@needs(Role.EDITOR)
@spec.validate(resp=answers(AlertDelivery, 404), tags=["alerts"], operation_id="testAlert")
def test(number: int, query: Nothing) -> AlertDelivery:  # noqa: ARG001 - read by spectree
    """Put a test message on the queue; it goes out with the next round of alerts."""
    here = library().store.alerts
    made = here.queue.add_test(here.get(number, visitor().name).number, datetime.now(UTC))
    return _delivery(here.queue.get(made))


@views.delete("/alerts/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(AlertAnswer, 404), tags=["alerts"], operation_id="removeAlert")
def remove(number: int, query: Nothing) -> AlertAnswer:  # noqa: ARG001 - read by spectree
    """Remove an alert, with what it still had to tell."""
    return _alert(library().store.alerts.remove(number, visitor().name, who=visitor().name))


def _alert(alert: Alert) -> AlertAnswer:
    newest = library().store.alerts.queue.of_alert(alert.number)
    return AlertAnswer(
        number=alert.number,
        name=alert.name,
        watches=alert.watches,
        saved=alert.saved,
        subject=alert.subject,
        names=alert.names,
        channel=alert.channel,
        target=alert.target,
        pace=alert.pace,
        paused=alert.paused,
        made=iso(alert.made) or "",
        next_send=iso(alert.next_send),
        trouble=alert.trouble,
        secret=alert.secret if alert.channel is Channel.WEBHOOK else None,
        deliveries=[_delivery(each) for each in newest],
    )


def _delivery(delivery: Delivery) -> AlertDelivery:
    return AlertDelivery(
        id=delivery.key,
        state=delivery.state,
        made=iso(delivery.made) or "",
        attempts=delivery.attempts,
        test=delivery.test,
        error=delivery.error,
        next_try=iso(delivery.next_try),
        finished=iso(delivery.finished),
    )
