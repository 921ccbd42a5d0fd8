"""Finds the story of each article as it comes: joins it to a live one, or begins a new one.

After Miranda et al. 2018 ("Multilingual clustering of streaming news") and Saravanakumar et al.
2021: online, in order of time, with learned weights, without going over the past again. Three
things differ. Candidates come from an inverted index of rare terms, so that the work does not grow
with the archive. A story is met through its members, and half of them (up to `QUORUM`) have to be
near, so that no chain of neighbours welds two stories into one. And two stories that an article
fits equally are held against each other, and merged where their members fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.stories import StoryArticle
from nlp.stories.model import STORY_FEATURES, Frequencies, JoinModel
from nlp.stories.pairs import features
from nlp.stories.terms import Reader
from nlp.stories.window import Floats, Integers, Live, Row, Views

CENTRE = STORY_FEATURES.index("centre")
CANDIDATES = 24
"""Live articles that a new one is compared with."""
QUORUM = 5
MEAN_OF = 10
NAMED_BY = 60
"""Newest members among whose headlines a story's name is sought."""
COMPARED = 8
"""Members of the smaller of two stories that are held against twice as many of the larger."""
GROWN = 12
"""Articles beyond which a story's size says no more for it."""
FLOOR = 0.17
"""The least cosine with the centre of a grown story that an article needs, whatever its nearest
members: what holds everything is near to nothing. A story of hundreds is thus closed by itself."""
ABSENT = -7.0
"""Log odds of a pair that was not worth a look."""
LIVE_HOURS = 31 * 24.0
"""How long an article is compared with new ones."""
SPAN_HOURS = 10 * 24.0
"""How far apart in time an article and the nearest member of its story may be."""


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


@dataclass(frozen=True, slots=True)
class Assignment:
    """What became of an article: its story, and the stories that this one took in with it."""

    article: str
    story: str
    merged: tuple[str, ...] = ()


Chooser = Callable[[str, "dict[str, tuple[float, ...]]"], str | None]
"""Given an article and the features of candidate stories, names the story: as a fit teaches it."""


class Detector:
    """Holds the live articles and stories, and assigns new articles.

    `apart` are pairs (article, story) that a person parted: such an article never joins again.
    `pinned` stories may grow, but are merged with none.
    """

    def __init__(
        self,
        model: JoinModel,
        frequencies: Frequencies,
        apart: Sequence[tuple[str, str]] = (),
        chooser: Chooser | None = None,
        pinned: Collection[str] = (),
    ) -> None:
        self.model = model
        self.frequencies = frequencies
        self.apart = set(apart)
        self.stories: dict[str, LiveStory] = {}
        self.story_of: dict[str, str] = {}
        self._live = Live()
        self._places: dict[str, int] = {}
        self._views: Views | None = None
        self._named: dict[str, int] = {}
        self._held_apart: dict[tuple[str, str], int] = {}
        self._reader = Reader()
        self._chooser = chooser
        self._pinned = frozenset(pinned)

    def restore(
        self, rows: Sequence[Row], stories: Sequence[str], live: Sequence[LiveStory]
    ) -> None:
        """Take the live articles of earlier runs and their stories."""
        known = {story.id: story for story in live}
        self._add(rows)
        for row, story_id in zip(rows, stories, strict=True):
            self.story_of[row.id] = story_id
            story = self.stories.setdefault(story_id, known.get(story_id) or LiveStory(story_id))
            story.members.append(row.id)
        for story in self.stories.values():
            story.size = max(story.size, len(story.members))
            story.gram = story.gram or float(story.size)
            # Where the name was last chosen is a power of two at most the size.
            self._named[story.id] = 1 << (story.size.bit_length() - 1)

    def assign(self, articles: Sequence[StoryArticle]) -> tuple[list[Assignment], list[Row]]:
        """Give articles their stories, in the order given; return that, and their rows to keep."""
        fresh = [self._row(article) for article in articles]
        if not fresh:
            return [], []
        self._forget(min(row.hours for row in fresh))
        first = len(self._live.ids)
        self._add(fresh)
        views = self._views = self._live.views(self.frequencies.idf())
        left, right = views.candidates(first, CANDIDATES)
        found, cosines = features(views, left, right)
        odds = self.model.pair_odds(found)
        days = (np.abs(views.hours[left] - views.hours[right]) / 24.0).astype(np.float32)
        ends = np.searchsorted(left, np.arange(first, first + len(fresh) + 1))
        assigned = []
        for at, row in enumerate(fresh):
            here = slice(ends[at], ends[at + 1])
            met = self._met(views, first + at, right[here], odds[here], cosines[here], days[here])
            assigned.append(self._place(row, met, views))
        for row in fresh:
            self.frequencies.add(row.terms)
        return assigned, fresh

    @property
    def newest(self) -> float:
        """When the newest live article was published (hours since 1970), 0 without any."""
        return float(self._live.hours.max()) if len(self._live.hours) else 0.0

    @property
    def live_hours(self) -> float:
        """How long an article is compared with new ones."""
        return LIVE_HOURS

    def name_givers(self, stories: Iterable[str]) -> dict[str, str]:
        """Return for stories that have doubled in size the article nearest to their centre.

        A story keeps its name in between, so that people find it again.
        """
        if self._views is None:
            return {}
        found = {}
        for story_id in stories:
            story = self.stories[story_id]
            if story.size < 2 or story.size < 2 * self._named.get(story_id, 1):
                continue
            self._named[story_id] = story.size
            members = story.members[-NAMED_BY:]
            places = [self._places[member] for member in members]
            words = self._views.words[places]
            near = np.asarray((words @ words.T).sum(axis=1)).ravel()
            codes = self._views.languages[places]
            ours = codes == np.bincount(codes).argmax()
            found[story_id] = members[int(np.argmax(np.where(ours, near, -1.0)))]
        return found

    def _row(self, article: StoryArticle) -> Row:
        hours = article.moment.timestamp() / 3600.0
        return Row(article.id, self._reader.read(article), hours, article.language, article.source)

    def _forget(self, hours: float) -> None:
        """Let go of articles that are too old to be compared with, and of stories of none else."""
        kept = self._live.hours >= hours - LIVE_HOURS
        if kept.all():
            return
        for at in np.flatnonzero(~kept).tolist():
            name = self._live.ids[at]
            story = self.stories[self.story_of.pop(name)]
            story.members.remove(name)
            if not story.members:
                del self.stories[story.id]
        self._live.keep(kept)
        self._places = {name: at for at, name in enumerate(self._live.ids)}
        self._held_apart.clear()

    def _add(self, rows: Sequence[Row]) -> None:
        first = len(self._live.ids)
        self._places |= {row.id: first + at for at, row in enumerate(rows)}
        self._live.add(rows)

    def _met(
        self, views: Views, row: int, others: Integers, odds: Floats, cosines: Floats, days: Floats
    ) -> dict[str, tuple[tuple[float, ...], float, float]]:
        """Return for each story met its features, the sum of cosines, and the days between."""
        groups: dict[str, list[int]] = {}
        rows, nearness, cosine, apart = (
            others.tolist(),
            odds.tolist(),
            cosines.tolist(),
            days.tolist(),
        )
        for at, other in enumerate(rows):
            if apart[at] * 24.0 <= SPAN_HOURS:
                groups.setdefault(self.story_of[self._live.ids[other]], []).append(at)
        met = {}
        foreign = (views.languages[others] != views.languages[row]).tolist()
        for story_id, places in groups.items():
            story = self.stories[story_id]
            near = sorted([nearness[at] for at in places], reverse=True)
            alike = sum([cosine[at] for at in places])
            other_language = all(foreign[at] for at in places)
            found = story_features(
                near, alike, story.size, story.gram, other_language=other_language
            )
            if story.size >= GROWN and found[CENTRE] < FLOOR:
                continue
            met[story_id] = (found, alike, min(apart[at] for at in places))
        return met

    def _place(
        self,
        row: Row,
        met: dict[str, tuple[tuple[float, ...], float, float]],
        views: Views,
    ) -> Assignment:
        """Join an article to the best of the stories met, or begin one with it."""
        fits = {
            story_id: self.model.probability(found, days)
            for story_id, (found, _, days) in met.items()
            if (row.id, story_id) not in self.apart
        }
        best: str | None
        if self._chooser is not None:
            best = self._chooser(row.id, {name: found for name, (found, _, _) in met.items()})
            fits = {}
        else:
            best = max(fits, key=lambda name: (fits[name], name), default=None)
            if best is not None and fits[best] < self.model.join:
                best = None
        taken: list[str] = []
        if best is None:
            best = row.id
        for other in sorted(fits, key=lambda name: (-fits[name], name)):
            if best not in self.stories or other == best or fits[other] < self.model.join:
                continue
            keep, lose = self._larger(best, other)
            if self._fit_together(keep, lose, views):
                self._merge(keep, lose)
                taken = [name for name in taken if name != keep] + [lose]
                best = keep
        story = self.stories.setdefault(best, LiveStory(best))
        alike = met[best][1] if best in met else 0.0
        story.members.append(row.id)
        story.size += 1
        story.gram += 2.0 * alike + 1.0
        self.story_of[row.id] = best
        return Assignment(row.id, best, tuple(taken))

    def _larger(self, one: str, other: str) -> tuple[str, str]:
        """Return which of two stories keeps its id: the larger, else the one that came first."""
        first, second = self.stories[one], self.stories[other]
        return (one, other) if first.size >= second.size else (other, one)

    def _fit_together(self, keep: str, lose: str, views: Views) -> bool:
        """Say whether the members of one story, on average, belong to the other."""
        large, small = self.stories[keep], self.stories[lose]
        parted = any((member, keep) in self.apart for member in small.members)
        if parted or keep in self._pinned or lose in self._pinned:
            return False
        sizes = large.size + small.size
        if sizes < self._held_apart.get((keep, lose), 0):
            return False
        lefts = [self._places[name] for name in small.members[-COMPARED:]]
        rights = [self._places[name] for name in large.members[-2 * COMPARED :]]
        left = np.repeat(np.array(lefts), len(rights))
        right = np.tile(np.array(rights), len(lefts))
        found, cosines = features(views, left, right)
        odds = self.model.pair_odds(found).reshape(len(lefts), len(rights))
        alike = cosines.reshape(odds.shape)
        days = np.abs(views.hours[left] - views.hours[right]).reshape(odds.shape) / 24.0
        total = 0.0
        for at in range(len(lefts)):
            near = sorted(odds[at].tolist(), reverse=True)
            own = views.languages[lefts[at]]
            other = bool((views.languages[rights] != own).all())
            told = story_features(
                near, float(alike[at].sum()), large.size, large.gram, other_language=other
            )
            if large.size >= GROWN and told[CENTRE] < FLOOR:
                continue
            total += self.model.probability(told, float(days[at].min()))
        fits = total / len(lefts) >= self.model.merge
        if not fits:
            self._held_apart[keep, lose] = sizes + max(2, sizes // 3)
        return fits

    def _merge(self, keep: str, lose: str) -> None:
        gone = self.stories.pop(lose)
        story = self.stories[keep]
        for member in gone.members:
            self.story_of[member] = keep
        story.members += gone.members
        story.size += gone.size
        story.gram += gone.gram


def story_features(
    near: Sequence[float], alike: float, size: int, gram: float, *, other_language: bool
) -> tuple[float, ...]:
    """Return `STORY_FEATURES` of an article and a story of `size` members.

    `near` are the log odds of the article with members, highest first; those that are missing are
    far. `alike` is the sum of its cosines with them, `gram` as in `LiveStory`.
    """
    quorum = min(QUORUM, (size + 1) // 2)
    all_of = min(MEAN_OF, size)
    return (
        near[0],
        _mean(near, quorum),
        _mean(near, all_of),
        alike / math.sqrt(max(gram, 1.0)),
        math.log(min(size, GROWN)),
        float(size == 1),
        float(other_language),
    )


def _mean(near: Sequence[float], count: int) -> float:
    there = near[:count]
    return (sum(there) + ABSENT * (count - len(there))) / count
