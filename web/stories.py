"""Stories prepared for display: their order, and the articles of one by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from models.stories import Story, StoryMember, ToldStory
from nlp.stories.summary import MOST_READ, Difference, Summary, differences, summarise

if TYPE_CHECKING:
    from store.store import Store

COMPARED = 7
"""Days with stories among which the newest fair one is looked for."""
FAIR = 0.25
"""The share of the busiest day's stories that a day must have to be shown as the newest."""
FEWEST = 2
"""Stories that a day must have to be shown before another that has as many."""
ENOUGH = 10
"""Stories that are enough beside days of long before, as when feeds follow upon an old archive."""
HEADLINES = 12
"""Versions of a headline that are shown; those in between are left out."""


@dataclass(frozen=True, slots=True)
class StoryDay:
    """One day of a story: how many articles tell it, its first and its newest of that day."""

    day: date
    articles: int
    first: StoryMember
    newest: StoryMember


@dataclass(frozen=True, slots=True)
class StorySource:
    """A source that tells a story: its first article, how many there are, and what it repeats."""

    source: str
    first: StoryMember
    articles: int
    repeats_only: bool


@dataclass(frozen=True, slots=True)
class StoryView:
    """All that a story's page shows of its articles; `members` are in the order of time."""

    story: Story
    members: tuple[StoryMember, ...]
    summary: Summary
    days: tuple[StoryDay, ...]
    tellers: tuple[StorySource, ...]
    headlines: tuple[StoryMember, ...]
    differences: tuple[tuple[Difference, tuple[tuple[str, tuple[StoryMember, ...]], ...]], ...]

    @property
    def said_by(self) -> StoryMember:
        """The article whose sentence tells the story."""
        return self.members[-MOST_READ:][self.summary.article]


def ranked(stories: Sequence[ToldStory], since: datetime) -> list[ToldStory]:
    """Return stories in the order in which they matter for the span that begins at `since`.

    What counts is how many sources tell it in words of their own, then how quickly they came to it,
    and whether it is new: a story that began in this span counts for more than one that goes on.
    Pinned stories come first. Raw numbers of articles count for nothing.
    """

    def weight(story: ToldStory) -> float:
        new = story.first >= since
        fast = story.quick / max(1, story.quick, story.sources)
        return story.voices * (1.0 + 0.4 * new) * (1.0 + 0.4 * fast * new)

    return sorted(stories, key=lambda story: (not story.pinned, -weight(story), story.id))


def top_of_day(
    store: Store, day: date, limit: int | None, topic: str = ""
) -> tuple[list[ToldStory], int]:
    """Return the first stories of a day, all without a limit, and how many are told in it."""
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = store.stories.days.told(since, since + timedelta(days=1), topic)
    return ranked(found, since)[:limit], len(found)


def newest_day(store: Store, now: datetime) -> date | None:
    """Return the newest day with a fair share of stories, None without any story.

    An article without a date gets the time of fetching, and may be the only one of its day in an
    archive; and an archive's last day is often a few hours long. Such a day is not taken.
    """
    return newest_fair(store.stories.days.newest(now + timedelta(days=1), COMPARED))


def newest_fair(days: Sequence[tuple[date, int]]) -> date | None:
    """Return the first of some days, the newest first, whose stories are enough beside the others.

    A day is held against those of the week that it ends, and where it has few stories against all.
    """
    busiest = max((told for _, told in days), default=0)
    enough = min(ENOUGH, busiest, max(FEWEST, FAIR * busiest))
    for day, told in days:
        week = [count for other, count in days if 0 <= (day - other).days < COMPARED]
        if told >= FAIR * max(week) and told >= enough:
            return day
    return None


def view_of(store: Store, story: Story) -> StoryView:
    """Return what a story's page shows."""
    members = store.stories.members(story.id)
    texts = [(each.title, each.summary, each.language) for each in members]
    changing = tuple(
        (
            each,
            tuple((value, tuple(members[at] for at in places)) for value, places in each.figures),
        )
        for each in differences(texts)
    )
    return StoryView(
        story=story,
        members=members,
        summary=summarise(texts),
        days=days_of(members),
        tellers=tellers_of(members),
        headlines=headlines_of(members),
        differences=changing,
    )


def days_of(members: Sequence[StoryMember]) -> tuple[StoryDay, ...]:
    """Return the days of a story, the newest first."""
    days: dict[date, list[StoryMember]] = {}
    for member in members:
        days.setdefault(member.moment.date(), []).append(member)
    return tuple(
        StoryDay(day, len(found), found[0], found[-1])
        for day, found in sorted(days.items(), reverse=True)
    )


def tellers_of(members: Sequence[StoryMember]) -> tuple[StorySource, ...]:
    """Return who tells a story, in the order in which they came to it."""
    found: dict[str, list[StoryMember]] = {}
    for member in members:
        found.setdefault(member.source, []).append(member)
    ids = {member.id for member in members}
    return tuple(
        StorySource(
            source, articles[0], len(articles), all(each.leader in ids for each in articles)
        )
        for source, articles in found.items()
    )


def headlines_of(members: Sequence[StoryMember]) -> tuple[StoryMember, ...]:
    """Return articles whose headlines differ, over time; some where there are many."""
    seen: dict[str, StoryMember] = {}
    for member in members:
        seen.setdefault(" ".join(member.title.casefold().split()), member)
    found = list(seen.values())
    if len(found) > HEADLINES:
        step = (len(found) - 1) / (HEADLINES - 1)
        found = [found[round(at * step)] for at in range(HEADLINES)]
    return tuple(found)
