"""A search as a person asks it, over an engine and a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.addresses import PastedAddress
from models.article import Article, Copy
from models.errors import NotFoundError, QueryError, UnknownValueError
from models.lists import Item, ItemKind, KeptList
from models.tags import Entity, EntityCount, TaggedArticle, TopicScore
from search.document import to_document
from search.engine import Sort
from search.engines.whoosh.engine import WhooshEngine
from search.health import compare
from search.request import EntityOffer, Filters, Request
from search.searcher import Searcher
from search.suggestions.corrections import corrected
from search.suggestions.entity_offers import spelled_otherwise

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
LINDEN = EntityCount("person/mara-linden", "Mara Linden", "person", 2)
OSTRAVA = EntityCount("place/ostrava", "Ostrava", "place", 1)


def article(
    number: int, title: str, summary: str = "", entities: tuple[EntityCount, ...] = ()
) -> TaggedArticle:
    moment = NOON + timedelta(days=number)
    return TaggedArticle(
        Article(
            f"a{number}",
            f"https://www.example.com/{number}",
            title,
            summary,
            "",
            "The Example",
            "",
            "",
            "en",
            moment,
            moment,
            1,
        ),
        (TopicScore("economy", 0.8),),
        entities,
    )


class SearchStore:
    """A store in memory."""

    def __init__(self, *articles: TaggedArticle) -> None:
        self.found = {one.article.id: one for one in articles}

    @property
    def articles(self) -> SearchStore:
        return self

    @property
    def entities(self) -> SearchStore:
        return self

    @property
    def duplicates(self) -> SearchStore:
        return self

    @property
    def stories(self) -> SearchStore:
        return self

    @property
    def lists(self) -> SearchStore:
        return self

    def named(self, name: str, user: str | None = None) -> KeptList:
        """There is one list, Ferries, which ada alone sees."""
        if name != "Ferries" or user not in (None, "ada"):
            raise NotFoundError(f"There is no list {name!r}.")
        return KeptList(7, "ada", "Ferries", shared=False, made=NOON)

    def items(self, number: int) -> Sequence[Item]:
        assert number == 7
        things = ((ItemKind.ARTICLE, "a2"), (ItemKind.ENTITY, LINDEN.key))
        return [Item(at, 7, kind, it, NOON, "ada") for at, (kind, it) in enumerate(things)]

    def of(self, article_ids: Sequence[str]) -> Mapping[str, str]:
        return {}

    def copies(self, leader_ids: Sequence[str]) -> Mapping[str, tuple[Copy, ...]]:
        found: dict[str, tuple[Copy, ...]] = {}
        for one in (each.article for each in self.found.values()):
            if one.duplicate_of is not None and one.duplicate_of in leader_ids:
                copy = Copy(one.id, one.url, one.source, one.published)
                found[one.duplicate_of] = (*found.get(one.duplicate_of, ()), copy)
        return found

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        return [self.found[id_] for id_ in ids if id_ in self.found]

    def names(self, keys: Sequence[str]) -> Mapping[str, str]:
        known = {LINDEN.key: "Mara Linden", OSTRAVA.key: "Ostrava"}
        return {key: known[key] for key in keys if key in known}

    def find(self, name: str) -> tuple[str, ...]:
        return {"the mayor": (LINDEN.key,), "mara linden": (LINDEN.key,)}.get(name.lower(), ())

    def top(
        self, kind: str = "", limit: int = 50, offset: int = 0, begins: str = ""
    ) -> list[Entity]:
        known = (Entity(one.key, one.name, one.type, 1) for one in (LINDEN, OSTRAVA))
        return [one for one in known if one.name.lower().startswith(begins.lower())][:limit]

    def get(self, key: str) -> Entity:
        return Entity(key, self.names([key])[key], key.partition("/")[0], 1, ("The Mayor",))


@pytest.fixture
def library() -> SearchStore:
    return SearchStore(
        article(0, "Harbour strike halts ferries", "Dock workers want more.", (OSTRAVA,)),
        article(1, "Mayor ends strike", "Mara Linden spoke at the harbour.", (LINDEN, OSTRAVA)),
        article(2, "Rain in the hills"),
    )


@pytest.fixture
def searcher(tmp_path: Path, library: SearchStore) -> Iterator[Searcher]:
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, library.found.values()))
    yield Searcher(engine, library, lambda: NOON + timedelta(days=1, hours=1))
    engine.close()


def ids(searcher: Searcher, text: str, filters: Filters = Filters()) -> list[str]:  # noqa: B008 - frozen
    results = searcher.search(Request(text, filters, sort=Sort.NEWEST))
    assert list(searcher.matching(text, filters)) == [hit.article.id for hit in results.hits]
    return [hit.article.id for hit in results.hits]


def test_an_article_that_repeats_a_hit_stands_under_it(tmp_path: Path) -> None:
    original = article(0, "Harbour strike halts ferries")
    again = article(1, "Harbour strike halts all ferries")
    again = replace(again, article=replace(again.article, duplicate_of="a0"))
    library = SearchStore(original, again)
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, library.found.values()))
    searcher = Searcher(engine, library)
    results = searcher.search(Request("ferries", fold=True))
    assert [hit.article.id for hit in results.hits] == ["a0"]
    assert [copy.id for copy in results.hits[0].copies] == ["a1"]
    assert (results.total, results.folded, results.listed) == (2, 1, 1)
    assert len(searcher.search(Request("ferries")).hits) == 2
    engine.close()


def test_articles_are_counted_by_day_week_and_month(tmp_path: Path) -> None:
    library = SearchStore(*(article(number, "Harbour strike") for number in (0, 1, 6, 7, 30)))
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, library.found.values()))
    asked = Request("strike", facets=("month", "topic", "week"))
    facets = Searcher(engine, library).search(asked).facets
    assert list(facets) == ["month", "topic", "week"]
    weeks = [(week.value, week.count) for week in facets["week"]]
    assert weeks == [("2024-05-06", 3), ("2024-05-13", 1), ("2024-06-03", 1)]
    assert [(month.value, month.count) for month in facets["month"]] == [
        ("2024-05", 4),
        ("2024-06", 1),
    ]
    engine.close()


def test_a_hit_is_the_article_as_the_store_has_it(searcher: Searcher) -> None:
    results = searcher.search(Request("strikes harbour", facets=("entity", "topic")))
    assert (results.total, results.strict, len(results.hits)) == (2, 2, 2)
    first = results.hits[0]
    assert first.article.title == "Harbour strike halts ferries"
    assert first.title[:3] == (("Harbour", True), (" ", False), ("strike", True))
    assert first.topics[0].slug == "economy"
    assert first.entities == (OSTRAVA,)
    assert first.score >= results.hits[1].score > 0
    assert results.seconds > 0
    assert results.partial == ""


def test_an_article_that_left_the_store_is_left_out(
    searcher: Searcher, library: SearchStore
) -> None:
    del library.found["a0"]
    results = searcher.search(Request("strike"))
    assert [hit.article.id for hit in results.hits] == ["a1"]


def test_facets_have_the_names_of_entities(searcher: Searcher) -> None:
    facet = searcher.search(Request("strike", facets=("entity",))).facets["entity"]
    assert [(value.value, value.name, value.count) for value in facet] == [
        ("place/ostrava", "Ostrava", 2),
        ("person/mara-linden", "Mara Linden", 1),
    ]


def test_an_entity_is_found_by_its_alias(searcher: Searcher) -> None:
    assert ids(searcher, 'entity:"The Mayor"') == ["a1"]
    assert ids(searcher, "", Filters(entities=("the mayor",))) == ["a1"]
    with pytest.raises(UnknownValueError, match="no place 'The Mayor'"):
        ids(searcher, 'place:"The Mayor"')
    assert ids(searcher, "NOT entity:'the mayor'") == ["a2", "a0"]


def test_filters_narrow_like_typed_fields(searcher: Searcher) -> None:
    assert ids(searcher, "strike", Filters(topics=("economy",))) == ["a1", "a0"]
    assert ids(searcher, "rain", Filters(entities=("Ostrava",))) == []
    assert ids(searcher, "", Filters(since=NOON + timedelta(days=1))) == ["a2", "a1"]
    assert ids(searcher, "published:yesterday") == ["a0"]


def test_a_mistyped_query_is_corrected_where_that_finds_more(searcher: Searcher) -> None:
    assert searcher.search(Request("Harbuor strike")).suggestion == "Harbour strike"
    assert searcher.search(Request("strike harbour")).suggestion == ""
    assert searcher.search(Request("zzzzzz")).suggestion == ""
    filtered = Request("harbuor", Filters(sources=("-example",)))
    assert searcher.search(filtered).suggestion == ""


def test_where_nothing_is_found_the_words_that_no_article_has_are_named(
    searcher: Searcher,
) -> None:
    def told(text: str) -> list[str]:
        return [notice.text for notice in searcher.search(Request(text)).notices]

    assert told("zzzzzz AND strike") == ["No article has the word “zzzzzz”."]
    assert told("harbour strike") == []
    assert told("strike published:2090")[0].startswith(
        "No article is dated from 2090-01-01 to 2090-12-31;"
    )


def test_what_can_not_be_read_is_an_error(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match="never closed"):
        searcher.search(Request("(strike"))
    with pytest.raises(QueryError, match="never closed"):
        searcher.matching("(strike")


def test_a_correction_keeps_the_rest_of_the_query() -> None:
    better = {"harbuor": "harbour", "titel": "title"}
    assert corrected('titel:x Harbuor AND "HARBUOR"^2', better) == 'titel:x Harbour AND "Harbour"^2'


def test_articles_alike_share_telling_words(tmp_path: Path) -> None:
    store = SearchStore(
        article(0, "Harbour strike halts ferries", "Dock workers want more for a night."),
        article(1, "Mayor ends strike", "Mara Linden spoke at the harbour."),
        article(2, "The harbour at noon", "Nothing moves."),
        # Two words in common, that half of the archive has, make no article similar.
        *(article(n, f"Workers want rain {n}") for n in range(3, 30)),
        *(article(n, f"Day {n} in the hills") for n in range(30, 60)),
    )
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, store.found.values()))
    searcher = Searcher(engine, store, lambda: NOON)
    assert [hit.article.id for hit in searcher.similar("a0")] == ["a1"]
    assert searcher.similar("no such id") == ()
    assert searcher.similar("a0", limit=0) == ()
    engine.close()


def test_the_last_word_is_completed(searcher: Searcher) -> None:
    assert searcher.complete("harbour STR") == ("harbour strike",)
    assert searcher.complete("rain str") == (), "no pair that does not occur"
    assert searcher.complete("mar") == ('"Mara Linden"', "mara")
    assert searcher.complete("rain mar") == ()
    searcher.topics = lambda: {"economy", "sport"}
    assert searcher.complete("strike ec") == ("strike topic:economy",)
    assert searcher.complete("th")[0] == 'source:"The Example"'
    assert searcher.complete("title:har") == ("title:harbour",)
    assert searcher.complete("topic:har") == ()
    assert searcher.complete("harbour ") == ()
    assert searcher.complete("") == ()


def test_an_index_is_compared_with_the_store() -> None:
    same = compare(["a", "b"], iter(["b", "a"]))
    assert (same.agrees, same.articles) == (True, 2)
    other = compare(["a", "b", "c"], ["b", "d"])
    assert (other.missing, other.surplus, other.agrees) == (("a", "c"), ("d",), False)


@pytest.mark.parametrize(
    ("text", "filters", "nearest"),
    [
        ("topic:econmy", Filters(), "economy"),
        ("strike", Filters(topics=("econmy",)), "economy"),
        ("strike", Filters(topics=("economy|sprot",)), ""),
        ("strike NOT source:exampel", Filters(), "The Example"),
        ("", Filters(languages=("english",)), "en"),
        ("", Filters(entities=("Mara Lindn",)), "person/mara-linden"),
        ("", Filters(sources=("-Exampel",)), "The Example"),
        ("source:www.exmple.com", Filters(), "The Example"),
        ("", Filters(stories=("s1",)), ""),
    ],
)
def test_a_value_that_does_not_exist_is_said_with_the_nearest(
    searcher: Searcher, text: str, filters: Filters, nearest: str
) -> None:
    with pytest.raises(UnknownValueError, match="There is no") as caught:
        searcher.search(Request(text, filters))
    assert caught.value.nearest[:1] == ((nearest,) if nearest else ())
    with pytest.raises(UnknownValueError):
        list(searcher.matching(text, filters))


def test_what_may_yet_come_is_no_fault(searcher: Searcher) -> None:
    searcher.topics = lambda: {"sport"}
    assert searcher.search(Request("topic:sport OR topic:other OR lang:ja")).total == 0
    assert searcher.search(Request("zzzz", Filters(topics=("economy",)))).total == 0


def test_filters_say_either_and_not(searcher: Searcher) -> None:
    def found(**filters: tuple[str, ...]) -> list[str]:
        return sorted(searcher.matching("", Filters(**filters)))  # type: ignore[arg-type]  # names of tuples alone

    assert found(entities=("Ostrava",)) == ["a0", "a1"]
    assert found(entities=("Ostrava", "-Mara Linden")) == ["a0"]
    assert found(entities=("-Ostrava|Mara Linden",)) == ["a2"]
    assert found(languages=("en|ja",)) == found(sources=("example",)) == ["a0", "a1", "a2"]
    assert list(searcher.matching("lang:en|ja entity:-Ostrava")) == ["a2"]


def test_a_name_leads_to_its_entity_however_it_is_spelled(searcher: Searcher) -> None:
    found = searcher.search(Request("The Mayor"))
    assert [(one.name, one.articles) for one in found.entities] == [("Mara Linden", 1)]
    assert found.spellings_of == found.entities[0]
    assert [hit.article.id for hit in found.hits] == ["a1"]
    typed = searcher.search(Request("Mara  Linden", spellings=False))
    assert (len(typed.entities), typed.spellings_of, typed.total) == (1, None, 1)
    assert searcher.search(Request("Mayor AND strike")).entities == ()


def test_other_spellings_are_searched_where_a_name_can_hardly_mean_another() -> None:
    often = EntityOffer("person/a", "Mara Linden", "person", 100)
    hardly, also = (EntityOffer("person/b", "Linden", "person", count) for count in (5, 6))
    assert spelled_otherwise("Linden", [often]) == often
    assert spelled_otherwise("Linden", [often, hardly]) == often
    assert spelled_otherwise("Linden", [often, also]) is None
    assert spelled_otherwise("linden", [often]) is None
    assert spelled_otherwise("mara linden", [often]) == often
    assert spelled_otherwise("Linden", []) is None


def test_any_value_of_a_field_that_no_article_has_is_said(searcher: Searcher) -> None:
    with pytest.raises(UnknownValueError, match="No article has a cluster"):
        searcher.search(Request("cluster:*"))
    with pytest.raises(UnknownValueError, match="No article has a cluster"):
        searcher.search(Request("strike AND cluster:*"))
    assert searcher.search(Request("strike NOT cluster:*")).total
    assert searcher.search(Request("person:*")).total == 1


def test_one_shared_word_makes_no_article_similar(tmp_path: Path) -> None:
    store = SearchStore(
        article(0, "AI pioneer warns of machines", "Mara Linden fears them.", (LINDEN,)),
        article(1, "Sharks pioneered taste", "Fish had it before us."),
        article(2, "Linden on machines", "She spoke in Ostrava.", (LINDEN, OSTRAVA)),
        article(3, "A quiet day in the hills", "Nothing of note.", (OSTRAVA,)),
        article(4, "Machines warn no one", "They hum."),
    )
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, store.found.values()))
    searcher = Searcher(engine, store, lambda: NOON)
    assert [hit.article.id for hit in searcher.similar("a0")] == ["a2", "a4"]
    engine.close()


def test_similar_articles_are_kept_until_the_index_changes(tmp_path: Path) -> None:
    store = SearchStore(
        article(0, "Harbour strike halts ferries", "Dock workers want more for a night."),
        article(1, "Mayor ends strike", "Mara Linden spoke at the harbour."),
        *(article(n, f"Day {n} in the hills") for n in range(30, 60)),
    )
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, store.found.values()))
    searcher = Searcher(engine, store, lambda: NOON)
    assert [hit.article.id for hit in searcher.similar("a0")] == ["a1"]
    more = article(2, "Ferries halt in harbour strike", "Dock workers want more.")
    engine.write([to_document(more)])
    store.found["a2"] = more
    assert [hit.article.id for hit in searcher.similar("a0")] == ["a2", "a1"]
    assert [hit.article.id for hit in searcher.similar("a0", limit=1)] == ["a2"]
    # What is no longer in the store is not shown, whatever the index still has.
    del store.found["a2"]
    assert [hit.article.id for hit in searcher.similar("a0")] == ["a1"]
    engine.close()


def test_a_web_address_finds_its_article_and_nothing_else(
    tmp_path: Path, library: SearchStore
) -> None:
    def read(text: str) -> PastedAddress | None:
        scheme, _, rest = text.rpartition("://")
        host, slash, page = rest.partition("/")
        number, has_part, part = page.partition("#")
        if not slash:
            return None
        part_id = f"a{part}" if has_part else ""
        return PastedAddress(f"a{number}", host, certain=bool(scheme), part_id=part_id)

    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, library.found.values()))
    searcher = Searcher(engine, library, lambda: NOON, mutes=lambda: True, address=read)
    assert ids(searcher, "https://www.example.com/1") == ["a1"]
    assert ids(searcher, "www.example.com/1") == ["a1"]
    assert ids(searcher, "https://www.example.com/1", Filters(topics=("economy",))) == ["a1"]
    gone = searcher.search(Request("https://www.example.com/9"))
    assert (gone.total, [each.query for each in gone.notices]) == (0, ["source:www.example.com"])
    assert searcher.search(Request("https://other.example/9")).notices[0].query == ""
    assert ids(searcher, "https://www.example.com/2#1") == ["a1"]
    assert ids(searcher, "https://www.example.com/1#7") == ["a1"]  # a place in its page
    # Without a scheme it may be words, which are searched for.
    assert searcher.search(Request("harbour/strike")).total == 2
    assert searcher.among(Request("www.example.com/1"), ["a0", "a1"]) == {"a1"}
    engine.close()


@pytest.mark.parametrize(
    ("text", "filters", "numbers"),
    [
        ("list:Ferries", Filters(), [2, 1]),
        ("", Filters(lists=("Ferries",)), [2, 1]),
        ("mayor list:Ferries", Filters(), [1]),
        ("", Filters(lists=("-Ferries",)), [0]),
        ("NOT list:Ferries", Filters(), [0]),
        ("rain OR list:Ferries", Filters(), [2, 1]),
    ],
)
def test_a_list_is_a_filter_of_those_who_see_it(
    searcher: Searcher, text: str, filters: Filters, numbers: list[int]
) -> None:
    asked = Request(text, filters, sort=Sort.NEWEST)
    expected = {f"a{number}" for number in numbers}
    assert {hit.article.id for hit in searcher.as_seen_by("ada").search(asked).hits} == expected
    assert set(searcher.as_seen_by("ada").matching(text, filters)) == expected
    for other in ("bea", ""):
        with pytest.raises(UnknownValueError, match="no list 'Ferries'"):
            searcher.as_seen_by(other).search(asked)
    with pytest.raises(UnknownValueError):  # whoever forgets to say who is asking sees no list
        searcher.search(asked)
