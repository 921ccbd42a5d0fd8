"""The pages in Polish: whole, in the right forms, and the English ones as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import web
from tests.web.sample_site import TALKS, Site, open_site
from web.translation import extract, localization
from web.translation.texts import Texts

TEMPLATES = Path(web.__file__).parent / "templates"
POLISH = {"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.client.application.test_client()


def test_nearly_every_text_of_the_templates_has_a_polish_one() -> None:
    known = localization.messages("pl")
    found = {text for path in TEMPLATES.glob("*.html") for text in extract.texts_of(path)}
    assert len(found) > 400
    missing = sorted(t for t in found if t not in known and not extract.SAME.fullmatch(t))
    assert len(missing) <= len(found) * 0.05, missing


def test_every_sentence_that_a_view_tells_has_a_polish_one_with_the_same_values() -> None:
    known = localization.messages("pl")
    literals = {
        text for path in TEMPLATES.parent.rglob("*.py") for text in extract.messages_in(path)
    }
    assert len(literals) > 30
    names = re.compile(r"{\w+}")
    for text in sorted(literals):
        assert text in known, text
        assert set(names.findall(known[text])) == set(names.findall(text)), text


def test_no_view_flashes_a_sentence_that_stays_english() -> None:
    for path in TEMPLATES.parent.rglob("*.py"):
        assert not re.search(r'flash\(\s*f?"', path.read_text(encoding="utf-8")), path


def test_a_message_of_a_view_is_in_the_language_of_the_page(site: Site) -> None:
    with site.client.application.test_request_context(headers=POLISH):
        assert (
            localization.gettext("{name} is removed.", name="Ada") == "Konto Ada zostało usunięte."
        )
    with site.client.application.test_request_context():
        assert localization.gettext("{name} is removed.", name="Ada") == "Ada is removed."


def test_a_catalog_takes_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    source = Path(localization.__file__).with_name("pl.po")
    copy = tmp_path / "pl.po"
    entry = 'msgid "Undo change"\nmsgstr "Cofnij zmianę"\n'
    text = source.read_text(encoding="utf-8")
    assert entry in text
    copy.write_text(text.replace(entry, ""), encoding="utf-8")
    assert "Undo change" in extract.update(copy)
    assert 'msgid "Undo change"' in copy.read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["/", "/search?q=dam", "/topics", f"/articles/{TALKS.id}"])
def test_a_page_is_polish_where_the_browser_asks_for_it(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=POLISH)
    assert '<html lang="pl">' in answer.text
    assert answer.headers["Content-Language"] == "pl"
    assert "Accept-Language" in answer.headers["Vary"]
    for english in ("Skip to the content", "Sources", "Articles", "Search the news"):
        assert f">{english}<" not in answer.text
    assert "Szukaj wiadomości" in answer.text
    assert "Radomir Kask" in answer.text or address == "/topics"


def test_the_english_pages_are_what_they_are_in_the_templates(client: FlaskClient) -> None:
    page = client.get("/search?q=dam").text
    assert '<html lang="en">' in page
    assert "Skip to the content" in page
    assert client.get("/search?q=dam", headers={"Accept-Language": "de"}).text == page


def test_the_readers_choice_is_stronger_than_the_browsers(client: FlaskClient) -> None:
    client.get("/preferences/set?lang=en")
    assert '<html lang="en">' in client.get("/topics", headers=POLISH).text
    client.get("/preferences/set?lang=pl")
    assert '<html lang="pl">' in client.get("/topics").text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *((1, "1 artykuł"), (3, "3 artykuły"), (5, "5 artykułów"), (12, "12 artykułów")),
        *((22, "22 artykuły"), (1234, "1\N{NO-BREAK SPACE}234 artykuły")),
    ],
)
def test_a_number_has_its_noun_in_the_right_form(site: Site, number: int, words: str) -> None:
    with site.client.application.test_request_context(headers=POLISH):
        assert localization.counted(number, "article") == words
    with site.client.application.test_request_context():
        assert localization.counted(1234, "article") == "1,234 articles"


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "pl",
            ["3,9 %", "12 %", "9,3\N{MULTIPLICATION SIGN}", "37\N{MULTIPLICATION SIGN}", "0,50"],
        ),
        ("en", ["3.9 %", "12 %"]),
    ],
)
def test_fractions_are_written_as_the_language_has_them(
    site: Site, lang: str, texts: list[str]
) -> None:
    with site.client.application.test_request_context(headers={"Accept-Language": lang}):
        shown = [localization.percent(3.94), localization.percent(12.3)]
        shown += [localization.times(9.31), localization.times(37.2), localization.decimal(0.5, 2)]
    assert shown[: len(texts)] == texts


def test_a_polish_page_of_an_article_has_no_score_with_a_point(client: FlaskClient) -> None:
    page = client.get(f"/articles/{TALKS.id}", headers=POLISH).text
    assert re.search(r'<span class="n">[01],\d\d</span>', page)
    assert not re.search(r'<span class="n">[01]\.\d\d</span>', page)


def test_values_of_filters_and_keys_stay_as_they_are(client: FlaskClient) -> None:
    page = client.get("/search?topic=politics&sort=oldest", headers=POLISH).text
    assert 'name="topic" value="politics"' in page
    assert "sort=newest" in page or "sort=relevance" in page or "/search?topic=politics" in page
    assert "Polityka" in page


def test_tags_that_expressions_cut_are_no_texts() -> None:
    reader = Texts(lambda text: f"[{text}]")
    assert reader.data('<a title="Hide the ') == '<a title="[Hide the] '
    assert (
        reader.data('" href="/search the">All of it</a>') == '" href="/search the">[All of it]</a>'
    )
    assert reader.data("<code>slugline tag</code> finds") == "<code>slugline tag</code> [finds]"
