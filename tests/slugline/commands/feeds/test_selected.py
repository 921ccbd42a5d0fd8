"""Pages without a feed, followed by CSS selectors: previewed, subscribed to, checked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.feed import Selectors
from slugline.settings import STORE_FILE
from store.store import Store
from tests.feed_host import FeedHost, Page
from tests.slugline.commands.feeds.test_group import PRIVATE, feeds, home, host

__all__ = ["home", "host"]

ITEM = (
    "<li class=news><h3><a href='/news/{n}'>Ferry {n} &lt;runs&gt; &amp; stays</a></h3>"
    "<span class=when>{n}. November 2023</span><p class=lead>Line {n} runs again.</p></li>"
)
PAGE = (
    "<html lang=de><head><meta charset=iso-8859-1><title>Hafenblatt für alle</title></head><body>"
    "<nav><a href='/'>Start</a></nav><ul>{}</ul></body></html>"
)
SELECTORS = ("--item", "li.news", "--title", "h3", "--date", ".when", "--summary", ".lead")


def page(*numbers: int) -> Page:
    return Page(PAGE.format("".join(ITEM.format(n=n) for n in numbers)).encode("latin-1"))


def test_a_preview_shows_what_the_selectors_find_and_keeps_nothing(
    home: Path, host: FeedHost
) -> None:
    host.pages["/"] = page(1, 2)
    done = feeds(home, "add", host.url("/"), *SELECTORS, "--preview", "--json")
    assert done.status == 0, done.err
    assert (done.json["title"], done.json["total"]) == ("Hafenblatt für alle", 2)
    first = done.json["entries"][0]
    assert first["title"] == "Ferry 1 <runs> & stays"
    assert first["url"] == host.url("/news/1")
    assert first["published"].startswith("2023-11-01")
    assert first["summary"] == "Line 1 runs again."
    assert not (home / STORE_FILE).exists() or not feeds(home, "list", "--json").json["feeds"]


def test_a_page_is_subscribed_to_and_checked_by_its_selectors(home: Path, host: FeedHost) -> None:
    host.pages["/"] = page(1, 2)
    done = feeds(home, "add", host.url("/"), *SELECTORS, "--label", "Coast", "--json")
    assert (done.json["added"], done.json["new"]) == (1, 2), done.err
    (feed,) = feeds(home, "list", "--json").json["feeds"]
    assert feed["title"] == "Hafenblatt für alle"
    assert feed["selectors"] == {
        "item": "li.news",
        "title": "h3",
        "link": "",
        "date": ".when",
        "summary": ".lead",
    }
    host.pages["/"] = page(2, 3)
    checked = feeds(home, "check", host.url("/"), "--json", **PRIVATE).json
    assert (checked["new"], checked["unchanged"]) == (1, 1)
    with Store.at(home / STORE_FILE) as store:
        assert store.feeds.get(host.url("/")).selectors == Selectors(
            item="li.news", title="h3", date=".when", summary=".lead"
        )
    host.pages["/"] = Page(b"<html>All new design</html>")
    failed = feeds(home, "check", host.url("/"), "--json", **PRIVATE).json
    assert "has nothing that 'li.news' selects" in failed["feeds"][0]["error"]
    feeds(home, "remove", host.url("/"))
    with Store.at(home / STORE_FILE) as store:
        assert store.feeds.get(host.url("/")).selectors is None


def test_an_item_alone_is_enough_where_a_page_is_built_as_usual(home: Path, host: FeedHost) -> None:
    host.pages["/"] = Page(
        b"<article><h2><a href='a'>Ferry</a></h2><time datetime='2023-11-12T10:00:00Z'>yesterday"
        b"</time><p>It runs.</p></article><a class=more href=/b title=x>Dam</a>"
    )
    usual = feeds(home, "add", host.url("/"), "--item", "article", "--preview", "--json").json
    (entry,) = usual["entries"]
    assert (entry["title"], entry["summary"]) == ("Ferry", "It runs.")
    assert entry["published"] == "2023-11-12T10:00:00+00:00"
    link = feeds(
        *(home, "add", host.url("/"), "--item", "a.more", "--title", "@title"),
        *("--preview", "--json"),
    ).json
    (entry,) = link["entries"]
    assert (entry["title"], entry["url"]) == ("x", host.url("/b"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--title", "h3"), "--title needs --item"),
        (("--preview",), "--preview needs --item"),
        (("--item", "li["), "can't be read by --item 'li['"),
        (("--item", "li", "--date", "::x("), "can't be read by --date"),
        (("--item", "a" * 501), "it is too long"),
        (("http://b.example/", "--item", "li"), "--item is for one page"),
    ],
)
def test_a_mistake_with_selectors_gives_a_clear_message(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = feeds(home, "add", "http://a.example/", *arguments)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\xff",
        b"<div>" * 200_000,
        b"<li " + b"a=1 " * 200_000 + b">",
        b"<li><a href='http://[x'>A",
    ],
    ids=["empty", "bytes", "nested", "attributes", "link"],
)
def test_no_page_ends_the_command(home: Path, host: FeedHost, body: bytes) -> None:
    host.pages["/"] = Page(body)
    done = feeds(home, "add", host.url("/"), "--item", "li", "--preview", "--json")
    assert done.status in {0, 1}
    assert "Traceback" not in done.err
