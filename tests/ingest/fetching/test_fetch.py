"""The fetcher against a real server on loopback that plays all the bad parts."""

from __future__ import annotations

import gzip
import io
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import brotli
import pytest
import zstandard

from ingest.fetching.address import networks
from ingest.fetching.fetch import PoliteFetcher, Timeouts, Validators, read_retry_after
from models.errors import SourceError
from models.feed import shown_address

FEED = b"<rss version='2.0'><channel><title>Harbour Times</title></channel></rss>" * 50
LOOPBACK = networks(["127.0.0.0/8"])

ParsedSource = Callable[["Player"], None]


class Player(BaseHTTPRequestHandler):
    """Plays the part that the path names."""

    parts: dict[str, ParsedSource] = {}  # noqa: RUF012 - filled once, below
    seen: list[tuple[str, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        try:
            self.parts[self.path.partition("?")[0]](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def part(path: str) -> Callable[[ParsedSource], ParsedSource]:
    def cast(play: ParsedSource) -> ParsedSource:
        Player.parts[path] = play
        return play

    return cast


def raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw-deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "twice": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "none": ("identity", lambda data: data),
}


BOMBS = {kind: pack(bytes(20_000_000)) for kind, (_, pack) in PACKED.items() if kind != "none"}


@part("/packed")
def _packed(player: Player) -> None:
    encoding, pack = PACKED[player.path.partition("?")[2]]
    player.reply(body=pack(FEED), Content_Encoding=encoding)


@part("/bomb")
def _bomb(player: Player) -> None:
    encoding, _ = PACKED[player.path.partition("?")[2]]
    player.reply(body=BOMBS[player.path.partition("?")[2]], Content_Encoding=encoding)


@part("/feed")
def _feed(player: Player) -> None:
    if player.headers.get("If-None-Match") == '"v1"':
        player.reply(304, ETag='"v1"')
    else:
        player.reply(
            body=FEED,
            ETag='"v1"',
            Last_Modified="Sun, 12 Nov 2023 22:00:18 GMT",
            Content_Type="application/rss+xml",
        )


@part("/status")
def _status(player: Player) -> None:
    status, _, after = player.path.partition("?")[2].partition(",")
    headers: dict[str, Any] = {"Retry_After": after} if after else {}
    player.reply(int(status), **headers)


@part("/redirect")
def _redirect(player: Player) -> None:
    status, _, target = player.path.partition("?")[2].partition(",")
    player.reply(int(status), Location=unquote(target))


@part("/endless")
def _endless(player: Player) -> None:
    player.send_response(200)
    player.end_headers()
    while True:
        player.wfile.write(bytes(65_536))


@part("/slow-body")
def _slow_body(player: Player) -> None:
    player.send_response(200)
    player.send_header("Content-Length", "1000")
    player.end_headers()
    for _ in range(200):
        player.wfile.write(b"x")
        player.wfile.flush()
        time.sleep(0.05)


@part("/slow-head")
def _slow_head(player: Player) -> None:
    player.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        player.wfile.write(b"x")
        player.wfile.flush()
        time.sleep(0.05)


@part("/silent")
def _silent(player: Player) -> None:
    time.sleep(3)
    player.close_connection = True


@part("/half")
def _half(player: Player) -> None:
    player.send_response(200)
    player.send_header("Content-Length", "100000")
    player.end_headers()
    player.wfile.write(b"half")
    player.close_connection = True


@part("/garbage")
def _garbage(player: Player) -> None:
    player.wfile.write(b"\x00\xff SSH-2.0 not http\r\n\r\n")
    player.close_connection = True


@part("/huge-head")
def _huge_head(player: Player) -> None:
    player.send_response(200)
    player.send_header("X-Huge", "x" * 5_000_000)
    player.end_headers()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    played = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    played.daemon_threads = True
    thread = threading.Thread(target=played.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{played.server_address[1]}"
    played.shutdown()
    thread.join()
    played.server_close()


@pytest.fixture
def seen() -> list[tuple[str, dict[str, str]]]:
    Player.seen = []
    return Player.seen


@pytest.fixture
def fetcher(seen: object) -> Iterator[PoliteFetcher]:
    opened = PoliteFetcher(
        allowed=LOOPBACK, timeouts=Timeouts(connect=1, read=1, whole=1.5), max_body=1_000_000
    )
    yield opened
    opened.close()


def test_a_feed_comes_with_what_to_ask_by_next_time(
    fetcher: PoliteFetcher, server: str, seen: list[tuple[str, dict[str, str]]]
) -> None:
    answer = fetcher.fetch(f"{server}/feed")
    assert (answer.status, answer.body, answer.content_type) == (200, FEED, "application/rss+xml")
    assert answer.validators == Validators('"v1"', "Sun, 12 Nov 2023 22:00:18 GMT")
    again = fetcher.fetch(f"{server}/feed", answer.validators)
    assert (again.status, again.body) == (304, b"")
    first, second = (headers for _, headers in seen)
    assert first["user-agent"].startswith("Slugline/")
    assert "if-none-match" not in first
    assert second["if-modified-since"] == "Sun, 12 Nov 2023 22:00:18 GMT"
    assert "cookie" not in second


@pytest.mark.parametrize("kind", PACKED)
def test_packed_bodies_are_unpacked(fetcher: PoliteFetcher, server: str, kind: str) -> None:
    assert fetcher.get(f"{server}/packed?{kind}").body == FEED


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw-deflate", "br", "zstd", "twice"])
def test_a_decompression_bomb_ends_at_the_cap(
    fetcher: PoliteFetcher, server: str, kind: str
) -> None:
    with pytest.raises(SourceError, match="larger than 1 MB"):
        fetcher.get(f"{server}/bomb?{kind}")


def test_an_endless_body_ends_at_the_cap(fetcher: PoliteFetcher, server: str) -> None:
    with pytest.raises(SourceError, match="larger than 1 MB"):
        fetcher.get(f"{server}/endless")


@pytest.mark.parametrize("path", ["/slow-body", "/slow-head", "/silent"])
def test_slowness_of_every_kind_ends_with_the_time(
    fetcher: PoliteFetcher, server: str, path: str
) -> None:
    start = time.monotonic()
    with pytest.raises(SourceError, match="too long"):
        fetcher.get(f"{server}{path}")
    assert time.monotonic() - start < 2.5


@pytest.mark.parametrize("path", ["/half", "/garbage", "/huge-head"])
def test_a_broken_answer_is_an_error_for_people(
    fetcher: PoliteFetcher, server: str, path: str
) -> None:
    with pytest.raises(SourceError, match=f"{path} can't be fetched"):
        fetcher.get(f"{server}{path}")


def test_permanent_redirects_are_told_as_far_as_they_are_permanent(
    fetcher: PoliteFetcher, server: str
) -> None:
    permanent = f"/redirect?301,{server}/redirect?308,{server}/feed"
    answer = fetcher.fetch(server + permanent)
    assert (answer.status, answer.url, answer.moved_to) == (200, f"{server}/feed", f"{server}/feed")
    assert fetcher.fetch(f"{server}/redirect?302,/feed").moved_to == ""
    assert fetcher.fetch(f"{server}/redirect?302,/redirect?301,/feed").moved_to == ""
    partly = fetcher.fetch(f"{server}/redirect?301,/redirect?302,/feed")
    assert partly.moved_to == f"{server}/redirect?302,/feed"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "not a web address"),
        ("gopher://127.0.0.1/", "not a web address"),
        ("http://169.254.169.254/latest/meta-data/", "not an address of the public network"),
        ("http://10.0.0.1/", "not an address of the public network"),
        ("http://[::1]/", "not an address of the public network"),
        ("http://[fd00::1]/", "not an address of the public network"),
        ("/redirect?302,/status?302", "answered 302"),
    ],
)
def test_each_redirect_is_checked(
    fetcher: PoliteFetcher, server: str, target: str, reason: str
) -> None:
    with pytest.raises(SourceError, match=reason):
        fetcher.get(f"{server}/redirect?302,{target}")


def test_a_redirect_in_circles_ends(fetcher: PoliteFetcher, server: str) -> None:
    Player.parts["/circle"] = lambda player: player.reply(302, Location="/circle")
    with pytest.raises(SourceError, match="redirects more than 6 times"):
        fetcher.get(f"{server}/circle")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "0",
        "0.0.0.0",  # noqa: S104 - refused here
        "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[fe80::1]",
        "[fc00::1]", "224.0.0.1", "255.255.255.255", "192.0.2.1", "[ff02::1]",
    ],
)  # fmt: skip
def test_no_connection_goes_where_it_is_not_allowed(host: str) -> None:
    fetcher = PoliteFetcher(timeouts=Timeouts(1, 1, 2))
    with pytest.raises(SourceError, match="not an address of the public network"):
        fetcher.get(f"http://{host}:9/feed")
    fetcher.close()


def test_the_address_that_was_checked_is_the_one_connected_to(server: str, seen: object) -> None:
    """A name that answers publicly first and with our address next gets no second question."""
    answers = [["192.88.99.77", "127.0.0.1"], ["127.0.0.1"]]
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    fetcher = PoliteFetcher(timeouts=Timeouts(0.2, 0.2, 0.5), resolver=resolver)
    port = server.rpartition(":")[2]
    with pytest.raises(SourceError):
        fetcher.get(f"http://flips.example:{port}/feed")
    assert asked == ["flips.example"]
    with pytest.raises(SourceError, match=r"flips\.example leads to 127\.0\.0\.1"):
        fetcher.get(f"http://flips.example:{port}/feed")
    assert Player.seen == []
    fetcher.close()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "file:///etc/passwd",
        "https://",
        "http://[::1",
        "a.example/feed",
        "http://a..b/",
    ],
)
def test_only_web_addresses_are_fetched(fetcher: PoliteFetcher, url: str) -> None:
    with pytest.raises(SourceError, match="is not a web address"):
        fetcher.get(url)


def test_what_a_server_asks_of_us_is_reported(fetcher: PoliteFetcher, server: str) -> None:
    assert fetcher.fetch(f"{server}/status?410").status == 410
    assert fetcher.fetch(f"{server}/status?429,120").retry_after == 120
    assert fetcher.fetch(f"{server}/status?503").retry_after is None
    with pytest.raises(SourceError, match="answered 404 Not Found"):
        fetcher.get(f"{server}/status?404")


def test_retry_after_is_read_in_both_its_forms() -> None:
    now = datetime(2023, 11, 12, 22, 0, tzinfo=UTC)
    assert read_retry_after("90", now) == 90
    assert read_retry_after("Sun, 12 Nov 2023 22:01:00 GMT", now) == 60
    assert read_retry_after("Sun, 12 Nov 2023 21:00:00 GMT", now) == 0
    assert read_retry_after("-1", now) is None
    assert read_retry_after("later", now) is None
    assert read_retry_after("", now) is None


def test_credentials_are_sent_where_they_belong_and_shown_nowhere(
    fetcher: PoliteFetcher, server: str, seen: list[tuple[str, dict[str, str]]]
) -> None:
    secret = server.replace("http://", "http://ann:s%40lt@")
    answer = fetcher.fetch(f"{secret}/redirect?302,/feed")
    assert [h["authorization"] for _, h in seen] == ["Basic YW5uOnNAbHQ="] * 2
    assert answer.url == f"{server}/feed"
    seen.clear()
    elsewhere = server.replace("127.0.0.1", "localhost")
    fetcher.get(f"{secret}/redirect?302,{elsewhere}/feed")
    assert ["authorization" in h for _, h in seen] == [True, False]
    for path in ("/status?404", "/garbage", "/silent", "/bomb?gzip"):
        with pytest.raises(SourceError) as caught:
            fetcher.get(f"{secret}{path}")
        assert "ann" not in str(caught.value)
    assert shown_address("https://ann:pw@a.example/x?y#z") == "https://a.example/x?y#z"


def test_nothing_listens_is_an_error_for_people(fetcher: PoliteFetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match="can't be fetched"):
        fetcher.get(f"http://127.0.0.1:{port}/feed")


def test_an_unknown_host_is_an_error_for_people() -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    fetcher = PoliteFetcher(resolver=resolver)
    with pytest.raises(SourceError, match="the host is not known"):
        fetcher.get("https://nowhere.example/feed")
    fetcher.close()


def test_a_name_server_that_does_not_answer_ends_with_the_time() -> None:
    def resolver(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    fetcher = PoliteFetcher(resolver=resolver, timeouts=Timeouts(0.1, 0.1, 0.1))
    start = time.monotonic()
    with pytest.raises(SourceError, match="too long"):
        fetcher.get("https://nowhere.example/feed")
    assert time.monotonic() - start < 0.9
    fetcher.close()


def test_credentials_that_a_server_writes_into_a_redirect_are_not_taken(
    fetcher: PoliteFetcher, server: str, seen: list[tuple[str, dict[str, str]]]
) -> None:
    target = server.replace("http://", "http://eve:pw@")
    answer = fetcher.fetch(f"{server}/redirect?301,{target}/feed")
    assert answer.moved_to == f"{server}/feed"
    assert not any("authorization" in headers for _, headers in seen)


def test_a_cut_packed_body_is_named(fetcher: PoliteFetcher, server: str) -> None:
    cut = gzip.compress(FEED)[:-20]
    Player.parts["/cut"] = lambda player: player.reply(body=cut, Content_Encoding="gzip")
    with pytest.raises(SourceError, match="is cut off"):
        fetcher.get(f"{server}/cut")


def test_gzip_in_several_members_is_read_whole(fetcher: PoliteFetcher, server: str) -> None:
    packed = io.BytesIO(gzip.compress(b"one ") + gzip.compress(b"two"))
    Player.parts["/two"] = lambda player: player.reply(
        body=packed.getvalue(), Content_Encoding="gzip"
    )
    assert fetcher.get(f"{server}/two").body == b"one two"


@part("/odd-etag")
def _odd_etag(player: Player) -> None:
    if player.headers.get("If-None-Match") == '"caf\xe9-\x80"':
        player.reply(304)
    else:
        player.reply(body=FEED, ETag='"caf\xe9-\x80"')


def test_an_etag_that_is_not_ascii_is_sent_back_as_it_came(
    fetcher: PoliteFetcher, server: str
) -> None:
    first = fetcher.fetch(f"{server}/odd-etag")
    assert first.status == 200
    assert fetcher.fetch(f"{server}/odd-etag", first.validators).status == 304
    odd = Validators('"\u4e00\r\nX-Evil: 1"', "Sun\u2028day")
    assert fetcher.fetch(f"{server}/odd-etag", odd).status == 200
