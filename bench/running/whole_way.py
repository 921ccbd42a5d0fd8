"""The whole way, from an archive to searchable articles, by where store and index are kept.

    eval "$(tests/postgresql/start)"; eval "$(tests/opensearch/start)"
    python -m bench.running.whole_way DAY [--ways sqlite+whoosh,sqlite+tantivy]

`slugline run` as a user would start it, on a new home each. Seconds are of the clock, since the
servers work in processes of their own, and of the processor of Slugline's processes alone. One run
each: read the ratios, and the load that the machine had, which is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from contextlib import ExitStack
from pathlib import Path

from tests.postgresql.databases import SERVER, database

BINARY = Path(sys.executable).with_name("slugline")
OPENSEARCH = os.environ.get("SLUGLINE_TEST_OPENSEARCH", "")
WAYS = ("sqlite+whoosh", "sqlite+tantivy", "postgresql+opensearch")


def go(way: str, source: str, url: str, home: Path) -> dict[str, float]:
    """Run the main job one way; return what it took."""
    engine = way.partition("+")[2]
    environment = os.environ | {"SLUGLINE_SEARCH_ENGINE": engine, "SLUGLINE_STORE_URL": url}
    if engine == "opensearch":
        index = f"bench{uuid.uuid4().hex[:8]}"
        environment |= {
            "SLUGLINE_OPENSEARCH_URL": OPENSEARCH,
            "SLUGLINE_OPENSEARCH_INDEX": index,
        }
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [BINARY, "--home", home, "-q", "run", source, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if engine == "opensearch":
        ours = f"{OPENSEARCH}/{index}*"
        urllib.request.urlopen(urllib.request.Request(ours, method="DELETE")).close()  # noqa: S310 - a server of tests
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["index"]["documents"] == told["ingest"]["new"], told
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stages = {name: told[name]["seconds"] for name in ("ingest", "tag", "stories", "index")}
    return stages | {"articles": told["ingest"]["new"], "clock": seconds, "processor": processor}


def main() -> None:
    """Go each way and print a table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("source")
    options.add_argument("--ways", default=",".join(WAYS))
    asked = options.parse_args()
    print("| way | articles | ingest | tag | stories | index | clock, s | processor, s | load |")
    print("|---|---|---|---|---|---|---|---|---|")
    for way in asked.ways.split(","):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            url = ""
            if way.startswith("postgresql"):
                if not (SERVER and OPENSEARCH):
                    print(f"| {way} | not run: a server is missing |")
                    continue
                url = stack.enter_context(database())
            took = go(way, asked.source, url, Path(folder) / "home")
        stages = " | ".join(f"{took[name]:.1f}" for name in ("ingest", "tag", "stories", "index"))
        print(
            f"| {way} | {took['articles']:,} | {stages} | {took['clock']:.1f} |"
            f" {took['processor']:.1f} | {os.getloadavg()[0]:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
