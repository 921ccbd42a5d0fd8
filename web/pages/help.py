"""The page of help: the query language by examples that find something here, and the keys."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from models.errors import SluglineError
from search.engine import Sort
from search.request import Request
from web.searching.find import find

pages = Blueprint("help", __name__)

KEYS = (
    ("/", "go to the search"),
    ("j", "next article"),
    ("k", "previous article"),
    ("o", "open the article"),
    ("v", "open it at its publisher"),
    ("s", "star it"),
    ("e", "correct it"),
    ("?", "this help"),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A query, what it does, and how many articles it finds here."""

    query: str
    says: str
    articles: int


@pages.get("/help")
def help_() -> str:
    """Show what can be asked for, with queries made from what this archive holds."""
    facets = ("topic", "person", "place", "source")
    found = find(Request(sort=Sort.NEWEST, limit=1, facets=facets))
    top = {name: values[0] for name, values in found.facets.items() if values}
    asked: list[tuple[str, str]] = []
    person, place = (top[kind].name if kind in top else "" for kind in ("person", "place"))
    if place and person:
        asked += [
            (
                f"{place} {person}",
                "articles with all of these words first, then those with most of them",
            ),
            (f'"{person}"', "an exact phrase"),
            (f'"{place}" NOT "{person}"', "operators in capitals: AND, OR, NOT"),
            (f'entity:"{person}"', "what names a person, place or organisation"),
        ]
    if place:
        word = place.split()[-1]
        asked += [(f"title:{word}", "a word in the title")]
        asked += [(f"{word[:4]}*", "words that begin so")] if len(word) > 4 else []
    if "topic" in top:
        asked += [(f"topic:{top['topic'].value}", "what is about a topic")]
    if "source" in top:
        asked += [(f'source:"{top["source"].value}"', "what a source published")]
    if found.hits and found.hits[0].article.published:
        last = found.hits[0].article.published
        asked += [
            (f"published:[{last:%Y%m}01 TO {last:%Y%m%d}]", "what was published between days")
        ]
    examples = [each for each in (_example(*pair) for pair in asked) if each]
    return render_template("help.html", examples=examples, keys=KEYS)


def _example(query: str, says: str) -> Example | None:
    try:
        found = find(Request(query, limit=0))
    except SluglineError:
        return None
    return Example(query, says, found.total) if found.total else None
