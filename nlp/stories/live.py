"""The live stories: which articles are in which, and how that changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.stories.shares import Shares
from nlp.stories.window import Live, Row, Views

RECENT_HOURS = 72.0
"""How old an article may be to count for whose a term is."""


@dataclass(slots=True)
class LiveStory:
    """A story as the detector knows it: `members` are ids of live articles, `size` counts all.

    `gram` is the sum of the cosines between all pairs of members, from which the distance to the
    story's centre follows.
    """

    id: str
    members: list[str] = field(default_factory=list)
    size: int = 0
    gram: float = 0.0


class LiveStories:
    """The live articles and their stories.

    `stories` are by id, `places` has the row of each article, `story_at` the story of each row, and
    `shares` counts whose a term is.
    """

    def __init__(self) -> None:
        self.stories: dict[str, LiveStory] = {}
        self.story_at: list[LiveStory] = []
        self.places: dict[str, int] = {}
        self.articles = Live()
        self.shares: Shares | None = None

    def restore(
        self,
        pieces: Iterable[tuple[Sequence[Row], Sequence[str]]],
        known: Mapping[str, tuple[int, float]],
    ) -> None:
        """Take the live articles of earlier runs, in pieces, with the story of each.

        `known` has the size and the sum of cosines of stories that are not alone.
        """
        for rows, stories in pieces:
            self.add(rows)
            for row, story_id in zip(rows, stories, strict=True):
                story = self.stories.get(story_id)
                if story is None:
                    size, gram = known.get(story_id, (0, 0.0))
                    story = LiveStory(story_id, size=size, gram=gram)
                    self.stories[story_id] = story
                self.story_at.append(story)
                story.members.append(row.id)
        for story in self.stories.values():
            story.size = max(story.size, len(story.members))
            story.gram = story.gram or float(story.size)

    def add(self, rows: Sequence[Row]) -> None:
        """Take new articles, of no story yet."""
        first = len(self.articles.ids)
        self.places |= {row.id: first + at for at, row in enumerate(rows)}
        self.articles.add(rows)

    def forget(self, oldest: float) -> None:
        """Let go of articles from before `oldest`, and of stories of none else."""
        self.shares = None  # it counts rows by their places, which change
        articles = self.articles
        kept = articles.hours >= oldest
        if kept.all():
            return
        for at in np.flatnonzero(~kept).tolist():
            name = articles.ids[at]
            story = self.story_at[at]
            story.members.remove(name)
            if not story.members:
                del self.stories[story.id]
        articles.keep(kept)
        self.story_at = [self.story_at[at] for at in np.flatnonzero(kept).tolist()]
        self.places = {name: at for at, name in enumerate(articles.ids)}

    def count(self, views: Views, first: int) -> None:
        """Count anew whose the terms are of what came shortly before the row `first`."""
        since = float(views.hours[first:].min()) - RECENT_HOURS
        recent = np.flatnonzero(views.hours[:first] >= since)
        self.shares = Shares(views, recent, self._several(recent.tolist()))

    def count_all(self, views: Views) -> None:
        """Count whose the terms of all live articles are."""
        everything = np.arange(len(self.articles.ids))
        self.shares = Shares(views, everything, self._several(everything.tolist()))

    def owned(self, row: int, stories: Collection[str], own: str = "") -> dict[str, float]:
        """Return `Shares.owned`."""
        return self.shares.owned(row, stories, own) if self.shares is not None else {}

    def join(self, article: str, story_id: str, alike: float) -> None:
        """Put the next of the new articles into a story, or begin it.

        `alike` sums its cosines with members.
        """
        story = self.stories.get(story_id)
        if story is None:
            story = self.stories[story_id] = LiveStory(story_id)
        story.members.append(article)
        story.size += 1
        story.gram += 2.0 * alike + 1.0
        self.story_at.append(story)
        if self.shares is not None:
            self.shares.add(self.places[article])
        self._count(story.members[-2:] if story.size == 2 else [article], story_id)

    def merge(self, keep: str, lose: str) -> None:
        """Put all articles of one story into another."""
        gone = self.stories.pop(lose)
        story = self.stories[keep]
        alone = list(story.members) if story.size == 1 else []
        for member in gone.members:
            self.story_at[self.places[member]] = story
        # In their order of arrival, as a later run finds them in the store.
        story.members = sorted(story.members + gone.members, key=self.places.__getitem__)
        story.size += gone.size
        story.gram += gone.gram
        self._count(alone, keep)
        self._count(gone.members, keep, lose)

    def part(self, name: str, go: Sequence[str], gram: float) -> str:
        """Make some articles of a story one of their own, whose `gram` is given; return its id."""
        story, out = self.stories[name], set(go)
        into = _free(go[0], self.stories)
        part = self.stories[into] = LiveStory(into, list(go), len(go), gram)
        for member in go:
            self.story_at[self.places[member]] = part
        story.members = [each for each in story.members if each not in out]
        story.size -= len(go)
        story.gram = max(story.gram - gram, float(story.size))
        self._count(go, into, name)
        return into

    def larger(self, one: str, other: str) -> tuple[str, str]:
        """Return which of two stories keeps its id: the larger, else the one that came first."""
        first, second = self.stories[one], self.stories[other]
        return (one, other) if first.size >= second.size else (other, one)

    def _several(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the stories of those of some rows that are not alone."""
        told = {row: self.story_at[row] for row in rows}
        return {row: story.id for row, story in told.items() if story.size > 1}

    def _count(self, members: Sequence[str], story: str, out_of: str = "") -> None:
        """Count articles for their story, once it has two."""
        if self.shares is not None and self.stories[story].size > 1:
            self.shares.join([self.places[each] for each in members], story, out_of)


def _free(article: str, taken: Collection[str]) -> str:
    """Return an id for a part of a story that begins with an article."""
    return next(name for end in ("", *"stuvwxyz") if (name := f"{article}{end}") not in taken)
