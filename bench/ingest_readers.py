"""Every reader at three sizes, on ordinary and on hostile input: seconds of processor, and memory.

    python bench/ingest_readers.py [sizes in MB, such as 5 10 20] [--only NAME]

Each file is read in a process of its own. Linear means that seconds grow as the size does; flat
memory, that it does not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS = "The council of the harbour spoke of the ferry at length. "
ITEM = (
    "<item><title>Item {n}</title><link>https://a.example/{n}</link><description>{text}"
    "</description><pubDate>Sun, 12 Nov 2023 22:00:18 GMT</pubDate></item>"
)
MEASURE = """
import resource, sys, time
from pathlib import Path
from ingest.source import read
began = time.process_time()
read_ = rejected = 0
reason = ""
try:
    for part in read(sys.argv[1]):
        read_ += len(part.entries) + len(part.exported)
        rejected += part.rejected
        for one in (*part.rejections[:1], *part.notes[-1:]):
            reason = one.reason
except Exception as error:
    reason = str(error)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seconds = f"{time.process_time() - began:.2f}"
print(seconds, memory // 1000, read_, rejected, reason[:70], sep="\\t")
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


HEADER = "# Source:A, URL:https://a.example/rss, language:en\n\n"
KINDS: dict[str, tuple[str, Callable[[int], str]]] = {
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
}


def measured(name: str, text: str) -> str:
    """Read a file in a process of its own and return what that came to."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{name}"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", MEASURE, str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"ended with {done.returncode}: {done.stderr.strip()[-200:]}"


def main() -> None:
    """Print a line for each reader and size."""
    arguments = sys.argv[1:]
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    sizes = [int(one) for one in arguments if one.isdigit()] or [5, 10, 20]
    print("reader\tMB\tseconds\tmemory MB\tentries\trejected\twhat was said")
    for name, (suffix, make) in KINDS.items():
        if only in name:
            for size in sizes:
                print(f"{name}\t{size}\t{measured(suffix, make(size * 1_000_000))}", flush=True)


if __name__ == "__main__":
    main()
