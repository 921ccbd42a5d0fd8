"""A round of 1,000 feeds from a local server with 20 ms latency, twice: all new, then all 304.

    python bench/ingest_feeds.py [feeds] [at once]

Each feed has a host name of its own, so that "one at a time a host" costs nothing here, and 25
entries. Beside it: feedparser alone on the same bytes, in processor time of the same run.
"""

from __future__ import annotations

import io
import resource
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ingest.feeds import read_feed  # noqa: E402
from ingest.fetching.address import networks  # noqa: E402 - after the path is set
from ingest.fetching.fetch import Answer, PoliteFetcher, Validators  # noqa: E402
from ingest.fetching.parallel import in_round  # noqa: E402

LATENCY = 0.02
ITEM = (
    "<item><title>Council item {n}</title><link>https://{host}/news/{n}</link>"
    "<description>&lt;p&gt;The council of {host} spoke of {n} at length.&lt;/p&gt;</description>"
    "<pubDate>Sun, 12 Nov 2023 22:00:18 GMT</pubDate></item>"
)


def feed(host: str) -> bytes:
    """Return a feed of 25 entries."""
    items = "".join(ITEM.format(n=n, host=host) for n in range(25))
    return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()


class Server(BaseHTTPRequestHandler):
    """Answers after 20 ms; 304 to who has the validator."""

    def do_GET(self) -> None:
        """Send the feed of the host that is asked for."""
        time.sleep(LATENCY)
        if self.headers.get("If-None-Match"):
            self.send_response(304)
            self.end_headers()
            return
        body = feed(self.headers["Host"].partition(":")[0])
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Run both rounds and print feeds per second."""
    import feedparser

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    fetcher = PoliteFetcher(
        allowed=networks(["127.0.0.1"]), at_once=at_once, resolver=lambda *_: ["127.0.0.1"]
    )
    urls = [f"http://feed{n}.example:{port}/rss" for n in range(count)]

    start = time.perf_counter()
    entries = 0
    for url, answer in in_round(urls, fetcher.fetch, at_once=at_once):
        assert isinstance(answer, Answer), answer
        entries += len(read_feed(answer.body, url, url).entries)
    told = f"{count / (time.perf_counter() - start):,.0f} feeds/s"
    assert entries == 25 * count, entries
    print(f"{count:,} feeds, {at_once} at once, all new: {told}, {entries:,} entries")

    start = time.perf_counter()
    known = Validators('"1"')
    round_ = in_round(urls, lambda url: fetcher.fetch(url, known), at_once=at_once)
    same = sum(isinstance(a, Answer) and a.status == 304 for _, a in round_)
    told = f"{count / (time.perf_counter() - start):,.0f} feeds/s"
    assert same == count, same
    print(f"{count:,} feeds, {at_once} at once, all 304: {told}")

    start = time.process_time()
    for url in urls:
        feedparser.parse(io.BytesIO(feed(url.split("/")[2])))
    print(f"feedparser alone: {count / (time.process_time() - start):,.0f} feeds/s")
    start = time.process_time()
    for url in urls:
        read_feed(feed(url.split("/")[2]), url, url)
    print(f"read_feed alone:  {count / (time.process_time() - start):,.0f} feeds/s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000
    print(f"peak memory, server included: {memory} MB")
    fetcher.close()
    server.shutdown()


if __name__ == "__main__":
    main()
