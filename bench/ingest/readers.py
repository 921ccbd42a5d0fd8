"""Every reader at three sizes, on ordinary and on hostile input: seconds of processor, and memory.

    python -m bench.ingest.readers [sizes in MB, such as 5 10 20] [--only NAME]

Each file is read as `slugline ingest` reads it: by a process that may hold so much memory and take
so much time, for another that asks. Linear means that seconds grow as the size does; flat memory,
that it does not.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = "The council of the harbour spoke of the ferry at length. "
ITEM = (
    "<item><title>Item {n}</title><link>https://a.example/{n}</link><description>{text}"
    "</description><pubDate>Sun, 12 Nov 2023 22:00:18 GMT</pubDate></item>"
)
MEASURE = """
import resource, sys, time
from contextlib import closing
from pathlib import Path
from ingest.parsed_source import UnreadableError
from ingest.parsing.pool import ReaderPool
from ingest.source import read
read_ = rejected = 0
reason = ""
began = time.process_time()
with closing(ReaderPool(seconds=60)) as reader:
    try:
        path = Path(sys.argv[1])
        if path.suffix == ".opml":
            read_ = len(reader.outlines(path.read_bytes()).feeds)
        elif path.suffix == ".links":
            read_ = len(reader.offers(path.read_bytes(), "https://a.example/"))
        elif path.suffix == ".html":
            page = reader.page_text(path.read_bytes(), "https://a.example/")
            read_, reason = bool(page.text), page.why
        else:
            for part in read(sys.argv[1], reader=reader):
                read_ += len(part.entries) + len(part.exported)
                rejected += part.rejected
                for one in (*part.rejections[:1], *part.notes[-1:]):
                    reason = one.reason
    except Exception as error:
        reason = str(error)
status = Path("/proc/self/status").read_text()
own = int(status.partition("VmHWM:")[2].split()[0])
reading = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - began + reading.ru_utime + reading.ru_stime
print(f"{seconds:.2f}", own // 1000, reading.ru_maxrss // 1000, read_, rejected,
      reason[:70], sep="\\t")
"""


def feed(body: str, head: str = "") -> str:
    """Return an RSS feed around items."""
    return f'{head}<rss version="2.0"><channel><title>Harbour</title>{body}</channel></rss>'


def repeated(make: Callable[[int], str], size: int) -> str:
    """Return as many pieces as come to about `size` characters."""
    pieces: list[str] = []
    total = 0
    while total < size:
        pieces.append(make(len(pieces)))
        total += len(pieces[-1])
    return "".join(pieces)


def item(n: int) -> str:
    """Return an ordinary item of an RSS feed."""
    return ITEM.format(n=n, text=WORDS * 10)


def row(n: int) -> dict[str, object]:
    """Return an ordinary entry of an archive."""
    return {
        "title": f"Item {n}",
        "link": f"https://a.example/{n}",
        "description": WORDS * 10,
        "date_published": "2023-11-12T22:00:18+00:00",
    }


def starred(size: int) -> str:
    """Return starred articles as other readers export them."""
    items = [
        {
            "id": str(n),
            "title": f"Item {n}",
            "canonical": [{"href": f"https://a.example/{n}"}],
            "published": 1_699_862_400,
            "summary": {"content": WORDS * 10},
            "origin": {"streamId": "feed/https://a.example/rss", "title": "A"},
        }
        for n in range(size // 750)
    ]
    return json.dumps({"id": "user/-/state/com.google/starred", "items": items})


def markdown(n: int) -> str:
    """Return an ordinary entry of an archive's Markdown."""
    link = f"https://a.example/{n}"
    fields = f" - [{link}]({link})\n - date published: 2023-11-12T22:00:18+00:00\n"
    return f"## Item {n}\n{fields}\n{WORDS * 10}\n\n"


def atom(n: int) -> str:
    """Return an ordinary entry of an Atom feed."""
    return (
        f'<entry><title>Item {n}</title><link href="https://a.example/{n}"/><id>{n}</id>'
        f"<summary>{WORDS * 10}</summary><updated>2023-11-12T22:00:18Z</updated></entry>"
    )


def attributes(size: int) -> str:
    """Return an item with an element of very many attributes."""
    many = " ".join(f"a{n}='1'" for n in range(size // 10))
    return f"<item><title {many}>A</title></item>"


def address(n: int, title: str = "The ferry runs again") -> str:
    """Return an ordinary address of a sitemap of news."""
    return (
        f"<url><loc>https://a.example/{n}</loc><n:news><n:publication><n:name>A</n:name>"
        "<n:language>en</n:language></n:publication><n:publication_date>2023-11-12"
        f"</n:publication_date><n:title>{title}</n:title></n:news></url>"
    )


def csv_row(n: int) -> str:
    """Return an ordinary row of a table."""
    return f'Item {n},https://a.example/{n},2023-11-12,"{WORDS * 10}"\n'


def many_files(size: int) -> bytes:
    """Return a ZIP of files of an archive, one article each."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(size // 2_500):
            packed.writestr(f"day/{n}.json", json.dumps([row(n)]))
    return file.getvalue()


def bomb(size: int) -> bytes:
    """Return a ZIP of files that pack as well as is let through."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        content = json.dumps([row(n) for n in range(60_000)])
        for n in range(max(1, size // 5_000_000)):
            packed.writestr(f"day/{n}.json", content)
    return file.getvalue()


LETTER = (
    "From: A <a@a.example>\nSubject: The ferry\nDate: Sun, 12 Nov 2023 22:00:18 +0100\n"
    "Content-Type: text/html; charset=utf-8\n\n"
)
SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{}</urlset>"
)
OPML = "<opml version='2.0'><body>{}</body></opml>"
HEADER = "# Source:A, URL:https://a.example/rss, language:en\n\n"
KINDS: dict[str, tuple[str, Callable[[int], str | bytes]]] = {
    "RSS": ("xml", lambda size: feed(repeated(item, size))),
    "Atom": (
        "xml",
        lambda size: (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>H</title>'
            f"{repeated(atom, size)}</feed>"
        ),
    ),
    "RDF": (
        "xml",
        lambda size: (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/"><channel><title>H</title></channel>'
            f"{repeated(item, size)}</rdf:RDF>"
        ),
    ),
    "JSON Feed": (
        "json",
        lambda size: json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": str(n), "content_text": WORDS * 10} for n in range(size // 600)],
            }
        ),
    ),
    "archive JSON": ("json", lambda size: json.dumps([row(n) for n in range(size // 680)])),
    "Google Reader JSON": ("json", starred),
    "Google Reader, lists": (
        "json",
        lambda size: '{"id": "user/-/x", "items": [' + "[]," * (size // 3) + "1]}",
    ),
    "archive Markdown": ("md", lambda size: HEADER + repeated(markdown, size)),
    "export JSONL": (
        "jsonl",
        lambda size: repeated(
            lambda n: (
                json.dumps(row(n) | {"id": f"{n:020x}", "fetched": "2023-11-12T22:00:18+00:00"})
                + "\n"
            ),
            size,
        ),
    ),
    "Markdown, one header": ("md", lambda size: "# Source:A, URL:" * (size // 16)),
    "Markdown, one link": (
        "md",
        lambda size: f"{HEADER}## A\n - [{'a](' * (size // 3)})\n - date published: 2023-11-12\n",
    ),
    "Markdown, headings": ("md", lambda size: HEADER + "## A\n - [a](a)\n" * (size // 15)),
    "JSON, numbers": ("json", lambda size: "[" + "1," * (size // 2) + "1]"),
    "JSON, lists": ("json", lambda size: "[" + "[]," * (size // 3) + "1]"),
    "JSON, one list": ("json", lambda size: "[[" + "1," * (size // 2) + "1]]"),
    "JSON, nested": ("json", lambda size: "[" * size),
    "JSON, one text of escapes": ("json", lambda size: '["' + "\\n" * (size // 2) + '"]'),
    "JSON, one text": ("json", lambda size: '["' + "a" * size + '"]'),
    "XML, attributes": ("xml", lambda size: feed(attributes(size))),
    "XML, categories": (
        "xml",
        lambda size: feed(
            "<item><title>A</title><link>https://a.example/1</link>"
            f"{repeated(lambda n: f'<category>{n}</category>', size)}</item>"
        ),
    ),
    "XML, empty items": ("xml", lambda size: feed("<item/>" * min(900_000, size // 7))),
    "XML, as punycode": (
        "xml",
        lambda size: feed(repeated(item, size), '<?xml version="1.0" encoding="punycode"?>'),
    ),
    "XML, blank lines": ("xml", lambda size: "\n" * size + feed(item(1))),
    "sitemap": ("xml", lambda size: SITEMAP.format(repeated(address, size))),
    "sitemap, one title": ("xml", lambda size: SITEMAP.format(address(1, "a" * size))),
    "OPML": (
        "opml",
        lambda size: OPML.format(
            repeated(lambda n: f"<outline text='A' xmlUrl='https://a.example/{n}'/>", size)
        ),
    ),
    "OPML, one outline": ("opml", lambda size: OPML.format(f"<outline text='{'a' * size}'/>")),
    "table CSV": (
        "csv",
        lambda size: "title,link,date,text\n" + repeated(csv_row, size),
    ),
    "table, one cell": ("csv", lambda size: 'title,link\n"' + "a" * size + '",b\n'),
    "table, columns": ("csv", lambda size: "title," * (size // 6) + "link\n"),
    "table, blank rows": ("csv", lambda size: "title,link\n" + "\n" * size),
    "mail": ("eml", lambda size: LETTER + repeated(lambda _: f"<p>{WORDS}</p>\n", size)),
    "mail, headers": ("eml", lambda size: f"From: a@a.example\n{'X: a' * (size // 4)}\n\n"),
    "mail, parts": (
        "eml",
        lambda size: (
            "From: a@a.example\nContent-Type: multipart/mixed; boundary=b\n\n"
            + "--b\n\na\n" * (size // 7)
        ),
    ),
    "ZIP, many files": ("zip", many_files),
    "ZIP, a bomb": ("zip", bomb),
    "page, its feeds": (
        "links",
        lambda size: repeated(
            lambda n: f"<link rel=alternate type='application/rss+xml' href='/{n}'>", size
        ),
    ),
    "page, its text": ("html", lambda size: f"<article><p>{WORDS * (size // len(WORDS))}"),
    "page, nested": ("html", lambda size: "<div>" * (size // 5)),
}


def measured(name: str, content: str | bytes) -> str:
    """Read a file in a process of its own and return what that came to."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{name}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        command = [sys.executable, "-c", MEASURE, str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"ended with {done.returncode}: {done.stderr.strip()[-200:]}"


def main() -> None:
    """Print a line for each reader and size."""
    arguments = sys.argv[1:]
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    sizes = [int(one) for one in arguments if one.isdigit()] or [5, 10, 20]
    print("reader\tMB\tseconds\tour MB\treading MB\tentries\trejected\twhat was said")
    for name, (suffix, make) in KINDS.items():
        if only in name:
            for size in sizes:
                print(f"{name}\t{size}\t{measured(suffix, make(size * 1_000_000))}", flush=True)


if __name__ == "__main__":
    main()
