"""The job that assigns tagged articles to stories, in order of publication.

    store.stories.detection: due -> detector -> put -> change queue

What the detector needs to know of earlier articles is in the store, so that it goes on where it
was: after a batch, after a restart, and in another process.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slugline.jobs.holder import the_only_one
from slugline.progress import ProgressBar
from store.store import Store

if TYPE_CHECKING:
    from models.stories import StoryArticle
    from nlp.stories.detector import Detector
    from nlp.stories.window import Row

BATCH = 2000


@dataclass(frozen=True, slots=True)
class StoriesResult:
    """What finding stories did: articles looked at, and how many stories there are now."""

    articles: int
    stories: int
    seconds: float


def find_stories(
    store: Store, bar: ProgressBar, *, ended: Callable[[], bool] = lambda: False
) -> StoriesResult:
    """Give all that is due a story. `ended` says that no further batch is to be begun.

    One process does it at a time: a story depends on what came before.
    """
    began = time.perf_counter()
    done = 0
    if store.stories.detection.count_due():  # asked without a write, since most often there is none
        with the_only_one(store, "stories"):
            done = _find(store, bar, ended)
    store.trends.refresh()
    return StoriesResult(done, store.stories.count(), time.perf_counter() - began)


def _find(store: Store, bar: ProgressBar, ended: Callable[[], bool]) -> int:
    """Return how many articles were looked at."""
    due = store.stories.detection.due()
    done = 0
    detector: Detector | None = None
    hours: list[float] = []
    while done < len(due) and not ended():
        numbers = due[done : done + BATCH]
        batch = store.stories.detection.read(numbers)
        if detector is None:
            detector = restored(store, min(each.moment for each in batch).timestamp() / 3600.0)
        _assign(store, detector, batch)
        hours = sorted(each.moment.timestamp() / 3600.0 for each in batch)
        done += len(numbers)
        bar(len(numbers))
    if detector is not None and hours:
        # Not by the newest: among articles of an archive, one without a date is of today.
        store.stories.detection.forget_terms(hours[len(hours) // 10] - 2 * detector.live_hours)
    return done


@dataclass(frozen=True, slots=True)
class StoriesFitted:
    """What a fit learned from: changes by people, and decisions on articles that these make.

    `right_before` and `right_after` count the decisions that the model makes as people did.
    """

    changes: int
    decisions: int
    right_before: int
    right_after: int


def fit_stories(store: Store) -> StoriesFitted:
    """Learn from what people merged, split and added; the weights are kept in the store.

    Raises UsageError where nobody changed anything of the articles that are still compared.
    """
    from models.errors import UsageError
    from models.stories import Edit
    from nlp.stories.model import JoinModel, with_weights
    from nlp.stories.refit import Lesson, refit, right

    edits = store.stories.edits.by_people()
    detector = restored(store, 0.0)
    lessons: list[Lesson] = []
    taught = 0
    for edit in edits:
        ends = {
            Edit.MERGE: ((edit.other, True),),
            Edit.ADD: ((edit.story, True),),
            Edit.SPLIT: ((edit.story, False),),
        }[edit.kind]
        found = [
            Lesson(features, days, belongs)
            for story, belongs in ends
            for features, days in detector.evidence(edit.articles, store.stories.leading(story))
        ]
        taught += bool(found)
        lessons += found
    if not lessons:
        raise UsageError(
            "There is nothing to learn from: no one has merged, split or added to a story that is"
            " still being told. See `slugline stories --help`."
        )
    shipped = JoinModel.load()
    fitted = refit(shipped, lessons)
    before = with_weights(shipped, store.stories.edits.weights())
    store.stories.edits.keep_weights(fitted.story)
    return StoriesFitted(taught, len(lessons), right(before, lessons), right(fitted, lessons))


def restored(store: Store, hours: float) -> Detector:
    """Return a detector that knows what is live at a time (hours since 1970)."""
    import numpy as np

    from nlp.stories.detector import LIVE_HOURS, Detector
    from nlp.stories.model import Frequencies, JoinModel, with_weights
    from nlp.stories.words import BUCKETS

    articles, packed = store.stories.detection.counts()
    counts = np.zeros(BUCKETS, dtype=np.int32)
    if packed:
        counts = np.frombuffer(zlib.decompress(packed), dtype=np.int32).copy()
    detector = Detector(
        with_weights(JoinModel.load(), store.stories.edits.weights()),
        Frequencies(counts, articles),
        store.stories.edits.apart(),
        pinned=store.stories.edits.pinned(),
        settled=store.stories.edits.settled(),
    )
    detector.restore(_live(store, hours - LIVE_HOURS), store.stories.detection.sizes())
    return detector


def _live(store: Store, since_hours: float) -> Iterator[tuple[list[Row], list[str]]]:
    """Give the live articles by pieces, and the story of each."""
    from nlp.stories.terms import unpack
    from nlp.stories.window import Row

    for piece in store.stories.detection.live(since_hours):
        yield (
            [Row(a.id, unpack(a.terms), a.hours, a.language, a.source) for a in piece],
            [each.story for each in piece],
        )


def _assign(store: Store, detector: Detector, batch: list[StoryArticle]) -> None:
    """Give a batch of articles their stories, and store them with what the detector learned."""
    from nlp.stories.terms import pack
    from store.stories.detection import AssignedArticle, MovedArticles

    assigned, rows = detector.assign(batch)
    found = [
        AssignedArticle(each.article, each.story, row.hours, pack(row.terms), each.merged)
        for each, row in zip(assigned, rows, strict=True)
    ]
    reviewed = [
        MovedArticles(each.story, each.into, each.articles, each.split)
        for each in detector.reviewed
    ]
    touched = {detector.story(each.article) for each in assigned}
    touched |= {each.into for each in reviewed} | {each.story for each in reviewed if each.split}
    touched &= detector.stories.keys()
    counts = detector.frequencies.counts
    store.stories.detection.put(
        found,
        {story: detector.stories[story].gram for story in touched},
        detector.name_givers(touched),
        (detector.frequencies.articles, zlib.compress(counts.tobytes(), 1)),
        reviewed,
    )
