"""How the cost of each stage grows with the archive: processor time an article, as a table and SVG.

    python -m bench.running.growth ARCHIVE.zip... [--days 1,3,7,14,30] [--out FILE.svg]

A home is filled day by day. At each number of days the articles that are new go through ingest,
tagging, stories and index, and each stage's processor time (with that of the processes it starts)
is divided by them: what an article costs that comes into an archive of that size. Then pages are
asked for, each with another query, and a backup is written; the backup's time is divided by all
articles. A cost that does not rise with the archive makes work that grows no faster than it.
Processor time, unlike that of the clock, hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.running.picture import Curve, picture

STAGES = ("ingest", "duplicates", "tag", "stories", "index", "search page", "backup")
QUERIES = Path(__file__).parents[1] / "search" / "queries.txt"
WARM = 3
"""Queries that are asked before any is measured."""


def spent(work: Callable[[], object]) -> float:
    """Return the processor seconds of this process and of those it waited for."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def step(home: Path, engine_name: str, days: list[str]) -> dict[str, float]:
    """Bring days into a home; return what each stage cost, in milliseconds an article."""
    from ingest.source import read
    from slugline.factory import load_tagger, open_reader, open_search_engine, open_store
    from slugline.jobs import pipeline
    from slugline.jobs.backup import write_backup
    from slugline.jobs.duplicates import group_duplicates
    from slugline.jobs.executors import InProcess
    from slugline.jobs.stories import find_stories
    from slugline.progress import no_bar
    from slugline.settings import read_settings

    settings = read_settings(home, None, {"SLUGLINE_SEARCH_ENGINE": engine_name})
    with open_store(settings) as store:
        tagger = load_tagger(settings)
        before = store.articles.count()

        def put() -> None:
            now = datetime.now(UTC)
            with closing(open_reader(settings)) as reader:
                for day in days:
                    for part in read(day, reader=reader):
                        pipeline._take(store, part, now, pipeline.NoListener())

        def index() -> None:
            with closing(open_search_engine(settings)) as engine:
                pipeline.index(store, engine, rebuild=False, bar=no_bar)

        seconds = {"ingest": spent(put)}
        seconds["duplicates"] = spent(partial(group_duplicates, store, no_bar))
        seconds["tag"] = spent(
            partial(pipeline.tag, store, InProcess(tagger), settings.nlp.batch, no_bar)
        )
        if store.stories.count() or not before:
            seconds["stories"] = spent(partial(find_stories, store, no_bar))
        seconds["index"] = spent(index)
        articles = store.articles.count()
        costs = {name: 1000 * value / (articles - before) for name, value in seconds.items()}
        costs["search page"] = page(home, engine_name)
        place = home.parent / "backup.zip"
        costs["backup"] = 1000 * spent(partial(write_backup, store, home, place)) / articles
        place.unlink()
    return costs | {"articles": articles, "new": articles - before}


def page(home: Path, engine_name: str) -> float:
    """Return the median milliseconds of processor that a page of hits with its facets takes."""
    from slugline.factory import load_topic_models, open_search_engine, open_store
    from slugline.serving import _application
    from slugline.settings import read_settings

    settings = read_settings(home, None, {"SLUGLINE_SEARCH_ENGINE": engine_name})
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    queries = [line for line in lines if line and not line.startswith("#")]
    with open_store(settings) as store, closing(open_search_engine(settings)) as engine:
        client = _application(settings, store, engine, load_topic_models(settings)).test_client()

        def ask(query: str) -> None:
            assert client.get("/search", query_string={"q": query}).status_code == 200

        for query in queries[:WARM]:
            ask(query)
        return 1000 * statistics.median(spent(partial(ask, each)) for each in queries[WARM:])


def unpacked(archives: list[Path], folder: Path) -> list[Path]:
    """Unpack archives; return the directories of their days, in order."""
    for archive in archives:
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder / archive.stem)
    return sorted(
        (path for path in folder.rglob("*") if path.is_dir() and path.name.count("-") == 2),
        key=lambda path: path.name,
    )


def main() -> None:
    """Fill a home and print what its growth cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archives", type=Path, nargs="+")
    parser.add_argument("--days", default="1,3,7,14,30")
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--step", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(step(asked.step, asked.engine, [str(day) for day in asked.archives])))
        return
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(dir=asked.scratch) as name:
        folder = Path(name)
        days = unpacked(asked.archives, folder / "days")
        home, done = folder / "home", 0
        print("| articles | " + " | ".join(STAGES) + " |\n|" + "---|" * (len(STAGES) + 1))
        for until in map(int, asked.days.split(",")):
            command = [sys.executable, "-m", "bench.running.growth", "--step", str(home)]
            command += ["--engine", asked.engine, *map(str, days[done:until])]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode:
                raise SystemExit(run.stderr)
            rows.append(json.loads(run.stdout))
            done = until
            row = rows[-1]
            cells = (f"{row[stage]:.3g}" if stage in row else "" for stage in STAGES)
            print(f"| {row['articles']:,} | {' | '.join(cells)} |", flush=True)
        shutil.rmtree(home)
    factors = (f"{rows[-1].get(stage, 0) / rows[0].get(stage, 1):.2f}" for stage in STAGES)
    print(f"| last / first | {' | '.join(factors)} |")
    if asked.out:
        asked.out.write_text(drawn(rows), encoding="utf-8")


def drawn(rows: list[dict[str, float]]) -> str:
    """Return the picture: a curve a stage, over the articles that were there."""
    curves = []
    for stage in STAGES:
        with_it = [row for row in rows if stage in row]
        sizes = [row["articles"] for row in with_it]
        curves.append(Curve(stage, sizes, [row[stage] for row in with_it]))
    return picture(curves, across="articles in the archive", up="milliseconds", log=True)


if __name__ == "__main__":
    main()
