"""`slugline feeds` as a person uses it, against a real server on this machine."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.feed import Feed
from slugline.cli import main
from slugline.feeds.discovery import typed_address
from tests.conftest import Done, home_store, make_entry, run_process
from tests.feed_host import FeedHost, Page, feed_host, rss
from tests.ingest.fetching.test_page_text import SENTENCE, article

INGEST = {"sources", "new", "updated", "unchanged", "duplicates", "rejected", "seconds"}
PRIVATE = {"SLUGLINE_FETCH_ALLOW_PRIVATE": "1"}


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str | Path, **environment: str) -> Done:
    """Run the command line in this process: the same code, without a second to start in."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("SLUGLINE_")]:
            patched.delenv(name)
        for name, value in environment.items():
            patched.setenv(name, value)
        patched.setattr(sys, "argv", ["slugline", "--home", str(home), *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
    return Done(done.value.code if isinstance(done.value.code, int) else 0, *map(told, (out, err)))


def told(stream: io.StringIO) -> str:
    return stream.getvalue()


def feeds(home: Path, *arguments: str | Path, **environment: str) -> Done:
    return run(home, "feeds", *arguments, **environment)


def test_a_feed_is_added_with_its_articles_and_listed_with_its_health(
    home: Path, host: FeedHost
) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post", articles=4), etag='"1"')
    done = feeds(home, "add", host.url("/rss"), "--label", "News/Coast", "--json")
    assert done.status == 0, done.err
    assert set(done.json) >= INGEST | {"feeds", "added", "offered"}
    assert (done.json["new"], done.json["added"]) == (4, 1)
    assert host.paths() == ["/rss"], "it is fetched once"
    (feed,) = feeds(home, "list", "--json").json["feeds"]
    wanted = {
        *("url", "title", "labels", "subscribed", "health", "checked", "succeeded", "next_check"),
        *("interval", "failures", "error", "gone", "articles_a_day", "full_text", "login"),
    }
    assert set(feed) >= wanted
    assert (feed["title"], feed["health"], feed["labels"]) == (
        "Harbour Post",
        "good",
        ["News/Coast"],
    )
    assert 3 < feed["articles_a_day"] <= 4
    again = feeds(home, "add", host.url("/rss"))
    assert "Known already: Harbour Post" in again.out


def test_the_feeds_of_a_page_are_named_and_the_first_or_all_are_taken(
    home: Path, host: FeedHost
) -> None:
    links = "".join(
        f"<link rel=alternate type='application/rss+xml' href='/{name}' title='{name}'>"
        for name in ("news", "comments")
    )
    host.pages["/"] = Page(f"<html><head>{links}</head></html>".encode())
    host.pages["/news"] = Page(rss("News"))
    host.pages["/comments"] = Page(rss("Comments", site="https://comments.example"))
    one = feeds(home, "add", host.url("/"))
    assert f"* {host.url('/news')}" in one.err
    assert host.url("/comments") in one.err
    assert "Subscribed: News" in one.out
    assert "Comments" not in one.out
    both = feeds(home, "add", host.url("/"), "--all", "--json").json
    assert (both["added"], both["known"], both["new"]) == (1, 1, 3)
    assert [offer["taken"] for offer in both["offered"]] == [True, True]


def test_what_is_not_a_feed_is_named_and_the_others_are_added(home: Path, host: FeedHost) -> None:
    host.pages["/paper"] = Page(rss("Harbour Post"))
    host.pages["/page"] = Page(b"<html><body>No feeds here.</body></html>")
    bad = [host.url("/page"), host.url("/missing")]
    done = feeds(home, "add", *bad, host.url("/paper"), "--json")
    assert done.status == 1
    assert (done.json["added"], len(done.json["failed"])) == (1, 2)
    assert "its page names none" in done.err
    assert "404 Not Found" in done.err
    assert "Traceback" not in done.err


def test_this_machine_is_reached_once_where_a_person_names_it(home: Path, host: FeedHost) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post"))
    added = feeds(home, "add", host.url("/rss"))
    assert added.status == 0
    assert "fetch.allow_private = true" in added.err
    refused = feeds(home, "check", host.url("/rss"))
    assert refused.status == 1
    assert "not an address of the public network" in refused.err
    assert len(host.asked) == 1
    assert feeds(home, "check", host.url("/rss"), **PRIVATE).status == 0


@pytest.mark.parametrize("address", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_where_private_networks_are_allowed_link_local_addresses_are_not(
    home: Path, address: str
) -> None:
    refused = feeds(home, "add", f"http://{address}/rss", **PRIVATE)
    assert refused.status == 1
    assert "not an address of the public network" in refused.err


def test_check_reports_the_sum_and_each_feed(home: Path, host: FeedHost) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post"), etag='"1"')
    host.pages["/busy"] = Page(status=503, headers={"Retry-After": "3600"})
    host.pages["/gone"] = Page(status=410)
    list_of_feeds = home.parent / "list.opml"
    outlines = "".join(f'<outline xmlUrl="{host.url(path)}"/>' for path in host.pages)
    list_of_feeds.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    imported = feeds(home, "import", list_of_feeds, "--json").json
    assert (imported["added"], imported["known"]) == (3, 0)
    assert host.asked == []
    done = feeds(home, "check", "--json", **PRIVATE)
    assert done.status == 1
    assert set(done.json) >= INGEST
    assert (done.json["new"], done.json["rejected"]) == (3, 2)
    statuses = {feed["url"]: feed["status"] for feed in done.json["feeds"]}
    assert statuses == {host.url("/rss"): 200, host.url("/busy"): 503, host.url("/gone"): 410}
    assert "No feed is due" in feeds(home, "check", **PRIVATE).out
    failing = feeds(home, "list", "--failing").out
    assert "503 Service Unavailable" in failing
    assert "ended" in failing
    assert "Harbour Post" not in failing


def test_opml_goes_out_as_it_came_in(home: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.opml", tmp_path / "second.opml"
    first.write_text(
        '<opml version="2.0"><body><outline text="News"><outline text="Coast">'
        '<outline xmlUrl="https://a.example/rss" text="A"/></outline></outline>'
        '<outline xmlUrl="https://b.example/rss" text="B"/></body></opml>'
    )
    feeds(home, "import", first)
    assert feeds(home, "export", second, "--json").json == {"feeds": 2, "file": str(second)}
    other = home.parent / "other"
    feeds(other, "import", second)
    listed = [feeds(each, "list", "--json").json["feeds"] for each in (home, other)]
    kept = [[(f["url"], f["title"], f["labels"]) for f in each] for each in listed]
    assert kept[0] == kept[1]
    assert kept[0][0] == ("https://a.example/rss", "A", ["News/Coast"])
    assert [f["url"] for f in feeds(home, "list", "--label", "News", "--json").json["feeds"]] == [
        "https://a.example/rss"
    ]


def test_a_login_reaches_the_server_and_nothing_else(home: Path, host: FeedHost) -> None:
    basic = "Basic " + base64.b64encode(b"ann:s3cret").decode()
    host.pages["/rss"] = Page(rss("Harbour Post"), login=basic)
    secret = host.url("/rss").replace("127", "ann:s3cret@127", 1)
    out = home.parent / "out.opml"
    articles = home.parent / "articles.jsonl"
    told = [
        feeds(home, "add", secret),
        feeds(home, "check", secret, "-v", **PRIVATE),
        feeds(home, "list", "--json"),
        feeds(home, "export", out),
        run(home, "export", articles),
        run(home, "feeds", "check", "-v", **PRIVATE),
    ]
    host.pages["/rss"] = Page(status=500)
    told += [feeds(home, "check", secret, **PRIVATE), feeds(home, "add", secret)]
    told += [feeds(home, "set", secret, "--label", "x"), feeds(home, "remove", secret)]
    assert [headers["authorization"] for _, headers in host.asked] == [basic] * len(host.asked)
    files = [p.read_text(errors="replace") for p in (out, articles, *home.glob("*.log"))]
    for text in (*files, *(done.out + done.err for done in told)):
        assert "s3cret" not in text
    assert host.url("/rss") in articles.read_text()


def test_a_login_in_a_failing_source_is_not_shown(home: Path, host: FeedHost) -> None:
    secret = host.url("/missing").replace("127", "ann:s3cret@127", 1)
    done = run(home, "ingest", secret, "--json")
    assert done.status == 1
    assert f"{host.url('/missing')}: answered 404" in done.err
    assert "s3cret" not in done.out + done.err + (home / "ingest.log").read_text()


def test_full_text_is_switched_on_and_off(home: Path, host: FeedHost) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post", site=host.url("/world"), articles=1))
    page = Page(article(), headers={"Content-Type": "text/html; charset=utf-8"})
    host.pages["/world/1"] = page
    assert feeds(home, "add", host.url("/rss"), "--full-text", **PRIVATE).status == 0
    out = home.parent / "articles.jsonl"
    run(home, "export", out)
    assert SENTENCE.strip() in json.loads(out.read_text())["body"]
    off = feeds(home, "set", host.url("/rss"), "--no-full-text", "--json").json
    assert off["full_text"] is False
    host.pages["/rss"] = Page(rss("Harbour Post", site=host.url("/world"), articles=2))
    feeds(home, "check", host.url("/rss"), **PRIVATE)
    assert "/world/2" not in host.paths()


def test_labels_are_changed_and_feeds_removed_with_their_articles_kept(
    home: Path, host: FeedHost
) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post"))
    url = host.url("/rss")
    feeds(home, "add", url, "--label", "a", "--label", "b")
    changed = feeds(home, "set", url, "--unlabel", "a", "--label", "c", "--json").json
    assert changed["labels"] == ["b", "c"]
    slip = feeds(home, "remove", url, host.url("/other"))
    assert slip.status == 1
    assert "There is no feed" in slip.err
    assert feeds(home, "remove", url, "--json").json == {"removed": [url]}
    (feed,) = feeds(home, "list", "--json").json["feeds"]
    assert not feed["subscribed"]
    assert run(home, "stats", "--json").json["articles"] == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" https://a.example/rss ", "https://a.example/rss"),
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:http://a.example/rss", "http://a.example/rss"),
        ("HTTPS://a.example/rss", "HTTPS://a.example/rss"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(typed: str, meant: str) -> None:
    assert typed_address(typed) == meant


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["add", "news.opml"], 2, "is not a web address"),
        (["add", "http://ann:s3cret@[broken"], 1, "Not added"),
        (["remove", "https://a.example/rss"], 1, "There is no feed"),
        (["check", "https://a.example/rss"], 1, "There is no feed"),
        (["import", "/nowhere.opml"], 2, "nowhere.opml"),
        (["export", "/nowhere/out.opml"], 1, "can't be written"),
    ],
)
def test_a_mistake_with_feeds_gives_a_clear_message(
    home: Path, arguments: list[str], status: int, words: str
) -> None:
    done = feeds(home, *arguments)
    assert done.status == status, done.err
    assert words in done.err
    assert not re.search("Traceback|s3cret", done.err)


def test_bounds_that_leave_nothing_between_are_named(home: Path) -> None:
    done = feeds(home, "check", SLUGLINE_FETCH_SHORTEST_INTERVAL="99999")
    assert done.status == 2
    assert "fetch.longest_interval" in done.err


ARCHIVED = [
    ("https://harbour.example/rss", "Harbour", 3),
    ("https://coast.example/rss", "Coast", 1),
]


def archive(folder: Path) -> Path:
    folder.mkdir()
    for url, source, count in [*ARCHIVED, ("nowhere", "Nowhere", 1)]:
        rows = [
            {
                "title": f"{source} {n}",
                "link": f"https://{source.lower()}.example/{n}",
                "date_published": "2023-11-12T10:00:00+00:00",
                "source": url,
                "artist": source,
            }
            for n in range(count)
        ]
        (folder / f"{source}.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def test_the_feeds_of_an_archive_are_subscribed_to(home: Path, tmp_path: Path) -> None:
    assert run(home, "ingest", archive(tmp_path / "day")).status == 0
    tried = feeds(home, "subscribe", "--from-archive", "--least", "2", "--dry-run", "--json")
    assert (tried.json["feeds"], tried.json["added"]) == ([ARCHIVED[0][0]], 0)
    done = feeds(home, "subscribe", "--from-archive", "--label", "Old", "--json")
    assert done.json["added"] == 2
    assert sorted(done.json["feeds"]) == sorted(url for url, _, _ in ARCHIVED)
    assert done.json["rejected"] == ["nowhere"]
    listed = feeds(home, "list", "--json").json["feeds"]
    assert {f["url"] for f in listed if f["subscribed"] and f["labels"] == ["Old"]} == {
        url for url, _, _ in ARCHIVED
    }
    again = feeds(home, "subscribe", "--from-archive", "--source", "harbour", "--json").json
    assert (again["added"], again["known"]) == (0, 1)
    assert feeds(home, "subscribe").status == 2


def test_feeds_that_nobody_subscribed_to_are_counted_and_listed_where_asked(
    home: Path, tmp_path: Path
) -> None:
    run(home, "ingest", archive(tmp_path / "day"))
    (known, *others) = [each["url"] for each in feeds(home, "list", "--json").json["feeds"]]
    assert feeds(home, "list").out.startswith("No feeds.\n")
    feeds(home, "subscribe", "--from-archive", "--source", ARCHIVED[0][0])
    short = feeds(home, "list").out
    assert ARCHIVED[0][0] in short
    assert not any(url in short for url in {known, *others} - {ARCHIVED[0][0]})
    assert f"{len(others)} feeds are known but not subscribed to" in short
    full = feeds(home, "list", "--all").out
    assert ARCHIVED[0][0] in full.splitlines()[0]
    assert all(url in full for url in (known, *others))
    assert "--all" not in full
    assert feeds(home, "list", "--json").json["total"] == 1 + len(others)


def test_what_was_unsubscribed_stays_so(home: Path, host: FeedHost) -> None:
    url = host.url("/rss")
    host.pages["/rss"] = Page(rss("Harbour Post", articles=2))
    assert feeds(home, "add", url).status == 0
    assert feeds(home, "remove", url).status == 0
    done = feeds(home, "subscribe", "--from-archive", "--json")
    assert (done.json["added"], done.json["unsubscribed"]) == (0, [url])


def test_a_feed_that_fell_silent_is_listed_with_those_that_fail(home: Path) -> None:
    url = "https://harbour.example/rss"
    now = datetime.now(UTC)
    noon = now.replace(hour=12)
    with closing(home_store(home)) as store:
        store.feeds.subscribe([Feed(url=url, title="Harbour")])
        entries = [
            replace(make_entry(n), feed=url, published=noon - timedelta(days=n))
            for n in range(12, 32)
        ]
        store.articles.put(entries, Feed(url=url), now)
    (listed,) = feeds(home, "list", "--failing", "--json").json["feeds"]
    shown = feeds(home, "list", "--failing").out
    # Midnight may pass while this runs.
    passed = (datetime.now(UTC).date() - now.date()).days
    silences = {f"silent for {12 + n} days" for n in (0, passed)}
    assert listed["unusual"] in {f"{silence}; it gave 1.0 a day before" for silence in silences}
    assert any(silence in shown for silence in silences)


def test_subscriptions_go_to_the_standard_output_too(home: Path, tmp_path: Path) -> None:
    with closing(home_store(home)) as store:
        store.feeds.subscribe([Feed(url="https://harbour.example/rss", title="Harbour")])
    written = run_process("feeds", "export", "-", home=home)
    assert written.out.startswith("<?xml"), written.err
    assert written.out.rstrip().endswith("</opml>")
    assert "1 feeds in -" in written.err
    assert not Path("-").exists()
    refused = feeds(home, "export", "-", "--json")
    assert (refused.status, "stdout" in refused.err) == (2, True)


def test_subscriptions_never_replace_a_link_or_a_directory(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.opml"
    kept.write_text("kept", encoding="utf-8")
    link = tmp_path / "link.opml"
    link.symlink_to(kept)
    for place in (link, tmp_path):
        assert feeds(home, "export", place).status != 0
    assert kept.read_text(encoding="utf-8") == "kept"
