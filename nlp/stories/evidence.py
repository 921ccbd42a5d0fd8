"""What speaks for an article's being one of a live story, and for two stories' being one."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.stories.centres import Centres, summed_cosines
from nlp.stories.live import LiveStories, LiveStory
from nlp.stories.membership import OWNED, story_features
from nlp.stories.model import RAREST, JoinModel
from nlp.stories.pairs import features, grid
from nlp.stories.shares import TOP
from nlp.stories.window import Floats, Integers, Views

COMPARED = 8
"""Members of the smaller of two stories that are held against twice as many of the larger."""
HOPELESS = -4.0
"""Log odds of the best pair below which a story is not considered."""
PAIRS_AT_ONCE = 4096
"""Pairs whose features are in memory at once."""

COPY = 0.5
"""The least cosine of a digest with its copy."""
ROUNDING = 1e-3
"""What log odds of pairs at once may differ by from those of one."""

Features = tuple[float, ...]


class Met(NamedTuple):
    """A story that an article was held against.

    `features` are `STORY_FEATURES`, `alike` sums the cosines with the members that were compared,
    and `days` lie between the article and the nearest of them.
    """

    features: Features
    alike: float
    days: float


def set_apart(
    views: Views, rows: Integers, others: Integers, cosines: Floats
) -> npt.NDArray[np.bool_]:
    """Say which pairs have a digest of several events and an article that does not repeat it."""
    one, other = views.digests[rows], views.digests[others]
    found: npt.NDArray[np.bool_] = (one != other) | (one & other & (cosines < COPY))
    return found


class Pairs:
    """Pairs of articles, those of a row next to each other and the likeliest of them first."""

    def __init__(
        self,
        rows: Integers,
        others: Integers,
        found: tuple[Floats, Floats],
        views: Views,
        model: JoinModel,
    ) -> None:
        """Take rows of `views`, and log odds and cosines of the pairs."""
        odds, cosines = found
        order = np.lexsort((-odds, rows))
        rows, others = rows[order], others[order]
        self.arrays = (rows, others, odds[order], cosines[order])
        self.rows, self.others, self.odds, self.cosines = (each.tolist() for each in self.arrays)
        days = (np.abs(views.hours[rows] - views.hours[others]) / 24.0).astype(np.float32)
        self.days: list[float] = days.tolist()
        foreign = views.languages[rows] != views.languages[others]
        self.foreign: list[bool] = foreign.tolist()
        apart = set_apart(views, rows, others, self.arrays[3])
        self.apart: list[bool] = apart.tolist()
        alone = model.log_odds_alone(*self.arrays[2:], days, foreign, apart)
        self.may_be_two: list[bool] = (alone >= model.needed - ROUNDING).tolist()
        """Whether the two would be joined if the other one is alone: most are not worth a look."""

    def ends(self, first: int, count: int) -> list[int]:
        """Return where the pairs of each of the rows from `first` on begin, and the end."""
        ends: list[int] = np.searchsorted(
            self.arrays[0], np.arange(first, first + count + 1)
        ).tolist()
        return ends


@dataclass(frozen=True, slots=True)
class Rules:
    """What people said: see `Detector`."""

    apart: Collection[tuple[str, str]] = ()
    pinned: Collection[str] = ()
    settled: Collection[str] = ()


class Evidence:
    """Holds articles against live stories, and these against each other."""

    def __init__(self, model: JoinModel, live: LiveStories, rules: Rules) -> None:
        self.model, self.rules = model, rules
        self._live = live
        self._views: Views | None = None
        self._centres: Centres | None = None
        self._held_apart: dict[tuple[str, str], int] = {}
        self._needed = model.needed
        self._owned = max(0.0, model.story[OWNED])
        self._ceiling = self._owned * TOP * RAREST

    @property
    def views(self) -> Views:
        """The articles as they are now."""
        if self._views is None:
            raise RuntimeError("Evidence.begin comes first.")
        return self._views

    @property
    def ready(self) -> bool:
        """Whether there are articles to speak of."""
        return self._views is not None

    def begin(self, views: Views, *, centres: bool = True) -> None:
        """Take the articles of a new batch.

        Nothing of what was found in the one before is kept: a run that was killed does not have it.
        """
        self._views = views
        self._held_apart = {}
        self._centres = Centres(views) if centres else None

    def release(self) -> None:
        """Forget the articles of a batch, so that two batches are never in memory at once."""
        self._views = self._centres = None

    def odds(self, left: Integers, right: Integers) -> tuple[Floats, Floats]:
        """Return the log odds of pairs of rows, and their cosines."""
        odds, cosines = (np.zeros(len(left), dtype=np.float32) for _ in range(2))
        for at in range(0, len(left), PAIRS_AT_ONCE):
            here = slice(at, at + PAIRS_AT_ONCE)
            found, cosines[here] = features(self.views, left[here], right[here])
            odds[here] = self.model.pair_odds(found)
        return odds, cosines

    def met(
        self, row: int, pairs: Pairs, begin: int, end: int, own: str = "", *, every: bool = False
    ) -> dict[str, Met]:
        """Return the stories among the pairs from `begin` to `end`, which are those of a row.

        Left out are stories that the row can't belong to whatever its terms say, unless `every` one
        is asked for. `own` is the story that the article is in already, if any.
        """
        groups: dict[str, list[int]] = {}
        story_at = self._live.story_at
        others, odds, may_be_two = pairs.others, pairs.odds, pairs.may_be_two
        for at in range(begin, end):
            story = story_at[others[at]]
            places = groups.get(story.id)
            if places is not None:
                places.append(at)
            elif odds[at] >= HOPELESS and (every or may_be_two[at] or story.size > 1):
                groups[story.id] = [at]
        groups.pop(own, None)
        met: dict[str, Met] = {}
        for story_id, places in groups.items():
            story = self._live.stories[story_id]
            alike = sum([pairs.cosines[at] for at in places])
            found = story_features(
                [odds[at] for at in places],
                self._centre(row, story, alike),
                story.size,
                other_language=all(map(pairs.foreign.__getitem__, places)),
                apart=all(map(pairs.apart.__getitem__, places)),
            )
            if found is not None:
                met[story_id] = Met(found, alike, min([pairs.days[at] for at in places]))
        if not every:
            met = self._possible(row, met)
        return self._with_owned(row, met, own)

    def likely(self, article: str, met: dict[str, Met]) -> dict[str, float]:
        """Return how likely an article belongs to each of the stories met."""
        apart, probability = self.rules.apart, self.model.probability
        return {
            story: probability(each.features, each.days)
            for story, each in met.items()
            if (article, story) not in apart
        }

    def fit_together(self, keep: str, lose: str) -> bool:
        """Say whether the members of two stories, on average, belong to the other one.

        Both have to say so: a small story is like part of a large one more often than the large one
        is like it.
        """
        large, small = self._live.stories[keep], self._live.stories[lose]
        pinned, apart = self.rules.pinned, self.rules.apart
        parted = bool(apart) and any((member, keep) in apart for member in small.members)
        if parted or keep in pinned or lose in pinned:
            return False
        sizes = large.size + small.size
        if sizes < self._held_apart.get((keep, lose), 0):
            return False
        likely = self.likeness(small.members[-COMPARED:], large, lose)
        if small.size > 1:
            likely = min(likely, self.likeness(large.members[-COMPARED:], small, keep))
        fits = likely >= self.model.merge
        if not fits:
            self._held_apart[keep, lose] = sizes + max(2, sizes // 3)
        return fits

    def likeness(self, articles: Sequence[str], story: LiveStory, own: str) -> float:
        """Return how likely articles of the story `own` belong to another, on average.

        `story` may be the rest of `own`; whose the terms are then says nothing.
        """
        found = self.compared(articles, story, own)
        likely = [self.model.probability(*each) for each in found if each is not None]
        return sum(likely) / len(found)

    def compared(
        self, articles: Sequence[str], story: LiveStory, own: str
    ) -> list[tuple[Features, float] | None]:
        """Return the features of articles and a story, and the days between; None: too far."""
        views, live = self.views, self._live
        left = np.array([live.places[name] for name in articles])
        right = np.array([live.places[name] for name in story.members[-2 * COMPARED :]])
        found, cosines = grid(views, left, right)
        odds = self.model.pair_odds(found).reshape(len(left), len(right))
        alike = cosines.reshape(odds.shape).sum(axis=1).tolist()
        near = np.sort(odds, axis=1)[:, ::-1].tolist()
        hours = np.abs(views.hours[left][:, None] - views.hours[right])
        days = (hours.min(axis=1) / 24.0).tolist()
        foreign = (views.languages[left][:, None] != views.languages[right]).all(axis=1).tolist()
        apart = set_apart(views, left[:, None], right, cosines.reshape(odds.shape))
        compared: list[tuple[Features, float] | None] = []
        for at, row in enumerate(left.tolist()):
            told = story_features(
                near[at],
                self._centre(row, story, alike[at]),
                story.size,
                other_language=foreign[at],
                apart=bool(apart[at].all()),
                owned=0.0
                if own == story.id
                else live.owned(row, (story.id,), own).get(story.id, 0.0),
            )
            compared.append(None if told is None else (told, days[at]))
        return compared

    def gram(self, members: Sequence[str]) -> float:
        """Return the sum of the cosines between all pairs of members."""
        rows = [self._live.places[each] for each in members]
        return float(summed_cosines(self.views.words[rows]).sum())

    def _possible(self, row: int, met: dict[str, Met]) -> dict[str, Met]:
        """Return the stories that would be joined if all terms of the row were theirs."""
        needed, log_odds = self._needed, self.model.log_odds
        odds = {story: log_odds(each.features, each.days) for story, each in met.items()}
        possible = {}
        most = -1.0
        for story, each in met.items():
            short = needed - odds[story]
            # Stories of one article own no terms.
            if 0.0 < short < self._ceiling and self._live.stories[story].size > 1:
                if most < 0.0:
                    shares = self._live.shares
                    most = self._owned * shares.most(row) if shares is not None else 0.0
                short -= most
            if short <= 0.0:
                possible[story] = each
        return possible

    def _with_owned(self, row: int, met: dict[str, Met], own: str) -> dict[str, Met]:
        owned = self._live.owned(row, met, own) if met else {}
        for story, value in owned.items():
            each = met[story]
            told = (*each.features[:OWNED], value, *each.features[OWNED + 1 :])
            met[story] = each._replace(features=told)
        return met

    def _centre(self, row: int, story: LiveStory, alike: float) -> float:
        """Return the cosine of a row with the centre of a story.

        `alike` is the sum of its cosines with the members that it was compared with, which are all
        that count where they are few.
        """
        if story.size > 2 * COMPARED and self._centres is not None:
            return self._centres.cosine(row, story.id, story.members, self._live.places)
        return alike / math.sqrt(max(story.gram, 1.0))
