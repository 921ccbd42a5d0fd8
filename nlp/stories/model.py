"""The join model: weights by which articles are joined to stories, and how common terms are.

Two logistic regressions. The first says of two articles whether they tell one story, the second
of an article and a story whether it belongs there, from what the first says of the story's
members. Both are fitted by `bench/nlp/stories.py fit` to days that were labelled by reading.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from operator import mul
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from nlp.stories.membership import STORY_FEATURES
from nlp.stories.pairs import FEATURES
from nlp.stories.terms import Terms
from nlp.stories.words import BUCKETS

SHIPPED = Path(__file__).with_name("shipped")
FORMAT = 3
PRIOR_ARTICLES = 20_000
"""Articles that the shipped frequencies weigh as much as, beside those of the archive itself."""
LEAST = 3e-5
"""What is added to the share of articles with a term, so that one never seen has an idf, too."""
RAREST = -math.log(LEAST)
"""The highest idf there is."""
EVERYWHERE = 0.2
"""Terms in more of all articles than this say nothing."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class JoinModel:
    """Weights for `pairs.FEATURES` and `STORY_FEATURES`, each with its constant at the end.

    An article joins the story of the highest probability if that is `join` or more. Two stories
    become one where an article fits both and, on average, the members of each fit the other with
    `merge` or more; a story becomes two where those of its smaller half fit the larger
    with less than `split`. Each day between an article and a story costs `day` log odds.
    """

    pair: tuple[float, ...]
    story: tuple[float, ...]
    join: float = 0.35
    merge: float = 0.4
    split: float = 0.05
    day: float = 0.7

    def __post_init__(self) -> None:
        if len(self.pair) != len(FEATURES) + 1 or len(self.story) != len(STORY_FEATURES) + 1:
            raise ModelError("The story model has other features than this version of Slugline.")

    def pair_odds(self, found: Floats) -> Floats:
        """Return the log odds of pairs by their features."""
        weights = np.array(self.pair, dtype=np.float32)
        return np.asarray(found @ weights[:-1] + weights[-1], dtype=np.float32)

    def log_odds(self, found: Sequence[float], days: float) -> float:
        """Return the log odds that an article belongs to a story, by features and days between."""
        late = days - 0.5
        odds = self.story[-1] - self.day * late if late > 0.0 else self.story[-1]
        told: float = sum(map(mul, self.story, found))
        return odds + told

    def log_odds_alone(
        self,
        odds: Floats,
        cosines: Floats,
        days: Floats,
        foreign: npt.NDArray[np.bool_],
        apart: npt.NDArray[np.bool_],
    ) -> Floats:
        """Return `log_odds` of pairs of articles, the second of which is a story by itself."""
        weights = dict(zip(STORY_FEATURES, self.story, strict=False))
        near = weights["best"] + weights["quorum"] + weights["mean"]
        told = near * odds + weights["centre"] * cosines + weights["alone"]
        told += weights["other_language"] * foreign
        told[apart] = -np.inf
        late = np.maximum(days - 0.5, 0.0)
        return np.asarray(told + self.story[-1] - self.day * late, dtype=np.float32)

    @property
    def needed(self) -> float:
        """The log odds from which an article joins a story."""
        return math.log(self.join / (1.0 - self.join)) - 1e-6

    def probability(self, found: Sequence[float], days: float) -> float:
        """Return how likely an article belongs to a story, by its features and days between."""
        odds = self.log_odds(found, days)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))

    @classmethod
    def load(cls, path: Path = SHIPPED / "model.json") -> JoinModel:
        """Load a model; raises ModelError."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept.pop("format") != FORMAT:
                raise ModelError(f"{path} was written by another version of Slugline.")
            kept.pop("about", None)
            return cls(**kept | {"pair": tuple(kept["pair"]), "story": tuple(kept["story"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is not a story model: {error}.") from error

    def save(self, path: Path, about: str) -> None:
        """Write the model; `about` says how it was made."""
        kept = {"format": FORMAT, "about": about} | asdict(self)
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def with_weights(model: JoinModel, story: Sequence[float]) -> JoinModel:
    """Return a model with other weights of `STORY_FEATURES`; the same where they don't fit it."""
    if len(story) != len(model.story):
        return model
    return replace(model, story=tuple(story))


class Frequencies:
    """In how many articles each term occurs: of this archive, beside the shipped ones.

    `counts` has a figure for each of the `BUCKETS` terms, `articles` how many were counted.
    """

    def __init__(self, counts: npt.NDArray[np.int32] | None = None, articles: int = 0) -> None:
        self.counts = np.zeros(BUCKETS, dtype=np.int32) if counts is None else counts
        self.articles = articles

    def add(self, articles: Sequence[Terms]) -> None:
        """Count the terms of articles."""
        if not articles:
            return
        self.articles += len(articles)
        kinds = [(each.words, each.names, each.figures) for each in articles]
        lengths = [sum(map(len, each)) for each in kinds]
        numbers = np.concatenate([numbers for each in kinds for numbers in each])
        # A number may stand for a word and for a name: it counts once for an article.
        rows = np.repeat(np.arange(len(articles), dtype=np.int64), lengths)
        once = np.sort(rows * BUCKETS + numbers)
        once = once[np.diff(once, prepend=-1) > 0]
        self.counts += np.bincount(once & (BUCKETS - 1), minlength=BUCKETS).astype(np.int32)

    def idf(self) -> Floats:
        """Return the inverse document frequencies of all terms."""
        rate = shipped_rates() * PRIOR_ARTICLES + self.counts
        rate /= PRIOR_ARTICLES + self.articles
        everywhere = rate > EVERYWHERE
        rate += LEAST
        idf: Floats = np.maximum(-np.log(rate, out=rate), 0.0).astype(np.float32)
        idf[everywhere] *= 0.3
        return idf


@cache
def shipped_rates() -> Floats:
    """Return the shipped share of articles with each term."""
    path = SHIPPED / "frequencies.npz"
    rates = np.zeros(BUCKETS, dtype=np.float32)
    try:
        with np.load(path) as kept:
            rates[np.cumsum(kept["gaps"], dtype=np.int64)] = np.exp2(kept["rarity"] / -8.0)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} can't be read: {error}.") from error
    return rates


def write_rates(path: Path, counts: npt.NDArray[np.int32], articles: int, fewest: int) -> None:
    """Write the shares of articles with each term that `fewest` articles have or more."""
    known = np.flatnonzero(counts >= fewest)
    rarity = np.round(-np.log2(counts[known] / articles) * 8).clip(0, 255).astype(np.uint8)
    gaps = np.diff(known, prepend=0).astype(np.uint32)
    np.savez_compressed(path, gaps=gaps, rarity=rarity)
