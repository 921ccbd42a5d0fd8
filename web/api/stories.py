"""Stories: one event, told by many."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint

from export.record import iso
from models.stories import Story
from web.api.answers.groups import StoryList, StorySummary
from web.api.openapi import answers, spec
from web.api.questions import Nothing, StoryQuestion
from web.context import library

views = Blueprint("stories", __name__)


@views.get("/stories")
@spec.validate(resp=answers(StoryList, 400), tags=["stories"], operation_id="listStories")
def stories(query: StoryQuestion) -> StoryList:
    """List stories told in a span of time, those of the most sources first."""
    since, until = query.span(datetime.now(UTC))
    found, total = library().store.stories.all(
        since=since, until=until, topic=query.topic, limit=query.limit
    )
    return StoryList(total, [_summary(each) for each in found])


@views.get("/stories/<story_id>")
@spec.validate(resp=answers(StorySummary, 404), tags=["stories"], operation_id="getStory")
def story(story_id: str, query: Nothing) -> StorySummary:  # noqa: ARG001 - read by spectree
    """Return one story, or the one that it was merged into."""
    return _summary(library().store.stories.get(story_id))


def _summary(story: Story) -> StorySummary:
    return StorySummary(
        story.id,
        story.name,
        story.articles,
        story.sources,
        iso(story.first) or "",
        iso(story.last) or "",
    )
