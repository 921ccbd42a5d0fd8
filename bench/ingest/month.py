"""Reading a month of the archive beside `json` alone, in one run.

    SLUGLINE_ARCHIVE=... python -m bench.ingest.month [2023-11]

Each way runs in a process of its own, so that its peak memory is its own; the ways take turns.
Time is processor time, which other work on the machine changes little.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

ROUNDS = 2


def json_alone(archive: Path) -> int:
    """Parse every .json of entries and do nothing with it."""
    count = 0
    with zipfile.ZipFile(archive) as month:
        for name in month.namelist():
            if name.endswith("_entries.json"):
                count += len(json.loads(month.read(name)))
    return count


def parts(archive: Path) -> int:
    """Read all parts as Slugline does: cleaned, canonical, checked."""
    from ingest.source import read

    return sum(len(part.entries) + len(part.rejections) for part in read(str(archive)))


def markdown(archive: Path) -> int:
    """Read the .md files only, as where there is no usable .json."""
    from ingest.archives.reader import read_pair
    from ingest.files import Zip
    from ingest.parsed_source import joined

    files = Zip(archive)
    names = [name for name in files.names() if name.endswith(".md")]
    count = 0
    for name in names:
        part = joined(read_pair(files, None, name))
        count += len(part.entries) + len(part.rejections)
    files.close()
    return count


WAYS: dict[str, Callable[[Path], int]] = {
    "json alone": json_alone,
    "slugline, .json": parts,
    "slugline, .md": markdown,
}


def peak_megabytes() -> float:
    """Return the most memory this process ever held."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1_000_000 if sys.platform == "darwin" else 1_000)


def main() -> None:
    """Run each way in turn and print entries per second of processor time and peak memory."""
    month = sys.argv[1] if len(sys.argv) > 1 else "2023-11"
    archive = Path(os.environ["SLUGLINE_ARCHIVE"]) / f"{month}.zip"
    best: dict[str, tuple[float, int, float]] = {}
    for _ in range(ROUNDS):
        for way in WAYS:
            command = [sys.executable, "-m", "bench.ingest.month", "--way", way, str(archive)]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds, count, megabytes = json.loads(out)
            if way not in best or seconds < best[way][0]:
                best[way] = (seconds, count, megabytes)
    base = best["json alone"][0]
    print(f"{month}, best of {ROUNDS}:")
    for way, (seconds, count, megabytes) in best.items():
        rate = f"{count / seconds:>9,.0f} entries/s"
        print(f"{way:<16} {count:>7,} entries {seconds:6.2f} s {rate} {megabytes:5.0f} MB", end="")
        print(f"  {seconds / base:4.1f} x json alone")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        begin = time.process_time()
        read_entries = WAYS[sys.argv[2]](Path(sys.argv[3]))
        print(json.dumps([time.process_time() - begin, read_entries, peak_megabytes()]))
    else:
        main()
