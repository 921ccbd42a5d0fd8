"""Which entities are offered above the hits of a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.tags import Entity
from search.document import Document
from search.engine import Engine
from search.engines.whoosh.engine import WhooshEngine
from search.query.parse import parse
from search.suggestions.entity_offers import named_in, offers

NOW = datetime(2024, 5, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Names:
    """Entities by the names that lead to them, and how many articles mention each."""

    articles: Mapping[str, int]
    named: Mapping[str, tuple[str, ...]]
    own: Mapping[str, str]

    def find(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(self.named[name.lower()], key=lambda key: -self.articles[key]))

    def names(self, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.own[key] for key in keys}

    def get(self, key: str) -> Entity:
        return Entity(key, self.own[key], key.partition("/")[0], self.articles[key])

    def top(
        self, kind: str = "", limit: int = 50, offset: int = 0, begins: str = ""
    ) -> tuple[Entity, ...]:
        return ()


def offered(directory: Path, typed: str, entities: Names, *, plain: int = 0) -> list[str]:
    """Return what is offered where `plain` articles have the words and no entity."""

    def documents() -> Iterator[Document]:
        for number in range(plain):
            yield document(f"plain{number}", ())
        for key, articles in entities.articles.items():
            for number in range(articles):
                names = ((key, entities.own[key], key.partition("/")[0]),)
                yield document(f"{key}{number}", names)

    def document(id_: str, names: tuple[tuple[str, str, str], ...]) -> Document:
        return Document(
            id=id_,
            title=f"{typed} again",
            summary="",
            body="",
            source="Harbour Post",
            host="harbourpost.example",
            feed="",
            section="",
            language="en",
            published=NOW,
            topics=(),
            entities=names,
        )

    engine: Engine = WhooshEngine(directory / "index")
    engine.write(documents())
    query = parse(typed, NOW)
    try:
        return [one.key for one in offers(named_in(typed, query), query, entities, engine)]
    finally:
        engine.close()


def people(**articles: int) -> Names:
    """Return people of one family name, by their first names."""
    keys = {f"person/{first}-vanek": first for first in articles}
    return Names(
        {key: articles[first] for key, first in keys.items()},
        {"vanek": tuple(keys)},
        {key: f"{first.title()} Vanek" for key, first in keys.items()},
    )


def test_namesakes_with_next_to_no_articles_are_not_offered(tmp_path: Path) -> None:
    assert offered(tmp_path, "Vanek", people(petra=60, jan=9, karel=1)) == [
        "person/petra-vanek",
        "person/jan-vanek",
    ]


def test_what_is_called_so_comes_without_what_only_has_the_word(tmp_path: Path) -> None:
    names = Names(
        {"place/vanek": 60, "person/petra-vanek": 4},
        {"vanek": ("place/vanek", "person/petra-vanek")},
        {"place/vanek": "Vanek", "person/petra-vanek": "Petra Vanek"},
    )
    assert offered(tmp_path, "vanek", names) == ["place/vanek"]


def test_an_entity_that_the_words_seldom_mean_is_not_offered(tmp_path: Path) -> None:
    assert offered(tmp_path, "Vanek", people(petra=2), plain=200) == []


def test_an_entity_of_one_article_is_offered_where_there_is_little_else(tmp_path: Path) -> None:
    assert offered(tmp_path, "Vanek", people(petra=1), plain=3) == ["person/petra-vanek"]
