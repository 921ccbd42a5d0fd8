"""How quick tagging is by processes of `tag --workers` and by the workers of a Dask cluster.

    python -m bench.running.tagging_workers DAY [--workers 1,2]

Each tags the same articles with the real models, on a copy of one home, as a user would start it.
The cluster (a scheduler and workers of one thread, each a process of this machine) is up before the
command starts; its workers load the models with their first batch, as those of `--workers` do. One
run each: read the ratios, and the load that the machine had, which is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARY = Path(sys.executable).with_name("slugline")
START = 120.0


def run(home: Path, *arguments: str) -> dict[str, float]:
    """Run a command and return what it reports, with its seconds by the clock."""
    began = time.perf_counter()
    done = subprocess.run(
        [BINARY, "--home", home, "-q", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    report: dict[str, float] = json.loads(done.stdout)
    return report | {"clock": time.perf_counter() - began}


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Run a scheduler and so many workers; give its address."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        local = ("--scheduler-file", str(file), "--no-dashboard", "--host", "127.0.0.1")
        kinds = [("scheduler", "--port", "0"), *[("worker", "--nthreads", "1")] * workers]
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *local, *options],
                stderr=subprocess.DEVNULL,
            )
            for kind, *options in kinds
        ]
        try:
            end = time.monotonic() + START
            while not file.exists():
                assert time.monotonic() < end, "the scheduler did not start"
                time.sleep(0.2)
            address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
            _wait(address, workers)
            yield address
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait()


def _wait(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout=START) as client:
        client.wait_for_workers(workers, timeout=START)


def main() -> None:
    """Tag each way and print a table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("source")
    options.add_argument("--workers", default="1,2")
    asked = options.parse_args()
    print("| tagged by | articles | tag, s | a second | the whole command, s | load |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(folder / "home", "ingest", asked.source)
        for workers in map(int, asked.workers.split(",")):
            for way in ("--workers", "--dask"):
                home = Path(shutil.copytree(folder / "home", folder / f"{workers}{way}"))
                if way == "--workers":
                    told = run(home, "tag", way, str(workers))
                else:
                    with cluster(workers) as address:
                        told = run(home, "tag", way, address)
                print(
                    f"| {way}, {workers} | {told['articles']:,} | {told['seconds']:.1f} |"
                    f" {told['articles_per_second']:.0f} | {told['clock']:.1f} |"
                    f" {os.getloadavg()[0]:.0f} |",
                    flush=True,
                )
                shutil.rmtree(home)


if __name__ == "__main__":
    main()
