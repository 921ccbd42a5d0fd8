"""Scores the ranking of our engines on the searches of bench/search/judged.toml: nDCG@10.

    python -m bench.search.ranking 2023-11.zip [--engines whoosh]

Three ways to read plain words are compared: all of them required, any of them, and ours (all of
them first, then most). The gain of an article is its grade, discounted by log2 of its rank plus 1,
over that of the best possible ten (Järvelin & Kekäläinen 2002).
"""

from __future__ import annotations

import argparse
import math
import re
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from bench.search.archive import NOW, documents
from search.document import Document
from search.engine import Question
from search.engines.registry import open_engine
from search.query.nodes import And, Node, Or
from search.query.parse import parse

HERE = Path(__file__).parent


def grades(judged: dict[str, list[str]], library: Sequence[Document]) -> dict[str, int]:
    """Return the grade of each article that is relevant or related."""
    about = [re.compile(pattern, re.IGNORECASE) for pattern in judged["about"]]
    near = [re.compile(pattern, re.IGNORECASE) for pattern in judged["near"]]
    found = {}
    for one in library:
        text = f"{one.title} . {one.summary}"
        if all(pattern.search(text) for pattern in about):
            found[one.id] = 2
        elif all(pattern.search(text) for pattern in near):
            found[one.id] = 1
    return found


def ndcg(ids: Sequence[str], graded: dict[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of a ranking."""
    best = sorted(graded.values(), reverse=True)[:depth]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    got = sum(graded.get(id_, 0) / math.log2(rank + 2) for rank, id_ in enumerate(ids[:depth]))
    return got / ideal if ideal else 0.0


def read_as(query: Node, way: str) -> Node:
    """Return a query with its plain words all required, or any of them, or as they are."""
    if not isinstance(query, And) or way == "ours":
        return query
    return And(query.nodes) if way == "all" else Or(query.nodes)


def main() -> None:
    """Index, ask, judge, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("archives", nargs="+")
    arguments.add_argument("--engines", default="whoosh")
    arguments.add_argument("--index", help="where to keep the index, for another run")
    given = arguments.parse_args()
    place = Path(given.index or tempfile.mkdtemp(prefix="slugline-bench-"))
    library = list(documents(given.archives, 10**9))
    judged = tomllib.loads((HERE / "judged.toml").read_text())["query"]
    graded = [grades(one, library) for one in judged]
    sizes = sorted(sum(grade == 2 for grade in found.values()) for found in graded)
    print(f"{len(library):,} articles; relevant to a search: {sizes}")
    for name in given.engines.split(","):
        engine = open_engine(name, place, time_limit=10.0)
        if engine.count() != len(library):
            engine.replace(iter(library))
        ways = ("all", "any", "ours")
        scores: dict[str, list[float]] = {way: [] for way in ways}
        for one, found in zip(judged, graded, strict=True):
            query = parse(one["text"], NOW)
            row = []
            for way in ways:
                answer = engine.search(Question(read_as(query, way), limit=10))
                scores[way].append(ndcg([hit.id for hit in answer.hits], found))
                row.append(f"{way} {scores[way][-1]:.2f} ({answer.total:,})")
            print(f"  {one['text'][:50]:50} {'  '.join(row)}")
        means = "  ".join(f"{way} {sum(found) / len(found):.3f}" for way, found in scores.items())
        print(f"{name}: nDCG@10 {means}")
        engine.close()
    if not given.index:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
