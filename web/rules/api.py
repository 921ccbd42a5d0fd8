"""Rules on arrival: previewed, made, listed with what they did, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct, field

from export.record import iso
from models.accounts import Role
from models.rules import Action, Rule, RuleHit
from search.query.fields import MAX_LENGTH
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Limit, Moment, Nothing, Values
from web.context import app_context, library
from web.rules.preview import Preview, apply_to_all, preview

views = Blueprint("rules", __name__)


class RuleQuestion(Struct, forbid_unknown_fields=True):
    """The articles that a rule is for: the filters of a search."""

    q: Annotated[str, Meta(max_length=MAX_LENGTH)] = ""
    topic: Values = field(default_factory=list)
    entity: Values = field(default_factory=list)
    source: Values = field(default_factory=list)
    lang: Values = field(default_factory=list)
    list: Values = field(default_factory=list)
    since: Moment = ""
    until: Moment = ""


class WantedRule(RuleQuestion, forbid_unknown_fields=True, kw_only=True):
    """A rule to make; `value` is the tag, or the slug of the topic.

    `everything`: it also takes what there is.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    action: Action
    value: Annotated[str, Meta(max_length=60)] = ""
    everything: bool = False


class RulePreview(Struct):
    """What a rule would have caught: how many articles, and the ids of the newest."""

    question: str
    total: int
    ids: list[str]


class RuleAnswer(Struct):
    """A rule; `hits` is how many articles it caught."""

    number: int
    owner: str
    name: str
    question: str
    action: Action
    value: str
    made: Time
    paused: bool
    hits: int
    trouble: str


class Undone(Struct):
    """On how many articles it was taken back."""

    articles: int


class RuleList(Struct):
    """All rules."""

    total: int
    items: list[RuleAnswer]


class RuleHitAnswer(Struct):
    """What a rule did to one article, and who took it back."""

    number: int
    rule: int
    article: str
    made: Time
    undone_by: str | None


class RuleHits(Struct):
    """What rules did, newest first; `next` is the `below` of those before."""

    items: list[RuleHitAnswer]
    next: int | None


class HitsQuestion(Struct, forbid_unknown_fields=True):
    """Which of the things that rules did: of one `rule`, before the number `below`."""

    rule: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    below: Annotated[int, Meta(ge=1, le=2**31)] | None = None
    limit: Limit = 50


class RuleChange(Struct, forbid_unknown_fields=True):
    """Whether a rule is paused."""

    paused: bool


@views.get("/rules")
@needs(Role.READER)
@spec.validate(resp=answers(RuleList), tags=["rules"], operation_id="listRules")
def rules(query: Nothing) -> RuleList:  # noqa: ARG001 - read by spectree
    """List all rules."""
    found = [_rule(each) for each in library().store.rules.all()]
    return RuleList(len(found), found)


@views.post("/rules/preview")
@needs(Role.EDITOR)
@spec.validate(resp=answers(RulePreview, 400), tags=["rules"], operation_id="previewRule")
def look(query: Nothing, json: RuleQuestion) -> RulePreview:  # noqa: ARG001 - read by spectree
    """Say what a rule would have caught in what there is."""
    seen = _preview(json)
    return RulePreview(seen.question, seen.total, list(seen.ids))


@views.post("/rules")
@needs(Role.EDITOR)
@spec.validate(resp=answers(RuleAnswer, 400), tags=["rules"], operation_id="addRule")
def add(query: Nothing, json: WantedRule) -> RuleAnswer:  # noqa: ARG001 - read by spectree
    """Make a rule for what comes from now on."""
    here, who = app_context(), visitor().name
    store = here.library.store
    made = store.rules.add(
        who,
        json.name,
        _preview(json).question,
        json.action,
        json.value,
        who=who,
        now=datetime.now(UTC),
        topics=set(here.library.topics),
    )
    if json.everything:
        apply_to_all(store, here.library.searcher, made)
        here.indexing.catch_up()
    return _rule(store.rules.get(made.number))


@views.patch("/rules/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(RuleAnswer, 404), tags=["rules"], operation_id="changeRule")
def change(number: int, query: Nothing, json: RuleChange) -> RuleAnswer:  # noqa: ARG001 - read by spectree
    """Pause a rule of yours, or let it go on."""
    who = visitor().name
    return _rule(library().store.rules.pause(number, who, paused=json.paused, who=who))


@views.delete("/rules/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(RuleAnswer, 404), tags=["rules"], operation_id="removeRule")
def remove(number: int, query: Nothing) -> RuleAnswer:  # noqa: ARG001 - read by spectree
    """Remove a rule of yours; what it did stays."""
    return _rule(library().store.rules.remove(number, visitor().name, who=visitor().name))


@views.get("/rules/hits")
@needs(Role.READER)
@spec.validate(resp=answers(RuleHits), tags=["rules"], operation_id="listRuleHits")
def hits(query: HitsQuestion) -> RuleHits:
    """List what rules did."""
    found = library().store.rules.hits(query.rule, query.limit, query.below)
    last = found[-1].number if len(found) == query.limit else None
    return RuleHits([_hit(each) for each in found], last)


@views.post("/rules/hits/<int:number>/undo")
@needs(Role.EDITOR)
@spec.validate(resp=answers(RuleHitAnswer, 400, 404), tags=["rules"], operation_id="undoRuleHit")
def undo(number: int, query: Nothing) -> RuleHitAnswer:  # noqa: ARG001 - read by spectree
    """Take back what a rule did to one article."""
    here = app_context()
    done = here.library.store.rules.undo(number, who=visitor().name)
    here.indexing.catch_up()
    return _hit(done)


@views.post("/rules/<int:number>/undo")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Undone, 404), tags=["rules"], operation_id="undoRule")
def undo_all(number: int, query: Nothing) -> Undone:  # noqa: ARG001 - read by spectree
    """Take back all that a rule of yours did."""
    here, who = app_context(), visitor().name
    rule = here.library.store.rules.get(number, who)
    done = here.library.store.rules.undo_all(rule.number, who=who)
    here.indexing.catch_up()
    return Undone(done)


def _preview(asked: RuleQuestion) -> Preview:
    here = app_context()
    names = ("q", "topic", "entity", "source", "lang", "list", "since", "until")
    given = {name: getattr(asked, name) for name in names if getattr(asked, name)}
    return preview(given, here.library.searcher, here.settings)


def _rule(rule: Rule) -> RuleAnswer:
    return RuleAnswer(
        rule.number,
        rule.owner,
        rule.name,
        rule.question,
        rule.action,
        rule.value,
        iso(rule.made) or "",
        rule.paused,
        rule.hits,
        rule.trouble,
    )


def _hit(hit: RuleHit) -> RuleHitAnswer:
    made = iso(hit.made) or ""
    return RuleHitAnswer(hit.number, hit.rule, hit.article_id, made, hit.undone_by or None)
