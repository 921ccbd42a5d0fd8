"""How well stories are found, how fast, and how still they keep; and how the model is fitted.

    python -m bench.nlp.stories frequencies HOME [HOME ...]
    python -m bench.nlp.stories fit DAY:HOME [DAY:HOME ...] [--out model.json]
    python -m bench.nlp.stories measure DAY:HOME [DAY:HOME ...] [--model model.json] [--whole]
    python -m bench.nlp.stories cross DAY:HOME DAY:HOME [DAY:HOME ...]
    python -m bench.nlp.stories reference DAY:HOME [DAY:HOME ...]
    python -m bench.nlp.stories speed HOME

HOME is a tagged home that holds the labelled day DAY (`nlp/stories/labels/DAY.tsv`). `fit` learns
the weights; `measure` prints BCubed (Bagga & Baldwin 1998) and pair F1 on labelled articles, with
all others of that day around them where `--whole` is given, and what changes in another order.
`cross` fits to all days but one and measures on that one, amid all of its articles, for each.
`reference` prints what plain TF-IDF with average linkage has on the labelled articles, at the best
threshold there is for that very day: how hard a day is.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from bench.nlp.story_days import Day, read_home, score
from models.stories import StoryArticle
from nlp.stories.detector import Detector
from nlp.stories.membership import STORY_FEATURES
from nlp.stories.model import (
    SHIPPED,
    Frequencies,
    JoinModel,
    write_rates,
)
from nlp.stories.pairs import FEATURES, features
from nlp.stories.review import CANDIDATES
from nlp.stories.terms import Reader
from nlp.stories.window import Live, Row, Views

ORDERS = 6
BATCH = 2000


def frequencies(homes: Sequence[str]) -> None:
    """Write how common terms are in all articles of some homes."""
    reader, counted = Reader(), Frequencies()
    for home in homes:
        counted.add(reader.read(read_home(home)))
    write_rates(SHIPPED / "frequencies.npz", counted.counts, counted.articles, fewest=4)
    size = (SHIPPED / "frequencies.npz").stat().st_size
    print(f"{counted.articles} articles, {np.count_nonzero(counted.counts)} terms, {size} bytes")


def folded_weights(pipeline: Any) -> tuple[float, ...]:
    """Return a fitted regression's weights for features as they are, the constant last."""
    scaler, fitted = pipeline[0], pipeline[-1]
    weights = fitted.coef_[0] / scaler.scale_
    constant = fitted.intercept_[0] - (weights * scaler.mean_).sum()
    return (*(float(weight) for weight in weights), float(constant))


def regression(penalty: float) -> Any:
    """Return a regression over scaled features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=5000))


def learn(days: Sequence[Day]) -> JoinModel:
    """Fit both regressions; the second meets stories as articles come in several orders.

    The first meets the pairs that the detector asks about: most of all pairs have nothing in
    common, and what tells those apart says little of the rest. In one thread, so that sums come out
    the same however many a machine has.
    """
    with threadpool_limits(1):
        return _learn(days)


def _learn(days: Sequence[Day]) -> JoinModel:
    reader, found, told = Reader(), [], []
    for day in days:
        rows = [
            Row(a.id, terms, a.moment.timestamp() / 3600, a.language, a.source)
            for a, terms in zip(day.articles, reader.read(day.articles), strict=True)
        ]
        views = _views(rows)
        left, right = views.candidates(0, CANDIDATES)
        found.append(features(views, left, right)[0])
        gold = np.array(day.gold)
        told.append(gold[left] == gold[right])
    pairs = regression(0.05).fit(np.vstack(found), np.concatenate(told))
    model = JoinModel(folded_weights(pairs), (0.0,) * (len(STORY_FEATURES) + 1))
    examples: list[tuple[float, ...]] = []
    belongs: list[bool] = []
    chance = random.Random(1)  # noqa: S311 - orders to try
    for day in days:
        for order in range(ORDERS):
            articles = list(day.articles)
            if order:
                chance.shuffle(articles)
            stories: dict[str, str] = {}

            def choose(
                article: str,
                met: dict[str, tuple[float, ...]],
                day: Day = day,
                stories: dict[str, str] = stories,
            ) -> str | None:
                gold = day.labels[article]
                for story, each in met.items():
                    examples.append(each)
                    belongs.append(stories.get(gold) == story)
                return stories.setdefault(gold, article)

            Detector(model, Frequencies(), chooser=choose).assign(articles)
    # An article in the wrong story of n makes n wrong pairs.
    at_stake = np.exp(np.array(examples)[:, STORY_FEATURES.index("size")])
    at_stake /= at_stake.mean()
    fitted = regression(0.1)
    fitted.fit(np.array(examples), np.array(belongs), logisticregression__sample_weight=at_stake)
    print(dict(zip(FEATURES, np.round(pairs[-1].coef_[0].astype(float), 2).tolist(), strict=True)))
    print("stories", np.round(fitted[-1].coef_[0], 2).tolist(), len(belongs), sum(belongs))
    return JoinModel(folded_weights(pairs), folded_weights(fitted))


def detect(
    model: JoinModel, articles: Sequence[StoryArticle], batch: int = BATCH
) -> dict[str, str]:
    """Return the story of each article, found as they come."""
    detector = Detector(model, Frequencies())
    for at in range(0, len(articles), batch):
        detector.assign(articles[at : at + batch])
    return dict(detector.story_of)


def measure(days: Sequence[Day], model: JoinModel, *, whole: bool) -> None:
    """Print how well the labelled days are told apart, and what another order changes."""
    for day in days:
        articles = day.everything if whole else day.articles
        found = detect(model, articles)
        print(day.name, score(day.gold, [found[a.id] for a in day.articles]))
        again = detect(model, articles, batch=97)
        moved = sum(found[a] != again[a] for a in found)
        print(f"  {moved} of {len(found)} elsewhere where they come 97 at a time")
        mixed = list(day.articles)
        chance = random.Random(2)  # noqa: S311 - an order to try
        chance.shuffle(mixed)
        other = detect(model, mixed)
        alone = detect(model, day.articles)
        ids = [a.id for a in day.articles]
        print("  in another order:", score([alone[i] for i in ids], [other[i] for i in ids]))
        print("  against gold in that order:", score(day.gold, [other[i] for i in ids]))


def cross(days: Sequence[Day]) -> None:
    """Print how well each day is told apart by what was fitted to the others."""
    scores = []
    for day in days:
        model = learn([each for each in days if each is not day])
        found = detect(model, day.everything)
        scores.append(score(day.gold, [found[a.id] for a in day.articles]))
        print(day.name, scores[-1])
    bcubed, pairs = (sum(each[at][2] for each in scores) / len(scores) for at in (0, 1))
    print(f"mean of {len(scores)} days: BCubed F1 {bcubed:.3f}, pairs F1 {pairs:.3f}")


def reference(days: Sequence[Day]) -> None:
    """Print what TF-IDF and average linkage over the whole day have, at the day's best threshold.

    The title counts twice, frequencies are logarithmic, and the idf is that of the whole home.
    """
    idfs: dict[str, TfidfVectorizer] = {}
    for day in days:
        if day.home not in idfs:
            everything = read_home(day.home)
            idfs[day.home] = TfidfVectorizer(sublinear_tf=True, min_df=2).fit(
                map(_text, everything)
            )
        rows = idfs[day.home].transform(map(_text, day.articles))
        far = np.clip(1.0 - (rows @ rows.T).toarray(), 0.0, None)
        np.fill_diagonal(far, 0.0)
        tree = linkage(squareform(far, checks=False), "average")
        cuts = [fcluster(tree, at, "distance").tolist() for at in np.arange(0.5, 0.98, 0.01)]
        scores = [score(day.gold, each) for each in cuts]
        alone = score(day.gold, [each.id for each in day.articles])
        best, pairs = (max(scores, key=lambda one: one[at][2]) for at in (0, 1))
        print(f"{day.name} each alone: BCubed F1 {alone.bcubed[2]:.3f}")
        print(f"  best by BCubed: {best}\n  best by pairs:  {pairs}")


def _text(article: StoryArticle) -> str:
    return f"{article.title} {article.title} {article.summary}"


def speed(home: str, model: JoinModel) -> None:
    """Print how fast all articles of a home get their stories, and the memory that takes."""
    articles = read_home(home)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    detector = Detector(model, Frequencies())
    seconds = []
    for batch in _batches(articles):
        began = time.process_time()
        detector.assign(batch)
        seconds.append(time.process_time() - began)
    last = sum(seconds[-5:-1]) or sum(seconds)
    print(
        f"{len(articles)} articles in {sum(seconds):.1f} CPU seconds"
        f" ({len(articles) / sum(seconds):.0f} a second; the last of them"
        f" {len(seconds[-5:-1]) * BATCH / last:.0f})"
    )
    sizes = Counter(detector.story_of.values())
    several = sorted((n for n in sizes.values() if n > 1), reverse=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{memory / 1024:.0f} MB more; {len(several)} stories of {sum(several)} articles,"
        f" the largest {several[:10]}"
    )


def _views(rows: Sequence[Row]) -> Views:
    live = Live()
    live.add(rows)
    return live.views(Frequencies().idf())


def _batches(articles: Sequence[StoryArticle]) -> Iterator[Sequence[StoryArticle]]:
    for at in range(0, len(articles), BATCH):
        yield articles[at : at + BATCH]


def main() -> None:
    """Do the step asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "step", choices=("frequencies", "fit", "measure", "cross", "reference", "speed")
    )
    parser.add_argument("places", nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED / "model.json")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    if options.step == "frequencies":
        frequencies(options.places)
    elif options.step == "fit":
        days = [Day(spec) for spec in options.places]
        model = learn(days)
        if options.out:
            about = f"bench/nlp/stories.py fit {' '.join(day.name for day in days)}"
            model.save(options.out, about)
    elif options.step == "cross":
        cross([Day(spec) for spec in options.places])
    elif options.step == "reference":
        reference([Day(spec) for spec in options.places])
    elif options.step == "measure":
        days = [Day(spec) for spec in options.places]
        measure(days, JoinModel.load(options.model), whole=options.whole)
    else:
        speed(options.places[0], JoinModel.load(options.model))


if __name__ == "__main__":
    main()
