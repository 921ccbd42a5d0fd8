"""`slugline rules`: rules that act on new articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from models.rules import Action
from models.wording import counted
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.rules import Rule, RuleHit


@click.group()
def rules() -> None:
    """Mute, tag, star or give a topic to articles as they come, by searches."""


@rules.command(name="list")
@command
def list_(context: Context) -> None:
    """List the rules of all users."""
    with context.store() as store:
        found = store.rules.all()
    lines = [
        f"{rule.number:>5}  {rule.owner}: {rule.name} ({rule.action} {rule.value})".replace(
            " )", ")"
        )
        + f": {rule.hits:,} articles"
        + ("; paused" if rule.paused else "")
        + (f"; can't be asked: {rule.trouble}" if rule.trouble else "")
        for rule in found
    ]
    context.report({"rules": [_facts(rule) for rule in found]}, "\n".join(lines) or "No rules.")


@rules.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many to list.  [20]")
@command
def preview(context: Context, query: str, limit: int) -> None:
    """Show what a rule for QUERY would have caught in what there is."""
    from slugline.factory import open_searcher
    from slugline.jobs import pipeline
    from web.context import WebSettings
    from web.rules.preview import preview as seen_by

    with context.store() as store, context.engine() as engine:
        pipeline.catch_up(store, engine)
        seen = seen_by({"q": query}, open_searcher(store, engine), WebSettings(), limit)
        titles = [
            f"{found.article.id}  {found.article.title}"
            for found in store.articles.tagged(seen.ids)
        ]
    count = counted(seen.total, "article")
    if seen.total > len(seen.ids):
        count += f", of which the newest {len(seen.ids):,} (`--limit {seen.total}` lists all):"
    else:
        count += ":" if titles else "."
    facts = {"total": seen.total, "ids": list(seen.ids)}
    context.report(facts, "\n".join([count, *titles]))


@rules.command()
@click.argument("user")
@click.argument("name")
@click.argument("query")
@click.option(
    "--action",
    type=click.Choice([each.value for each in Action]),
    required=True,
    help="What to do.",
)
@click.option("--value", default="", help="The tag, or the slug of the topic.")
@click.option("--everything", is_flag=True, help="Do it to what there is, too.")
@command
def add(
    context: Context, user: str, name: str, query: str, action: str, value: str, everything: bool
) -> None:
    """Make the rule NAME of USER for what QUERY finds from now on."""
    from nlp.topics.taxonomy import load_taxonomy
    from slugline.factory import open_searcher
    from slugline.jobs import pipeline
    from web.context import WebSettings
    from web.rules.preview import apply_to_all
    from web.saved.question import question_of

    topics = {topic.slug for topic in load_taxonomy(context.settings.taxonomy)}
    question = question_of({"q": query}, WebSettings())
    with context.store() as store:
        made = store.rules.add(
            user,
            name,
            question,
            Action(action),
            value,
            who=whoami(),
            now=datetime.now(UTC),
            topics=topics,
        )
        if everything:
            with context.engine() as engine:
                pipeline.catch_up(store, engine)
                apply_to_all(store, open_searcher(store, engine), made)
                pipeline.catch_up(store, engine)
        made = store.rules.get(made.number)
    context.report(_facts(made), f"Rule {made.number} is made; it caught {made.hits:,} articles.")


@rules.command()
@click.option("--rule", type=int, help="Of this rule only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="How many.  [50]")
@command
def hits(context: Context, rule: int | None, limit: int) -> None:
    """List what rules did, newest first."""
    with context.store() as store:
        found = store.rules.hits(rule, limit)
    context.report({"hits": [_hit(each) for each in found]}, _format(found))


@rules.command()
@click.argument("number", type=int)
@click.option("--all", "everything", is_flag=True, help="NUMBER is a rule: take back all it did.")
@command
def undo(context: Context, number: int, everything: bool) -> None:
    """Take back what a rule did to one article, by the NUMBER that `rules hits` shows."""
    with context.store() as store:
        if everything:
            done = store.rules.undo_all(store.rules.get(number).number, who=whoami())
        else:
            store.rules.undo(number, who=whoami())
            done = 1
        context.update_index(store)
    context.report({"number": number, "articles": done}, f"Taken back for {done:,} articles.")


@rules.command()
@click.argument("number", type=int)
@click.option("--resume", is_flag=True, help="Let it go on.")
@command
def pause(context: Context, number: int, resume: bool) -> None:
    """Stop the rule NUMBER for a while."""
    with context.store() as store:
        owner = store.rules.get(number).owner
        here = store.rules.pause(number, owner, paused=not resume, who=whoami())
    context.report(_facts(here), f"{here.name} is {'paused' if here.paused else 'on'}.")


@rules.command()
@click.argument("number", type=int)
@command
def remove(context: Context, number: int) -> None:
    """Remove the rule NUMBER; what it did stays."""
    with context.store() as store:
        gone = store.rules.remove(number, store.rules.get(number).owner, who=whoami())
    context.report(_facts(gone), f"Removed {gone.name}.")


def _format(found: Sequence[RuleHit]) -> str:
    lines = [
        f"{each.number:>6}  {each.made:%Y-%m-%d %H:%M}  rule {each.rule}: {each.article_id}"
        + (f" (taken back by {each.undone_by})" if each.undone_by else "")
        for each in found
    ]
    return "\n".join(lines) or "No rule did anything."


def _facts(rule: Rule) -> dict[str, Any]:
    return {
        "number": rule.number,
        "owner": rule.owner,
        "name": rule.name,
        "question": rule.question,
        "action": rule.action,
        "value": rule.value,
        "made": rule.made,
        "paused": rule.paused,
        "hits": rule.hits,
        "trouble": rule.trouble,
    }


def _hit(hit: RuleHit) -> dict[str, Any]:
    return {
        "number": hit.number,
        "rule": hit.rule,
        "article": hit.article_id,
        "made": hit.made,
        "undone_by": hit.undone_by or None,
    }
