"""How right topics and names are in languages that the archive hardly has, on invented news.

    .venv/bin/python -m bench.nlp.languages_invented [--errors] [LIST ...]

`tests/data/invented/LANGUAGE-first.txt`, `-second` and `-third` have an article a line: topics,
title and summary, names marked as `{P:person}`, `{O:organisation}` or `{L:place}`. We wrote them,
so they are kinder than real news: every article has a topic, no name is misspelt. Rules and seed
terms were mended with the errors of the first lists in view, seed terms also with those of the
second; the third lists were written after that, and nothing was mended by them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.entities.gold import Name, Row
from bench.entities.quality import Found, report
from bench.nlp.topics_drawn import strictly
from models.tags import OTHER
from nlp.entities.tagger import EntityTagger, Text
from nlp.ner.pipeline import Span
from nlp.topics.by_language import TopicModels

INVENTED = Path(__file__).parents[2] / "tests" / "data" / "invented"
LABELS = {"P": "PERSON", "O": "ORG", "L": "PLACE"}
_NAME = re.compile(r"\{([POL]):([^}]*)\}")


class Invented(NamedTuple):
    """An invented article with its names, and its topics."""

    row: Row
    topics: frozenset[str]


def invented(name: str) -> list[Invented]:
    """Read the invented articles of a list such as `de-first`."""
    lines = (INVENTED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_article(f"{name}-{number}", line) for number, line in enumerate(lines, start=1)]


def _article(number: str, line: str) -> Invented:
    topics, *fields = line.split(" | ")
    names = [
        name
        for field, text in zip(("title", "summary"), fields, strict=True)
        for name in _names(field, text)
    ]
    title, summary = (_NAME.sub(r"\2", text) for text in fields)
    return Invented(
        Row(number, "invented", title, summary, tuple(names)), frozenset(topics.split(","))
    )


def _names(field: str, text: str) -> Iterator[Name]:
    removed = 0
    for found in _NAME.finditer(text):
        start = found.start() - removed
        yield Name(field, start, start + len(found.group(2)), LABELS[found.group(1)])
        removed += len(found.group()) - len(found.group(2))


def named(rows: Sequence[Row], language: str) -> list[Found]:
    """Return what Slugline finds in each article without a pipeline."""
    tagged = EntityTagger({}).tag([Text(row.title, row.summary, language) for row in rows])
    return [
        [(each.field, Span(each.start, each.end, each.label)) for each in row] for row in tagged
    ]


def main() -> None:
    """Print the figures of topics and of names, by language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="*", metavar="LIST", help="such as de-first; default: all")
    parser.add_argument("--errors", action="store_true", help="name what is wrong and missed")
    options = parser.parse_args()
    models = TopicModels.load()
    for name in options.lists or sorted(path.stem for path in INVENTED.glob("*.txt")):
        language = name.partition("-")[0]
        articles = invented(name)
        rows = [article.row for article in articles]
        tags = models.tag([(row.title, row.summary) for row in rows], language)
        shown = {
            row.id: tuple(tag.slug for tag in said if tag.slug != OTHER)
            for row, said in zip(rows, tags, strict=True)
        }
        labels = {article.row.id: article.topics for article in articles}
        untold = sum(not said for said in shown.values())
        print(f"\n{name}: {len(rows)} articles, {untold} without a topic")
        print(f"topics: {strictly(shown, labels)}")
        for row in rows if options.errors else ():
            if set(shown[row.id]) != labels[row.id]:
                print(
                    f"  {row.title}\n      shown {shown[row.id]}, expected {sorted(labels[row.id])}"
                )
        report(f"{name}, names", rows, named(rows, language), options.errors)


if __name__ == "__main__":
    main()
