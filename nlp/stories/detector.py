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

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.stories import StoryArticle
from nlp.stories.centres import summed_cosines
from nlp.stories.evidence import Evidence, Features, Met, Pairs, Rules
from nlp.stories.live import LiveStories, LiveStory
from nlp.stories.model import Frequencies, JoinModel
from nlp.stories.review import CANDIDATES, Reviewed, join_alone, part_halves
from nlp.stories.terms import Reader
from nlp.stories.window import Row

NAMED_BY = 60
"""Newest members among whose headlines a story's name is sought."""
NAMED_TO = 3
"""Digits to which members are held to be as near to the centre as each other."""
FAR = -6.0
"""Log odds below which a pair is as good as one that was not worth a look."""
LIVE_HOURS = 31 * 24.0
"""How long an article is compared with new ones."""
SPAN_HOURS = 10 * 24.0
"""How far apart in time an article and the nearest member of its story may be."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What became of an article: its story, and the stories that this one took in with it."""

    article: str
    story: str
    merged: tuple[str, ...] = ()


Chooser = Callable[[str, "dict[str, Features]"], str | None]
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
        self._live = LiveStories()
        rules = Rules(frozenset(apart), frozenset(pinned), frozenset(settled) | frozenset(pinned))
        self._evidence = Evidence(model, self._live, rules)
        self._doubled: dict[str, int] = {}
        self._reader = Reader()
        self._chooser = chooser
        self.reviewed: list[Reviewed] = []
        """What the second look at the last batch changed."""

    @property
    def stories(self) -> dict[str, LiveStory]:
        """The live stories by id."""
        return self._live.stories

    @property
    def story_of(self) -> dict[str, str]:
        """The story of each live article."""
        live = self._live
        return {
            name: story.id for name, story in zip(live.articles.ids, live.story_at, strict=True)
        }

    def story(self, article: str) -> str:
        """Return the story of a live article."""
        return self._live.story_at[self._live.places[article]].id

    def restore(
        self,
        pieces: Iterable[tuple[Sequence[Row], Sequence[str]]],
        known: Mapping[str, tuple[int, float]],
    ) -> None:
        """Take the live articles of earlier runs: see `LiveStories.restore`."""
        self._live.restore(pieces, known)
        self._doubled = {story.id: story.size.bit_length() for story in self.stories.values()}

    def assign(self, articles: Sequence[StoryArticle]) -> tuple[list[Assignment], list[Row]]:
        """Give articles their stories, in the order given; return that, and their rows to keep.

        What the second look changed after that is in `reviewed`.
        """
        self.reviewed = []
        fresh = self._rows(articles)
        if not fresh:
            return [], []
        live, evidence = self._live, self._evidence
        evidence.release()
        live.forget(min(row.hours for row in fresh) - LIVE_HOURS)
        first = len(live.articles.ids)
        live.add(fresh)
        views = live.articles.views(self.frequencies.idf())
        live.count(views, first)
        evidence.begin(views)
        before = {name: story.size for name, story in self.stories.items()}
        pairs = self._pairs(first)
        ends = pairs.ends(first, len(fresh))
        assigned = []
        for at, row in enumerate(fresh):
            met = evidence.met(
                first + at, pairs, ends[at], ends[at + 1], every=self._chooser is not None
            )
            assigned.append(self._place(row.id, met))
        if self._chooser is None:
            self.reviewed = join_alone(live, evidence, pairs)
            self.reviewed += part_halves(live, evidence, before)
        self.frequencies.add([row.terms for row in fresh])
        return assigned, fresh

    @property
    def live_hours(self) -> float:
        """How long an article is compared with new ones."""
        return LIVE_HOURS

    def name_givers(self, stories: Iterable[str]) -> dict[str, str]:
        """Return for stories that passed a power of two the article nearest to their centre.

        A story keeps its name in between, so that people find it again.
        """
        if not self._evidence.ready:
            return {}
        views = self._evidence.views
        found = {}
        for story_id in stories:
            story = self.stories[story_id]
            doubled, before = story.size.bit_length(), self._doubled.get(story_id, 1)
            self._doubled[story_id] = doubled
            if doubled <= before:
                continue
            members = story.members[-NAMED_BY:]
            places = [self._live.places[member] for member in members]
            words = views.words[places]
            # Rounded, so that of two that are as near the older one names the story.
            near = np.round(summed_cosines(words), NAMED_TO)
            codes = views.languages[places]
            ours = codes == np.bincount(codes).argmax()
            found[story_id] = members[int(np.argmax(np.where(ours, near, -1.0)))]
        return found

    def evidence(
        self, articles: Sequence[str], story_id: str, without: Collection[str] = ()
    ) -> list[tuple[Features, float]]:
        """Return `STORY_FEATURES`, and the days between, of live articles and a live story.

        Articles and members `without` are left out of the story; what is too far is left out.
        """
        live, evidence = self._live, self._evidence
        left_out = {*articles, *without}
        story = self.stories.get(story_id)
        members = [each for each in story.members if each not in left_out] if story else []
        here = [each for each in articles if each in live.places]
        if not members or not here:
            return []
        if not evidence.ready:
            views = live.articles.views(self.frequencies.idf())
            evidence.begin(views, centres=False)
            live.count_all(views)
        rest = LiveStory(story_id, members, len(members), evidence.gram(members))
        found = evidence.compared(here, rest, story_id)
        return [each for each in found if each is not None]

    def _rows(self, articles: Sequence[StoryArticle]) -> list[Row]:
        return [
            Row(each.id, terms, each.moment.timestamp() / 3600.0, each.language, each.source)
            for each, terms in zip(articles, self._reader.read(articles), strict=True)
        ]

    def _pairs(self, first: int) -> Pairs:
        """Return the pairs of new rows, from `first` on, with earlier ones that are near."""
        views = self._evidence.views
        oldest = float(views.hours[first:].min()) - SPAN_HOURS
        left, right = views.candidates(first, CANDIDATES, oldest)
        odds, cosines = self._evidence.odds(left, right)
        near = (odds >= FAR) & (np.abs(views.hours[left] - views.hours[right]) <= SPAN_HOURS)
        return Pairs(left[near], right[near], (odds[near], cosines[near]), views, self.model)

    def _place(self, article: str, met: dict[str, Met]) -> Assignment:
        """Join an article to the best of the stories met, or begin one with it."""
        live, evidence = self._live, self._evidence
        taken: list[str] = []
        if self._chooser is not None:
            best = self._chooser(article, {name: each.features for name, each in met.items()})
        else:
            likely = evidence.likely(article, met)
            fits = [name for name in likely if likely[name] >= self.model.join]
            fits.sort(key=lambda name: (likely[name], name), reverse=True)
            best = fits[0] if fits else None
            for other in sorted(fits, key=lambda name: (-likely[name], name)):
                if best is None or other == best:
                    continue
                keep, lose = live.larger(best, other)
                if evidence.fit_together(keep, lose):
                    live.merge(keep, lose)
                    taken = [name for name in taken if name != keep] + [lose]
                    best = keep
        best = best or article
        live.join(article, best, met[best].alike if best in met else 0.0)
        return Assignment(article, best, tuple(taken))
