"""Reads exports with the tools that they are made for, in an environment of those tools alone.

Called by `tests/export/test_validators.py` as `python check.py CHECK PATH`; prints what the tool
found as one JSON object, and fails where the tool refuses.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import Counter
from pathlib import Path


def croissant(path: Path) -> object:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(path))
    issues = dataset.metadata.ctx.issues
    sets = {}
    for record_set in dataset.metadata.record_sets:
        rows = [dict(row) for row in dataset.records(record_set.uuid)]
        sets[record_set.uuid] = {"rows": len(rows), "keys": sorted(rows[0]) if rows else []}
    return {
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "conforms": str(dataset.metadata.conforms_to),
        "sets": sets,
    }


def frictionless(path: Path) -> object:
    from frictionless import Package

    report = Package(str(path)).validate()
    return {
        "valid": report.valid,
        "errors": report.flatten(["type", "message"]),
        "rows": [task.stats.get("rows") for task in report.tasks],
    }


def hugging_face(path: Path) -> object:
    import datasets

    datasets.disable_progress_bars()
    loaded = datasets.load_dataset(str(path), cache_dir=str(path.parent / "cache"))
    first = next(iter(loaded.values()))
    return {
        "splits": {name: split.num_rows for name, split in loaded.items()},
        "features": {name: str(kind) for name, kind in first.features.items()},
        "first": json.loads(json.dumps(first[0], default=str)),
    }


def ftm(path: Path) -> object:
    from followthemoney import model

    schemas: Counter[str] = Counter()
    refused: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        entity = model.get_proxy(data)
        model.get(entity.schema.name).validate(data)
        schemas[entity.schema.name] += 1
        told = {name: set(values) for name, values in data["properties"].items()}
        kept = {prop.name: set(entity.get(prop)) for prop in entity.iterprops()}
        refused += [name for name in told if told[name] and not kept.get(name)]
    return {"schemas": schemas, "refused": sorted(set(refused))}


def datasette(path: Path) -> object:
    from datasette.app import Datasette

    async def ask() -> object:
        served = Datasette([str(path)])
        name = path.stem
        tables = (await served.client.get(f"/{name}.json")).json()["tables"]
        url = f"/{name}/articles.json?_search=the&_facet=source&_shape=objects"
        found = (await served.client.get(url)).json()
        page = await served.client.get(f"/{name}/articles?_search=the")
        return {
            "tables": {table["name"]: table["count"] for table in tables},
            "fts": {table["name"]: table["fts_table"] for table in tables},
            "found": found["filtered_table_rows_count"],
            "facets": len(found["facet_results"]["source"]["results"]),
            "page": page.status_code,
        }

    return asyncio.run(ask())


def tables(path: Path) -> object:
    import duckdb
    import pandas
    import polars

    named = path.as_posix() + ("/*/*.parquet" if path.is_dir() else "")
    view = f"SELECT * FROM '{named}'"  # noqa: S608 - a path of the test's own
    duckdb.sql("CREATE VIEW articles AS " + view)
    counted = duckdb.sql("SELECT count(*), count(DISTINCT id) FROM articles").fetchall()[0]
    topic = duckdb.sql(
        "SELECT t.slug, count(*) AS n FROM articles, unnest(topics) AS u(t)"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()[0]
    frame = pandas.read_parquet(path)
    return {
        "pandas": [len(frame), str(frame["published"].dtype)],
        "polars": polars.read_parquet(named).height,
        "duckdb": [*counted, *topic],
    }


CHECKS = {
    function.__name__: function
    for function in (croissant, frictionless, hugging_face, ftm, datasette, tables)
}

if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.stdout.write(json.dumps(CHECKS[sys.argv[1]](Path(sys.argv[2])), default=str))
