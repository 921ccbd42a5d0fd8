"""Pages of articles: their text without what stands around it, and only where robots may."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.fetch import Answer, Validators
from ingest.fetching.page import read_page
from ingest.fetching.robots import Robots
from ingest.formats.page_text import MAX_PAGE, MAX_TAGS, text_of
from ingest.parsing.pool import InProcess
from models.errors import SourceError

SITE = "https://harbourpost.example"
SENTENCE = "Ministers of ten countries met in Oslo on Tuesday and spoke of fish until the evening. "


def article(body: str = SENTENCE * 2, *, paragraphs: int = 4) -> bytes:
    text = "".join(f"<p>{n}. {body}</p>" for n in range(paragraphs))
    return (
        "<html><head><meta charset='utf-8'><title>Ministers meet</title></head><body>"
        "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<article><h1>Ministers meet</h1>{text}</article>"
        "<div class='comments'><p>First comment, by a reader</p></div>"
        "<footer>Copyright, all rights reserved</footer></body></html>"
    ).encode()


class Site:
    """Answers from a dictionary; what it has not is 404, and an error is raised."""

    def __init__(self, pages: dict[str, Answer | SourceError]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, url: str, validators: Validators | None = None) -> Answer:
        self.asked.append(url)
        page = self.pages.get(url, Answer(404, url))
        if isinstance(page, SourceError):
            raise page
        return page


def html(url: str, body: bytes) -> Answer:
    return Answer(200, url, body, "text/html; charset=utf-8")


def rules(text: str) -> Answer:
    return Answer(200, f"{SITE}/robots.txt", text.encode(), "text/plain")


def test_an_articles_text_comes_without_what_stands_around_it() -> None:
    text = text_of(article("Ærlig talt: café. " + SENTENCE)).text
    assert text.count(SENTENCE.strip()) == 4
    assert "Ærlig talt: café." in text
    for other in ("Sport", "comment", "Copyright", "<"):
        assert other not in text


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (b"", "no article"),
        (b"<html><body><p>Please log in.</p></body></html>", "no article"),
        (article() + b" " * MAX_PAGE, "more than 2,000,000"),
        (b"<html>" + b"<p>word" * MAX_TAGS, "tags"),
    ],
)
def test_what_is_not_an_article_is_reported(page: bytes, why: str) -> None:
    assert why in text_of(page).why
    assert not text_of(page).text


@given(st.binary(max_size=2_000))
def test_whatever_a_page_holds_it_ends_well(page: bytes) -> None:
    for hostile in (page, b"<html><body>" + page, article() + page):
        found = text_of(hostile)
        assert bool(found.text) != bool(found.why)
        found.text.encode()
        assert "\0" not in found.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [b"<p>word word word", b"<a href=x>w</a>", b"<ul><li>", b"<div>", b"word<br>", b"<!-- x -->"],
)
def test_a_page_made_to_take_long_does_not(piece: bytes) -> None:
    count = (MAX_TAGS - 10) // piece.count(b"<")
    began = time.process_time()
    text_of(b"<html><body><article>" + piece * count)
    text_of(b"<html><body><div " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b">x")
    assert time.process_time() - began < 15


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", True),
        ("User-agent: *\nDisallow: /world/", False),
        ("User-agent: *\nDisallow: /*/2025/", False),
        ("User-agent: *\nDisallow: /\nAllow: /world/", True),
        ("User-agent: Slugline\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Other\nDisallow: /", True),
        ("\0\xff not a robots.txt at all <html>", True),
    ],
)
def test_robots_txt_is_respected(robots: str, allowed: bool) -> None:
    url = f"{SITE}/world/2025/1"
    site = Site({f"{SITE}/robots.txt": rules(robots), url: html(url, article())})
    found = read_page(url, site, Robots(), InProcess())
    assert bool(found.text) is allowed
    assert (url in site.asked) is allowed
    assert allowed or "robots.txt" in found.why


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (Answer(404, SITE), True),
        (Answer(403, SITE), True),
        (Answer(429, SITE), False),
        (Answer(503, SITE), False),
        (SourceError("takes too long to answer"), False),
    ],
)
def test_a_site_without_rules_allows_all_and_one_that_does_not_say_nothing(
    answer: Answer | SourceError, allowed: bool
) -> None:
    assert Robots().allows(f"{SITE}/1", Site({f"{SITE}/robots.txt": answer})) is allowed


def test_a_site_is_asked_for_its_rules_once() -> None:
    site = Site({f"{SITE}/robots.txt": rules("User-agent: *\nCrawl-delay: 7")})
    robots = Robots()
    for n in range(5):
        assert robots.allows(f"{SITE}/{n}", site)
        assert robots.delay(f"{SITE}/{n}", site) == 7
    assert site.asked == [f"{SITE}/robots.txt"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404, SITE), "404"),
        (Answer(200, SITE, article(), "application/pdf"), "no HTML"),
        (Answer(200, SITE, article()), "no HTML"),
        (SourceError("is not fetched: it leads to 10.0.0.1"), "10.0.0.1"),
    ],
)
def test_an_unavailable_page_is_reported(answer: Answer | SourceError, why: str) -> None:
    assert why in read_page(f"{SITE}/1", Site({f"{SITE}/1": answer}), Robots(), InProcess()).why
