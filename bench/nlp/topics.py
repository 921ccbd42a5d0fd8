"""How good and how fast topics are: `python -m bench.nlp.topics GOLD.jsonl [MODEL]`.

Prints the figures of `slugline topics evaluate` by topic, the articles tagged a second, and beside
them what scikit-learn's own TF-IDF and product would take in the same run, on one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.topics.evaluate import evaluate, read_gold
from nlp.topics.model import TopicModel

ROUNDS = 5


def main() -> None:
    """Run the bench."""
    gold = read_gold(Path(sys.argv[1]))
    model = TopicModel.load(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    found = evaluate(model, gold)
    print(f"{model.stamp}: {model.recipe}")
    print(
        f"macro-F1 {found.macro_f1:.3f}, best {found.accuracy:.3f}, best two "
        f"{found.top2_accuracy:.3f}, NMI {found.nmi:.3f}, {found.articles} articles"
    )
    for slug, figures in found.topics.items():
        print(
            f"  {slug:<14} P {figures.precision:.2f} R {figures.recall:.2f} "
            f"F1 {figures.f1:.2f} n {figures.support}"
        )
    texts = [(row.title, row.summary) for row in gold]
    ours = min(_seconds(lambda: model.tag(texts)) for _ in range(ROUNDS))
    joined = [f"{title} {title} {summary}" for title, summary in texts]
    vectorizer = TfidfVectorizer(
        vocabulary=sorted({t for t in model.vocabulary.terms if " " not in t}),
        sublinear_tf=True,
        strip_accents="unicode",
    )
    matrix = vectorizer.fit_transform(joined)
    weights = model.weights[0][: matrix.shape[1]]
    theirs = min(_seconds(lambda: vectorizer.transform(joined) @ weights) for _ in range(ROUNDS))
    print(
        f"tagging: {len(texts) / ours:,.0f} articles/s; scikit-learn's TF-IDF and product: "
        f"{len(texts) / theirs:,.0f} articles/s; ratio {theirs / ours:.2f}"
    )


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
