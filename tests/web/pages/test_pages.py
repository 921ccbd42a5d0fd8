"""The pages on a real store and a real index: what they show, and where they lead."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa

from models.tags import Tags
from search.sync import drain
from tests.web.sample_site import ARABIC, BARRAGE, RECALL, TALKS, TWIN, Site, open_site, put
from web.context import WebSettings

PAGES = (
    "/",
    "/search",
    "/search?q=dam",
    "/search?q=dam&topic=politics&since=2025-06-01&until=2025-06-30",
    "/search?entity=person/radomir-kask",
    "/search?q=(dam",
    "/search?q=zzzz",
    "/search/batch?q=dam&topic=politics",
    "/compare?q=dam&q=Rovers&by=week",
    "/facets/topic?q=dam&topic=politics",
    f"/articles/{TALKS.id}",
    f"/articles/{RECALL.id}",
    f"/articles/{BARRAGE.id}",
    f"/articles/{ARABIC.id}",
    "/articles/nosuch",
    "/topics",
    "/topics/politics",
    "/topics/nosuch",
    "/entities",
    "/entities?type=person",
    "/entities?begins=m",
    "/entities/person/radomir-kask",
    "/entities/place/france",
    "/entities/person/nosuch",
    "/sources",
    "/sources/Harbour%20Post",
    "/sources/nosuch",
    "/status",
    "/api",
    "/nosuch",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


class Outline(HTMLParser):
    """What a page is made of: links, headings, ids, labels, and elements that were left open."""

    VOID = frozenset(["br", "hr", "img", "input", "link", "meta"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.fields: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: list[str] = []
        self.landmarks: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)
        if tag in {"a", "link"} and given.get("href") is not None:
            self.links.append(given["href"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label":
            self.labelled.append(given.get("for") or "")
        if tag in {"input", "select"} and given.get("type") != "hidden":
            self.fields.append(given.get("id") or "")
        if tag in {"header", "main", "footer", "nav", "aside"}:
            self.landmarks.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop() == tag


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_well_made(site: Site, address: str) -> None:
    page = Outline(site.client.get(address).text)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    for before, after in pairwise(page.headings):
        assert after <= before + 1, f"a heading is skipped: {page.headings}"
    assert len(page.ids) == len(set(page.ids))
    assert set(page.fields) <= set(page.labelled)
    assert page.landmarks.count("main") == 1
    assert {"header", "footer", "nav"} <= set(page.landmarks)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_script_but_that_of_keys_and_no_styles(site: Site, address: str) -> None:
    html = site.client.get(address).text
    page = Outline(html)
    names = {name for name, _ in page.attributes}
    assert "style" not in names
    assert not {name for name in names if name.startswith("on")}
    assert not {"style", "iframe", "img"} & set(page.tags)
    assert (
        page.tags.count("script") == html.count('<script type="module" src="/static/pages.js') == 1
    )


@pytest.mark.parametrize("most", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_link_leads_somewhere(site: Site, most: int) -> None:
    waiting, seen = deque(PAGES), set(PAGES)
    # Without cookies: some links set them, and what others show would depend on the order.
    client = site.client.application.test_client(use_cookies=False)
    asked = 0
    while waiting and asked < most and len(seen) < 1000:
        address = waiting.popleft()
        asked += 1
        with client.get(address) as answer:
            assert answer.status_code < 500, address
            if address not in PAGES:
                assert answer.status_code in {200, 302}, address
            if answer.status_code != 200 or "html" not in answer.content_type:
                continue
            html = answer.get_data(as_text=True)
        for link in Outline(html).links:
            parts = urlsplit(link)
            # Filters can be combined without end; those of the listed pages are enough.
            endless = parts.query.count("=") > (2 if address in PAGES else 1)
            if not parts.scheme and not parts.netloc and not endless and link not in seen:
                seen.add(link)
                waiting.append(link.split("#")[0] or address)
    assert 100 < len(seen) < 2000


# search


def test_a_hit_is_shown_with_its_words_marked_and_links_onward(site: Site) -> None:
    html = site.text("/search?q=vans")
    assert "Calder Motors recalls <mark>vans</mark> in France" in html
    assert "14,000 <mark>vans</mark>" in html
    assert f'href="/articles/{RECALL.id}"' in html
    assert 'href="/sources/Meridian%20Wire"' in html
    assert 'href="/topics/economy"' in html
    assert 'href="/entities/org/calder-motors"' in html
    assert '<time datetime="2025-06-06T12:00:00+00:00">' in html
    assert "<strong>1 article</strong>" in html


def test_a_choice_narrows_and_says_how_many_are_left(site: Site) -> None:
    html = site.text("/search?q=dam")
    choices = re.findall(
        r'<li><a href="(/search[^"]*topic=politics[^"]*)"[^>]*>.*?<span class="n">(\d+)</span>',
        html,
    )
    assert choices
    for address, count in choices:
        narrowed = site.text(address.replace("&amp;", "&"))
        assert f"<strong>{count} article" in narrowed
        assert "topic</span> <bdi>Politics" in narrowed


@pytest.mark.parametrize("facet", ["topic", "entity", "source", "lang"])
def test_every_choice_of_a_facet_finds_what_it_promises(site: Site, facet: str) -> None:
    html = site.text("/search")
    pattern = rf'<li><a href="(/search\?{facet}=[^"&]*)">.*?<span class="n">([\d,]+)</span>'
    choices = re.findall(pattern, html)
    assert choices
    for address, count in choices:
        assert f"<strong>{count} article" in site.text(address)


def test_a_filter_in_force_can_be_taken_away_alone_or_with_all(site: Site) -> None:
    html = site.text("/search?q=dam&topic=politics&entity=person/radomir-kask&lang=en")
    chips = re.search(r'<ul class="chips".*?</ul>', html, re.DOTALL)
    assert chips
    assert "Radomir Kask" in chips[0]
    assert "English" in chips[0]
    assert 'href="/search?q=dam&amp;entity=person/radomir-kask&amp;lang=en"' in chips[0]
    assert 'class="clear" href="/search?q=dam"' in chips[0]


def test_days_in_force_are_named_and_lead_to_those_around(site: Site) -> None:
    html = site.text("/search?since=2025-06-05&until=2025-06-06&topic=politics")
    assert '<span class="soft">from</span> <bdi>5 Jun 2025</bdi>' in html
    around = re.findall(r'<a rel="(?:prev|next)" href="([^"]+)">', html)
    assert around == [
        "/search?topic=politics&amp;since=2025-06-03&amp;until=2025-06-04",
        "/search?topic=politics&amp;since=2025-06-07&amp;until=2025-06-08",
    ]


def test_topics_and_names_must_all_be_there_and_of_sources_any(site: Site) -> None:
    both = site.text("/search?topic=politics&topic=economy")
    assert "<strong>1 article</strong>" in both
    either = site.text("/search?source=Touchline&source=Meridian+Wire")
    assert "<strong>41 articles</strong>" in either


def test_pages_neither_overlap_nor_leave_out(site: Site) -> None:
    seen: list[str] = []
    for number in (1, 2):
        html = site.text(f"/search?topic=sport&lang=en&source=Touchline&page={number}")
        seen += re.findall(r'class="headline"[^>]*><a href="/articles/(\w+)"', html)
    assert len(seen) == len(set(seen)) == 40


def test_a_page_behind_the_last_says_where_the_last_is(site: Site) -> None:
    html = site.text("/search?source=Touchline&page=7", 404)
    assert "There is no page 7" in html
    assert 'href="/search?source=Touchline&amp;page=2"' in html
    assert "There is no page 999,999" in site.text("/search?page=999999999999", 404).replace(
        "999,999,999", "999,999"
    )


def test_words_that_are_only_partly_there_are_said_so(site: Site) -> None:
    html = words_of(site.text("/search?q=Radomir+Kask+talks+Ostvar"))
    assert "1 article has all your words. 2 more, ranked below, have most of them." in html


def test_a_mistyped_word_gets_a_suggestion_that_keeps_the_filters(site: Site) -> None:
    html = site.text("/search?q=Roverz&lang=en")
    assert "Did you mean" in html
    assert 'href="/search?q=Rovers&amp;lang=en"' in html


def test_an_unreadable_query_is_answered_by_its_nearest_reading(site: Site) -> None:
    html = site.text("/search?q=dam+AND+(vans&topic=economy", 400)
    assert "t be read" in html
    assert '<mark class="here">(</mark>vans' in html
    assert 'value="dam AND (vans"' in html
    assert "dam AND (vans)" in html
    assert RECALL.id in html
    assert "Traceback" not in html


@pytest.mark.parametrize(
    "query",
    ["AND", "NOT", "title:", "published:nonsense", "a:b", "[", "^", "~", "*", '"', "-" * 99],
)
def test_no_query_is_an_error_page(site: Site, query: str) -> None:
    answer = site.client.get("/search", query_string={"q": query})
    assert answer.status_code in {200, 400}
    assert "Something went wrong" not in answer.text


def test_a_query_too_long_to_read_is_refused_in_words(site: Site) -> None:
    answer = site.client.get("/search", query_string={"q": "dam " * 600})
    assert answer.status_code == 400
    assert "at most 2,000 are read" in answer.text


def test_an_unreadable_date_is_reported_and_the_rest_is_done(site: Site) -> None:
    html = site.text("/search?q=vans&since=32+juin")
    assert "is not a date and was ignored" in html
    assert "<strong>1 article</strong>" in html


def test_bars_lead_to_their_days_and_the_table_says_the_same(site: Site) -> None:
    html = site.text("/search?q=dam")
    assert '<a href="/search?q=dam&amp;since=2025-06-05&amp;until=2025-06-05" tabindex="-1"' in html
    assert re.search(r"<title>5 Jun 2025: 2 articles(, [\d.]+ %)?</title>", html)
    assert "<strong>2 articles</strong>" in site.text(
        "/search?q=dam&since=2025-06-05&until=2025-06-05"
    )
    assert '<th scope="col">Day</th>' in html


# articles


def test_names_are_marked_where_they_stand_and_lead_to_their_pages(site: Site) -> None:
    html = site.text(f"/articles/{TALKS.id}")
    assert (
        '<a class="entity person" href="/entities/person/radomir-kask" '
        'title="Person: Radomir Kask">Radomir Kask</a>, said in '
        '<span class="figure" title="date">2025</span> that' in html
    )
    assert '<span class="entity person">person</span>' in html, "the legend"


def test_topics_are_shown_with_scores_and_whose_word_it_is(site: Site) -> None:
    html = words_of(site.text(f"/articles/{TALKS.id}"))
    assert "Politics 0.91" in html
    assert "Economy 0.42" in html
    assert "Sport 1.00 by a person" in words_of(site.text(f"/articles/{RECALL.id}"))


def test_an_earlier_version_is_compared_with_the_next(site: Site) -> None:
    html = site.text(f"/articles/{TALKS.id}")
    assert "Version 1" in html
    assert "Radomir Kask <del>opens</del> talks in Ostvar" in html
    assert "Radomir Kask <ins>ends</ins> talks in Ostvar" in html


def test_a_repeated_article_says_whom_it_repeats(site: Site) -> None:
    html = site.text(f"/articles/{TWIN.id}")
    assert "This repeats" in html
    assert f'href="/articles/{TALKS.id}"' in html
    assert "94 % of the shorter text stands in the longer" in html
    assert f"slugline duplicates part {TWIN.id}" in html


def test_an_article_names_those_that_repeat_it_and_why(site: Site) -> None:
    html = words_of(site.text(f"/articles/{TALKS.id}"))
    assert "Repeated by Radomir Kask opens talks" in html
    assert "Echo Daily · 94 % of the shorter text stands in the longer" in html


def test_an_article_says_which_words_spoke_for_its_topics(site: Site) -> None:
    html = words_of(site.text(f"/articles/{TALKS.id}"))
    assert (
        "Why these topics Politics president against: dam Economy no characteristic words" in html
    )
    assert "What came nearest" not in html
    assert "Why these" not in site.text(f"/articles/{BARRAGE.id}"), "a model for English only"


def test_an_article_leads_to_articles_alike(site: Site) -> None:
    html = site.text(f"/articles/{BARRAGE.id}")
    alike = html[html.index('id="similar"') :]
    assert f'href="/articles/{TALKS.id}"' in alike
    assert f'href="/articles/{BARRAGE.id}"' not in alike


def test_articles_alike_are_other_stories_than_the_articles_own(site: Site) -> None:
    for told in (TALKS, TWIN):
        html = site.text(f"/articles/{told.id}")
        alike = html[html.index('id="similar"') :]
        assert f'href="/articles/{BARRAGE.id}"' in alike
        assert TALKS.id not in alike
        assert TWIN.id not in alike


def test_a_text_says_its_language_and_finds_its_direction(site: Site) -> None:
    assert '<h1 dir="auto" lang="fr">' in site.text(f"/articles/{BARRAGE.id}")
    assert '<h1 dir="auto" lang="ar">' in site.text(f"/articles/{ARABIC.id}")


def test_the_original_is_linked_without_a_word_of_who_comes(site: Site) -> None:
    html = site.text(f"/articles/{RECALL.id}")
    assert f'<a href="{RECALL.url}" rel="noopener noreferrer nofollow"' in html


def test_an_article_says_what_tagging_could_not_do(tmp_path: Path) -> None:
    with open_site(tmp_path, empty=True) as site:
        put(site.store, BARRAGE)
        assert "This version is not tagged yet." in site.text(f"/articles/{BARRAGE.id}")
        tags = Tags(BARRAGE.id, 1, "fr", (), (), "test-1", "no pipeline for French")
        site.store.tags.put([tags])
        assert "Tagged in part: no pipeline for French." in site.text(f"/articles/{BARRAGE.id}")


def test_an_article_without_a_date_says_why(tmp_path: Path) -> None:
    doubted = replace(
        RECALL, published=None, published_doubt="is dated 2038-01-19, in the future", guid="x"
    )
    with open_site(tmp_path, empty=True) as site:
        put(site.store, doubted)
        text = words_of(site.text(f"/articles/{doubted.id}"))
        assert "undated (it is dated 2038-01-19, in the future, which is not believed)" in text
        drain(site.store.changes, site.store.articles, site.library.engine)
        assert "Undated" in site.text("/search")
        assert RECALL.id in site.text("/")


# topics, entities, sources


def test_a_topic_page_shows_what_the_topic_is_about(site: Site) -> None:
    html = site.text("/topics/politics")
    text = words_of(html)
    assert "Who governs." in text
    assert "Radomir Kask 3" in text
    assert 'href="/search?q=%22prime+minister%22&amp;topic=politics"' in html
    assert "Harbour Post" in text
    assert f'href="/articles/{TALKS.id}"' in html


def test_an_entity_page_shows_its_company_by_strength(site: Site) -> None:
    html = site.text("/entities/person/radomir-kask")
    company = html[html.index('id="company"') : html.index('id="newest"')]
    named = re.findall(r'href="/entities/([^"]+)"', company)
    assert named[0] == "place/ostvar"
    assert "person/mira-orlova" not in named, "she meets him less often than by chance"
    assert "\u00d7 chance" in company
    assert "France (" in words_of(site.text("/entities/place/france"))


def test_an_entity_that_was_merged_leads_to_the_one_that_is_left(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        site.store.entities.merge("group/estravian", "place/ostvar")
        answer = site.client.get("/entities/group/estravian")
        assert answer.status_code == 302
        assert answer.location == "/entities/place/ostvar"
        assert "Also written <bdi>Estravian</bdi>" in site.text("/entities/place/ostvar")


def test_entities_are_listed_by_type_and_beginning(site: Site) -> None:
    people = site.text("/entities?type=person")
    assert "Mira Orlova" in people
    assert "Calder Motors" not in people
    assert "Calder Motors" in site.text("/entities?begins=CALD")
    assert "No name begins so" in site.text("/entities?begins=%25")
    assert "This list has no page 3" in site.text("/entities?type=person&page=3", 404)


@pytest.mark.parametrize(
    ("address", "word", "way"),
    [
        ("/articles/nosuch", "no article", "/search"),
        ("/topics/nosuch", "no topic", "/topics"),
        ("/entities/person/no-such-one", "no entity", "/entities?begins=no+such+one"),
        ("/sources/No%20Such", "no source", "/sources"),
        ("/nosuch", "no page", "/topics/politics"),
    ],
)
def test_what_is_not_there_is_said_with_a_way_on(
    site: Site, address: str, word: str, way: str
) -> None:
    html = site.text(address, 404)
    assert word in html
    assert f'href="{way}"' in html


# status


def test_the_status_page_counts_what_waits(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert "46 of 46" in site.text("/status")
        assert "Articles not tagged 0" in words_of(site.text("/status"))
        site.store.changes.add_all()
        site.store.tags.make_due(None)
        assert "46 articles are not tagged yet" in site.text("/status")
        assert "46 changes are not in the search index yet" in site.text("/status")
        assert site.client.get("/healthz").json == {"status": "ok", "indexed": 46, "waiting": 46}


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    with open_site(tmp_path, empty=True) as site:
        assert "slugline demo" in site.text("/")
        for address in ("/search", "/topics", "/entities", "/sources", "/status"):
            site.text(address)


def test_an_unindexed_library_says_what_to_do(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        site.library.engine.replace(())
        assert "slugline index" in site.text("/")
        assert "None in the search index yet" in site.text("/topics/politics")


# bounds


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_store_a_bounded_number_of_times(site: Site, address: str) -> None:
    site.client.get(address)  # what is kept for some minutes is made by whoever comes first
    asked: list[str] = []

    def count(*given: object) -> None:
        if given[2] != "BEGIN":
            asked.append(str(given[2]))

    engine = site.store._database.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        site.client.get(address)
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= 20, asked


def test_the_number_of_statements_does_not_grow_with_the_page(tmp_path: Path) -> None:
    counts = []
    for size in (5, 40):
        directory = tmp_path / str(size)
        directory.mkdir()
        with open_site(directory, WebSettings(page_size=size)) as site:
            asked: list[object] = []
            sa.event.listen(
                site.store._database.engine,
                "before_cursor_execute",
                lambda *given, asked=asked: asked.append(given[2]),
            )
            html = site.text("/search")
            assert html.count('<article class="hit">') == size
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_browser_learns_how_to_search_and_to_complete(site: Site) -> None:
    from xml.etree import ElementTree

    page = site.client.get("/search").get_data(as_text=True)
    assert '<link rel="search"' in page
    described = site.client.get("/opensearch.xml")
    assert described.mimetype == "application/opensearchdescription+xml"
    templates = [
        url.attrib["template"]
        for url in ElementTree.fromstring(described.data)  # noqa: S314 - our own
        if url.tag.endswith("Url")
    ]
    assert [urlsplit(template).path for template in templates] == ["/search", "/complete"]
    answer = site.client.get("/complete?q=talks+da")
    assert answer.mimetype == "application/x-suggestions+json"
    asked, offered = answer.get_json(force=True)
    assert asked == "talks da"
    assert offered
    assert all(text.startswith("talks da") for text in offered)
    assert site.client.get("/complete?q=" + "x" * 300).get_json(force=True)[1] == []
    assert site.client.get("/complete").get_json(force=True) == ["", []]


def test_every_address_is_documented(site: Site) -> None:
    documented = Path(__file__).parents[3].joinpath("docs", "web.md").read_text(encoding="utf-8")
    rules = [rule.rule for rule in site.client.application.url_map.iter_rules()]
    pages = [rule for rule in rules if not rule.startswith("/api/v1/")]  # see docs/api.md
    assert len(pages) > 15
    for rule in pages:
        address = re.sub(r"<path:", "<", rule)
        assert f"| `{address}` |" in documented


def test_the_front_page_says_what_share_has_topics_by_language(site: Site) -> None:
    shown = site.text("/")
    rail = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.partition('id="languages"')[2]))
    assert "English 44 articles 100% have topics" in rail
    assert "French 1 article no topic model for this language" in rail


def test_a_choice_can_be_left_out_and_a_wrong_one_offers_the_nearest(site: Site) -> None:
    html = site.text("/search?q=dam")
    left_out = re.findall(r'class="without" href="([^"]*topic=-politics[^"]*)"', html)
    assert left_out
    narrowed = site.text(left_out[0].replace("&amp;", "&"))
    assert "not politics" in narrowed
    assert narrowed == site.text("/search?q=dam&-topic=politics")
    wrong = site.text("/search?topic=politcs", 400)
    assert "There is no topic &#39;politcs&#39;" in wrong
    assert 'href="/search?topic=politics"' in wrong


def test_a_name_is_offered_as_its_entity_and_its_spellings_can_be_switched_off(
    site: Site,
) -> None:
    html = site.text("/search?q=Radomir+Kask")
    assert 'href="/entities/person/radomir-kask"' in html
    assert "the other spellings of" in html
    typed = site.text("/search?q=Radomir+Kask&spelling=typed")
    assert "Searched as typed only" in typed


@pytest.mark.parametrize(
    "pasted",
    [
        "https://harbourpost.example/world/talks?utm_source=mail",
        "www.harbourpost.example/world/talks",
        "http%3A%2F%2Fharbourpost.example%2Fworld%2Ftalks",
    ],
)
def test_a_pasted_web_address_finds_its_article(site: Site, pasted: str) -> None:
    html = words_of(site.text(f"/search?{urlencode({'q': pasted})}"))
    assert "Radomir Kask ends talks" in html
    found = site.client.get("/api/v1/search", query_string={"q": pasted}).get_json()
    assert [hit["title"] for hit in found["hits"]] == ["Radomir Kask ends talks in Ostvar"]


def test_a_web_address_that_no_article_has_is_said(site: Site) -> None:
    html = site.text("/search?q=https://harbourpost.example/world/nothing")
    assert "No article here has this address." in html
    assert "source:harbourpost.example" in html
