"""Finds the story of each article as it comes: joins it to a live one, or begins a new one.

After Miranda et al. 2018 ("Multilingual clustering of streaming news") and Saravanakumar et al.
2021: online, in order of time, with learned weights, without going over the past again. Three
things differ. Candidates come from an inverted index of rare terms, so that the work does not grow
with the archive. A story is met through its members, and half of them (up to `QUORUM`) have to be
near, so that no chain of neighbours welds two stories into one. And stories are looked at again:
two that an article fits equally are held against each other, and merged where their members fit; an
article that is alone is held against what came after it; a story that fell into halves is split.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from models.stories import StoryArticle
from nlp.stories.centres import Centres
from nlp.stories.membership import halves, story_features
from nlp.stories.model import Frequencies, JoinModel
from nlp.stories.pairs import features
from nlp.stories.shares import Shares
from nlp.stories.terms import Reader
from nlp.stories.window import Floats, Integers, Live, Row, Views

CANDIDATES = 24
"""Live articles that a new one is compared with."""
NAMED_BY = 60
"""Newest members among whose headlines a story's name is sought."""
COMPARED = 8
"""Members of the smaller of two stories that are held against twice as many of the larger."""
RECENT_HOURS = 72.0
"""How old an article may be to count for whose a term is."""
FAR = -6.0
"""Log odds below which a pair is as good as one that was not worth a look."""
HOPELESS = -4.0
"""Log odds of the best pair below which a story is not considered."""
ALONE_ODDS = -2.0
"""Log odds of the best pair from which an article that is alone is looked at again."""
STEPS = tuple(round(8 * 1.3**n) for n in range(30))
"""Sizes at which a story is looked at for halves."""
LOOKED_AT = 120
"""Newest members that are looked at."""
FEWEST_APART = 4
"""Articles that a part of a story has at least, to be one of its own."""
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


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a second look changed after a batch: articles that left `story` for `into`.

    `split` says that they are a part of a story that goes on without them; else all of it went.
    """

    story: str
    into: str
    articles: tuple[str, ...]
    split: bool = False


Chooser = Callable[[str, "dict[str, tuple[float, ...]]"], str | None]
"""Given an article and the features of candidate stories, names the story: as a fit teaches it."""


class Detector:
    """Holds the live articles and stories, and assigns new articles.

    `apart` are pairs (article, story) that a person parted: such an article never joins again.
    `pinned` stories may grow, but are merged with none and not split; `settled` ones, in which a
    person put articles, are not split.
    """

    def __init__(
        self,
        model: JoinModel,
        frequencies: Frequencies,
        apart: Sequence[tuple[str, str]] = (),
        chooser: Chooser | None = None,
        pinned: Collection[str] = (),
        settled: Collection[str] = (),
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
        self._settled = frozenset(settled) | self._pinned
        self._shares: Shares | None = None
        self._centres: Centres | None = None
        self.reviewed: list[Reviewed] = []
        """What the second look at the last batch changed."""

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
        """Give articles their stories, in the order given; return that, and their rows to keep.

        What the second look changed after that is in `reviewed`.
        """
        self.reviewed = []
        fresh = [self._row(article) for article in articles]
        if not fresh:
            return [], []
        self._forget(min(row.hours for row in fresh))
        first = len(self._live.ids)
        self._add(fresh)
        views = self._views = self._live.views(self.frequencies.idf())
        self._shares = self._count_shares(views, first)
        self._centres = Centres(views)
        oldest = float(views.hours[first:].min()) - SPAN_HOURS
        left, right = views.candidates(first, CANDIDATES, oldest)
        found, cosines = features(views, left, right)
        odds = self.model.pair_odds(found)
        days = (np.abs(views.hours[left] - views.hours[right]) / 24.0).astype(np.float32)
        near = np.flatnonzero((odds >= FAR) & (days * 24.0 <= SPAN_HOURS))
        left, pairs = left[near], _Pairs(right, odds, cosines, days).at(near)
        ends = np.searchsorted(left, np.arange(first, first + len(fresh) + 1))
        before = {name: story.size for name, story in self.stories.items()}
        assigned = []
        for at, row in enumerate(fresh):
            met = self._met(views, first + at, pairs.at(slice(ends[at], ends[at + 1])))
            assigned.append(self._place(row, met, views))
        if self._chooser is None:
            self._look_again(views, left, pairs)
            self._part(views, before)
        for row in fresh:
            self.frequencies.add(row.terms)
        return assigned, fresh

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

    def _count_shares(self, views: Views, first: int) -> Shares:
        """Count whose the terms of recent articles are, anew for each batch."""
        since = float(views.hours[first:].min()) - RECENT_HOURS
        recent = np.flatnonzero(views.hours[:first] >= since)
        stories = {}
        for row in recent.tolist():
            story = self.story_of[self._live.ids[row]]
            if self.stories[story].size > 1:
                stories[row] = story
        return Shares(views, recent, stories)

    def _count_for(self, members: Sequence[str], story: str, out_of: str = "") -> None:
        """Count articles for their story, once it has two."""
        if self._shares is not None and self.stories[story].size > 1:
            self._shares.join([self._places[each] for each in members], story, out_of)

    def _owned(self, row: int, stories: Collection[str], own: str = "") -> dict[str, float]:
        return self._shares.owned(row, stories, own) if self._shares is not None else {}

    def _met(
        self, views: Views, row: int, pairs: _Pairs, own: str = ""
    ) -> dict[str, tuple[tuple[float, ...], float, float]]:
        """Return for each story met its features, the sum of cosines, and the days between.

        `own` is the story that the article is in already, if any.
        """
        groups: dict[str, list[int]] = {}
        rows, nearness, cosine, apart = (each.tolist() for each in pairs)
        ids, story_of = self._live.ids, self.story_of
        for at, other in enumerate(rows):
            groups.setdefault(story_of[ids[other]], []).append(at)
        groups.pop(own, None)
        groups = {
            story: places
            for story, places in groups.items()
            if max([nearness[at] for at in places]) >= HOPELESS
        }
        if not groups:
            return {}
        owned = self._owned(row, groups, own)
        foreign = (views.languages[pairs.rows] != views.languages[row]).tolist()
        met = {}
        for story_id, places in groups.items():
            story = self.stories[story_id]
            alike = sum([cosine[at] for at in places])
            found = story_features(
                sorted([nearness[at] for at in places], reverse=True),
                self._centre(row, story, alike),
                story.size,
                other_language=all(foreign[at] for at in places),
                owned=owned.get(story_id, 0.0),
            )
            if found is not None:
                met[story_id] = (found, alike, min([apart[at] for at in places]))
        return met

    def _place(
        self,
        row: Row,
        met: dict[str, tuple[tuple[float, ...], float, float]],
        views: Views,
    ) -> Assignment:
        """Join an article to the best of the stories met, or begin one with it."""
        fits = self._fits(row.id, met)
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
        if self._shares is not None:
            self._shares.add(self._places[row.id])
        self._count_for(story.members[-2:] if story.size == 2 else [row.id], best)
        return Assignment(row.id, best, tuple(taken))

    def _fits(
        self, article: str, met: dict[str, tuple[tuple[float, ...], float, float]]
    ) -> dict[str, float]:
        return {
            story: self.model.probability(found, days)
            for story, (found, _, days) in met.items()
            if (article, story) not in self.apart
        }

    def _look_again(self, views: Views, left: Integers, pairs: _Pairs) -> None:
        """Hold articles that are alone against the stories that came about around them.

        Looked at are those of this batch and earlier ones that it brought near. What came in the
        wrong order, such as a preview before the event, finds its story here.
        """
        rows = np.concatenate([left, pairs.rows])
        both = _Pairs(
            np.concatenate([pairs.rows, left]),
            np.tile(pairs.odds, 2),
            np.tile(pairs.cosines, 2),
            np.tile(pairs.days, 2),
        )
        sizes = np.array([self.stories[self.story_of[name]].size for name in self._live.ids])
        telling = (both.odds >= ALONE_ODDS) & (sizes[rows] == 1) & (sizes[both.rows] > 1)
        wanted = np.isin(rows, rows[telling])
        rows, both = rows[wanted], both.at(np.flatnonzero(wanted))
        order = np.lexsort((-both.odds, rows))
        rows, both = rows[order], both.at(order)
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(rows)], strict=False):
            row = int(rows[begin])
            article = self._live.ids[row]
            own = self.story_of[article]
            if self.stories[own].size > 1:
                continue
            near = both.at(slice(begin, min(end, begin + CANDIDATES)))
            fits = self._fits(article, self._met(views, row, near, own))
            for story in sorted(fits, key=lambda name: (-fits[name], name)):
                if fits[story] < self.model.join:
                    break
                keep, lose = self._larger(story, own)
                if self._fit_together(keep, lose, views):
                    members = tuple(self.stories[lose].members)
                    self._merge(keep, lose)
                    self.reviewed.append(Reviewed(lose, keep, members))
                    break

    def _part(self, views: Views, before: dict[str, int]) -> None:
        """Split stories that drifted apart, of those that grew past a step of `STEPS`."""
        for name in sorted(self.stories):
            story = self.stories[name]
            steps = bisect_right(STEPS, story.size)
            if steps == bisect_right(STEPS, before.get(name, 0)) or name in self._settled:
                continue
            members = story.members[-LOOKED_AT:]
            places = np.array([self._places[each] for each in members])
            found, _ = features(views, np.repeat(places, len(places)), np.tile(places, len(places)))
            odds = self.model.pair_odds(found).reshape(len(places), len(places))
            stay, go = ([members[at] for at in half] for half in halves(odds))
            if len(go) < FEWEST_APART:
                continue
            rest = LiveStory(name, stay, len(stay), self._gram(stay, views))
            if self._likeness(go[-COMPARED:], rest, views, name) >= self.model.split:
                continue
            into = _free(go[0], self.stories)
            self.stories[into] = LiveStory(into, go, len(go), self._gram(go, views))
            out = set(go)
            story.members = [each for each in story.members if each not in out]
            story.size -= len(go)
            story.gram = max(story.gram - self.stories[into].gram, float(story.size))
            self.story_of |= dict.fromkeys(go, into)
            self._count_for(go, into, name)
            self.reviewed.append(Reviewed(name, into, tuple(go), split=True))

    def _gram(self, members: Sequence[str], views: Views) -> float:
        summed = np.asarray(views.words[[self._places[each] for each in members]].sum(axis=0))
        return float((summed**2).sum())

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
        fits = self._likeness(small.members[-COMPARED:], large, views, lose) >= self.model.merge
        if not fits:
            self._held_apart[keep, lose] = sizes + max(2, sizes // 3)
        return fits

    def evidence(
        self, articles: Sequence[str], story_id: str, without: Collection[str] = ()
    ) -> list[tuple[tuple[float, ...], float]]:
        """Return `STORY_FEATURES`, and the days between, of live articles and a live story.

        Articles and members `without` are left out of the story; what is too far is left out.
        """
        left_out = {*articles, *without}
        story = self.stories.get(story_id)
        members = [each for each in story.members if each not in left_out] if story else []
        here = [each for each in articles if each in self._places]
        if not members or not here:
            return []
        if self._views is None:
            self._views = self._live.views(self.frequencies.idf())
            everything = np.arange(len(self._live.ids))
            told = {at: self.story_of[name] for at, name in enumerate(self._live.ids)}
            several = {at: name for at, name in told.items() if self.stories[name].size > 1}
            self._shares = Shares(self._views, everything, several)
        rest = LiveStory(story_id, members, len(members), self._gram(members, self._views))
        return [
            each for each in self._compared(here, rest, self._views, story_id) if each is not None
        ]

    def _likeness(self, articles: Sequence[str], story: LiveStory, views: Views, own: str) -> float:
        """Return how likely articles of the story `own` belong to another, on average.

        `story` may be the rest of `own`; whose the terms are then says nothing.
        """
        found = self._compared(articles, story, views, own)
        likely = [self.model.probability(*each) for each in found if each is not None]
        return sum(likely) / len(found)

    def _compared(
        self, articles: Sequence[str], story: LiveStory, views: Views, own: str
    ) -> list[tuple[tuple[float, ...], float] | None]:
        """Return the features of articles and a story, and the days between; None: too far."""
        lefts = [self._places[name] for name in articles]
        rights = [self._places[name] for name in story.members[-2 * COMPARED :]]
        left = np.repeat(np.array(lefts), len(rights))
        right = np.tile(np.array(rights), len(lefts))
        found, cosines = features(views, left, right)
        odds = self.model.pair_odds(found).reshape(len(lefts), len(rights))
        alike = cosines.reshape(odds.shape)
        days = np.abs(views.hours[left] - views.hours[right]).reshape(odds.shape) / 24.0
        compared: list[tuple[tuple[float, ...], float] | None] = []
        for at, row in enumerate(lefts):
            language = views.languages[row]
            told = story_features(
                sorted(odds[at].tolist(), reverse=True),
                self._centre(row, story, float(alike[at].sum())),
                story.size,
                other_language=bool((views.languages[rights] != language).all()),
                owned=0.0
                if own == story.id
                else self._owned(row, (story.id,), own).get(story.id, 0.0),
            )
            compared.append(None if told is None else (told, float(days[at].min())))
        return compared

    def _centre(self, row: int, story: LiveStory, alike: float) -> float:
        """Return the cosine of a row with the centre of a story.

        `alike` is the sum of its cosines with the members that it was compared with, which are all
        that count where they are few.
        """
        if story.size > 2 * COMPARED and self._centres is not None:
            return self._centres.cosine(row, story.id, story.members, self._places)
        return alike / math.sqrt(max(story.gram, 1.0))

    def _merge(self, keep: str, lose: str) -> None:
        gone = self.stories.pop(lose)
        story = self.stories[keep]
        alone = list(story.members) if story.size == 1 else []
        for member in gone.members:
            self.story_of[member] = keep
        story.members += gone.members
        story.size += gone.size
        story.gram += gone.gram
        self._count_for(alone, keep)
        self._count_for(gone.members, keep, lose)


def _free(article: str, taken: Collection[str]) -> str:
    """Return an id for a part of a story that begins with an article."""
    return next(name for end in ("", *"stuvwxyz") if (name := f"{article}{end}") not in taken)


class _Pairs(NamedTuple):
    """Pairs of an article with others: their rows, log odds, cosines, and days between."""

    rows: Integers
    odds: Floats
    cosines: Floats
    days: Floats

    def at(self, places: slice | Integers) -> _Pairs:
        """Return some of the pairs."""
        return _Pairs(self.rows[places], self.odds[places], self.cosines[places], self.days[places])
