"""Lets `watch` and `serve` run for long on feeds that change, fail, hang and lie, with readers.

    python -m bench.running.soak [--minutes 30] [--feeds 500] [--readers 6] [--out DIR]

Prints a line a minute, and at the end, as JSON, what became of it: memory of both commands by
quarters of the run, requests lost, and articles that a feed served whole and the store does not
have. Ends with 1 where anything is lost. With `--out`, the JSON with every sample and a picture of
memory over time are written there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from bench.running.picture import Curve, picture
from tests.robust.press import Press
from tests.robust.soak import Report, soak


def main() -> int:
    """Run and tell."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--feeds", type=int, default=500)
    options.add_argument("--readers", type=int, default=6)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    end = time.monotonic() + asked.minutes * 60
    told = 0

    def enough(report: Report, press: Press) -> bool:
        nonlocal told
        if report.samples and (last := report.samples[-1]).seconds >= told * 60:
            told += 1
            print(
                f"{last.seconds:5.0f} s {last.articles:6,} articles  watch {last.watch:4.0f} MB"
                f"  serve {last.serve:4.0f} MB  {sum(press.answers.values()):6,} answers of feeds"
                f"  {len(report.reading.seconds):6,} of pages, {report.reading.lost} lost",
                flush=True,
            )
        return bool(time.monotonic() >= end)

    with tempfile.TemporaryDirectory() as folder:
        report = soak(
            Path(folder) / "home", asked.feeds, enough, readers=asked.readers, seed=asked.seed
        )
    found = report.as_dict()
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "soak.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        (asked.out / "soak.svg").write_text(memory(report), encoding="utf-8")
    del found["samples"]
    print(json.dumps(found, indent=1))
    return int(bool(found["faults"]))


def memory(report: Report) -> str:
    """Return the picture of memory over time."""
    minutes = [sample.seconds / 60 for sample in report.samples]
    return picture(
        [
            Curve("watch", minutes, [sample.watch for sample in report.samples]),
            Curve("serve", minutes, [sample.serve for sample in report.samples]),
        ],
        across="minutes",
        up="MB",
    )


if __name__ == "__main__":
    sys.exit(main())
