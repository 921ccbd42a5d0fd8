"""`slugline stories`: list, inspect and correct stories."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from models.wording import counted
from slugline.commands.people.users import whoami
from slugline.context import Context, command
from slugline.filters import Moment

if TYPE_CHECKING:
    from models.stories import Story, StoryEdit
    from store.store import Store


@click.group()
def stories() -> None:
    """See which events the articles tell of, and put it right."""


@stories.command("list")
@click.option("--since", type=Moment(end=False), help="Only stories told from this day on.")
@click.option("--until", type=Moment(end=True), help="Only stories told up to this day's end.")
@click.option("--topic", default="", help="Only stories with an article on this topic (slug).")
@click.option(
    "--limit", type=click.IntRange(0, 100_000), default=20, show_default=True, help="Shown at most."
)
@command
def list_stories(
    context: Context, since: datetime | None, until: datetime | None, topic: str, limit: int
) -> None:
    """List stories, those of the most sources first."""
    with context.store() as store:
        found, total = store.stories.all(since=since, until=until, topic=topic, limit=limit)
    lines = [f"{counted(total, 'story', 'stories')}"]
    lines += [_line(story) for story in found]
    hint = "There are no stories yet; `slugline tag` finds them."
    context.report(
        {"total": total, "stories": [story_as_dict(story) for story in found]},
        "\n".join(lines) if total else hint,
    )


@stories.command()
@click.argument("story_id", metavar="ID")
@command
def show(context: Context, story_id: str) -> None:
    """Show one story: who tells it, since when, its articles, and what was done to it."""
    from nlp.stories.summary import summarise

    with context.store() as store:
        story = store.stories.get(story_id)
        members = store.stories.members(story.id)
        edits = store.stories.edits.of(story.id)
        entities = store.stories.entities(story.id)
    summary = summarise([(each.title, each.summary, each.language) for each in members])
    facts = story_as_dict(story) | {
        "summary": summary.sentence or None,
        "entities": [{"key": key, "name": name, "articles": n} for key, name, n in entities],
        "members": [
            {
                "id": each.id,
                "url": each.url,
                "title": each.title,
                "source": each.source,
                "language": each.language or None,
                "published": each.moment,
                "duplicate_of": each.leader or None,
            }
            for each in members
        ],
        "edits": [_edit_as_dict(edit) for edit in edits],
    }
    names = ", ".join(name for _, name, _ in entities[:8])
    lines = [
        _line(story).strip(),
        *([summary.sentence] if summary.sentence else []),
        *([f"named: {names}"] if names else []),
        *(
            f"  {each.moment:%Y-%m-%d %H:%M}  {each.id}  {each.source}: {each.title}"
            for each in members
        ),
        *(_edit_line(edit) for edit in edits),
    ]
    context.report(facts, "\n".join(lines))


@stories.command()
@click.argument("story_id", metavar="ID")
@click.argument("into")
@command
def merge(context: Context, story_id: str, into: str) -> None:
    """Put the story ID into another; its id leads there from now on."""
    with context.store() as store:
        store.story_corrections.merge(story_id, into, who=whoami())
        kept = store.stories.get(into).id
        _report_story(context, store, kept, "has taken it in")


@stories.command()
@click.argument("story_id", metavar="ID")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@click.option("--alone", is_flag=True, help="Part these articles from each other as well.")
@command
def split(context: Context, story_id: str, articles: tuple[str, ...], alone: bool) -> None:
    """Take articles (ids) out of the story ID into one of their own; they never go back."""
    with context.store() as store:
        entry = store.story_corrections.split(story_id, articles, who=whoami(), alone=alone)
        edit = store.stories.edits.of(entry.subject)[0]
        other = edit.other
        context.update_index(store)
    context.report(
        {"story": story_id, "split": other, "articles": list(articles)},
        f"{counted(len(articles), 'article')} taken out of {story_id}; the new story is {other}. "
        f"`slugline stories undo {edit.number}` takes it back.",
    )


@stories.command()
@click.argument("story_id", metavar="ID")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@command
def add(context: Context, story_id: str, articles: tuple[str, ...]) -> None:
    """Put articles (ids) into the story ID, out of those that they are in."""
    with context.store() as store:
        kept = store.story_corrections.add(story_id, articles, who=whoami()).subject
        _report_story(context, store, kept, f"has {counted(len(set(articles)), 'article')} more")


@stories.command()
@click.argument("story_id", metavar="ID")
@click.argument("name")
@command
def rename(context: Context, story_id: str, name: str) -> None:
    """Call the story ID by NAME, whatever comes to it later."""
    with context.store() as store:
        kept = store.story_corrections.rename(story_id, name, who=whoami()).subject
        _report_story(context, store, kept, "is its name now")


@stories.command()
@click.argument("story_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Pin it no more.")
@command
def pin(context: Context, story_id: str, undo: bool) -> None:
    """Keep the story ID on top of its days, and apart from all others."""
    with context.store() as store:
        kept = store.story_corrections.pin(story_id, pinned=not undo, who=whoami()).subject
        _report_story(context, store, kept, "is pinned no more" if undo else "is pinned")


@stories.command()
@click.argument("number", type=int)
@command
def undo(context: Context, number: int) -> None:
    """Take back a change of stories; `slugline stories show` numbers them."""
    with context.store() as store:
        edit = store.story_corrections.undo_edit(number, who=whoami())
        context.update_index(store)
    context.report(_edit_as_dict(edit), f"Undone: {_edit_line(edit).strip()}")


@stories.command()
@click.option("--forget", is_flag=True, help="Go back to the weights that Slugline came with.")
@command
def fit(context: Context, forget: bool) -> None:
    """Learn from what people merged, split and added, for the articles to come.

    Changes that were undone teach nothing. The stories that there are stay as they are; `slugline
    stories find --all` finds them anew.
    """
    from slugline.jobs.stories import fit_stories

    with context.store() as store:
        if forget:
            store.stories.edits.keep_weights(())
            context.report({"forgotten": True}, "Stories are found by the shipped weights again.")
            return
        fitted = fit_stories(store)
    context.report(
        dataclasses.asdict(fitted),
        f"Learned from {counted(fitted.changes, 'change')}, which decide on"
        f" {counted(fitted.decisions, 'article')}: {fitted.right_before} of these decided as people"
        f" did before, {fitted.right_after} now.",
    )


@stories.command()
@click.option("--all", "everything", is_flag=True, help="Find all stories anew.")
@click.confirmation_option(
    "--yes", prompt="Stories found anew may get other ids. Go on?", help="Don't ask."
)
@command
def find(context: Context, everything: bool) -> None:
    """Find the stories of articles that have none; with --all of every article.

    What a person merged, split, renamed or pinned stays as it is.
    """
    from slugline.commands.stage_report import format_stories, stage_as_dict
    from slugline.commands.stages import find_due_stories

    with context.store() as store:
        if everything:
            store.stories.detection.forget_all()
        found = find_due_stories(context, store)
        context.update_index(store)
    context.report(stage_as_dict(found), format_stories(found))


def story_as_dict(story: Story) -> dict[str, Any]:
    """Return a story under the contract's names."""
    return {
        "id": story.id,
        "name": story.name,
        "articles": story.articles,
        "sources": story.sources,
        "first": story.first,
        "last": story.last,
        "named_by_person": story.named_by_person,
        "pinned": story.pinned,
    }


def _report_story(context: Context, store: Store, story_id: str, said: str) -> None:
    context.update_index(store)
    story = store.stories.get(story_id)
    number = store.stories.edits.of(story_id)[0].number
    context.report(
        story_as_dict(story),
        f"{story.name} ({story.id}) {said}. `slugline stories undo {number}` takes it back.",
    )


def _line(story: Story) -> str:
    days = f"{story.first:%Y-%m-%d}"
    if story.last.date() != story.first.date():
        days += f" to {story.last:%Y-%m-%d}"
    notes = [note for note, said in (("pinned", story.pinned),) if said]
    end = f" ({', '.join(notes)})" if notes else ""
    return (
        f"{story.articles:>6,} articles {story.sources:>4,} sources  {days:<24} {story.id}"
        f"  {story.name}{end}"
    )


def _edit_as_dict(edit: StoryEdit) -> dict[str, Any]:
    facts = dataclasses.asdict(edit)
    return facts | {"kind": str(edit.kind), "articles": list(edit.articles)}


def _edit_line(edit: StoryEdit) -> str:
    who = "a person" if edit.by_person else "the model"
    number = counted(len(edit.articles), "article")
    what = {
        "merge": f"{edit.story} merged into {edit.other}",
        "split": f"{number} of {edit.story} split off to {edit.other}",
        "add": f"{number} added",
        "rename": f"renamed; it was {edit.name!r}",
        "pin": "pinned",
    }[str(edit.kind)]
    undone = ", undone" if edit.undone else ""
    return f"  change {edit.number}: {what} by {who}, {edit.made:%Y-%m-%d %H:%M}{undone}"
