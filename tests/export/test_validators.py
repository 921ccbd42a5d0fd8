"""Exports are read by the tools that they are made for: Croissant's and Frictionless' validators,
Hugging Face datasets, Datasette, FollowTheMoney, pandas, Polars, DuckDB and spaCy's trainer.

They are heavy and no part of what a user installs, so all but spaCy live in an environment of their
own, which `make validators` makes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_slugline

ROOT = Path(__file__).parents[2]
CHECK = Path(__file__).parent / "validators" / "check.py"
PYTHON = Path(
    os.environ.get("SLUGLINE_TEST_VALIDATORS", ROOT / ".venv-validators" / "bin" / "python")
)

pytestmark = pytest.mark.slow


def checked(name: str, path: Path) -> Any:
    if not PYTHON.exists():
        pytest.skip("the environment of validators is missing")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(path.parent / "hf"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [PYTHON, CHECK, name, path],
        capture_output=True,
        text=True,
        env=offline | {"HOME": str(path.parent)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def exported(home: Path, out: Path, *options: str) -> int:
    done = run_slugline("export", out, *options, "--json", home=home)
    assert done.status == 0, done.err
    return int(done.json["articles"])


@pytest.mark.parametrize("name", ["all news.csv", "all.jsonl", "all.parquet"])
def test_a_described_file_is_valid_croissant_and_datapackage(
    demo_home: Path, tmp_path: Path, name: str
) -> None:
    count = exported(demo_home, tmp_path / name, "--describe")
    found = checked("croissant", tmp_path / f"{name}.croissant.json")
    assert [found["errors"], found["warnings"]] == [[], []]
    assert "croissant/1.1" in found["conforms"]
    assert [one["rows"] for one in found["sets"].values()] == [count]
    report = checked("frictionless", tmp_path / f"{name}.datapackage.json")
    assert report["valid"], report["errors"]


@pytest.mark.parametrize("options", [("--format", "hf", "--split", "hash"), ("--format", "hf")])
def test_hugging_face_loads_it_from_disk(
    demo_home: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    count = exported(demo_home, tmp_path / "data", *options)
    found = checked("hugging_face", tmp_path / "data")
    assert set(found["splits"]) == ({"train", "validation", "test"} if options[2:] else {"train"})
    assert sum(found["splits"].values()) == count
    assert "List" in found["features"]["topics"]
    sets = checked("croissant", tmp_path / "data" / "croissant.json")
    assert sets["errors"] == []
    assert sum(one["rows"] for one in sets["sets"].values()) == count
    assert checked("frictionless", tmp_path / "data" / "datapackage.json")["valid"]


def test_parquet_is_one_table_to_pandas_polars_and_duckdb(demo_home: Path, tmp_path: Path) -> None:
    count = exported(demo_home, tmp_path / "all.parquet")
    exported(demo_home, tmp_path / "months", "--format", "parquet", "--partition", "month")
    for path in (tmp_path / "all.parquet", tmp_path / "months" / "data"):
        found = checked("tables", path)
        assert found["pandas"] == [count, "datetime64[us, UTC]"]
        assert [found["polars"], *found["duckdb"][:2]] == [count] * 3


def test_datasette_opens_it_and_searches(demo_home: Path, tmp_path: Path) -> None:
    count = exported(demo_home, tmp_path / "news.sqlite")
    found = checked("datasette", tmp_path / "news.sqlite")
    assert found["tables"]["articles"] == count
    assert found["fts"]["articles"] == "articles_fts"
    assert 0 < found["found"] < count
    assert [found["page"], found["facets"] > 3] == [200, True]


def test_follow_the_money_takes_every_entity(demo_home: Path, tmp_path: Path) -> None:
    count = exported(demo_home, tmp_path / "news.ftm.jsonl")
    found = checked("ftm", tmp_path / "news.ftm.jsonl")
    assert found["schemas"]["Article"] == count
    assert found["schemas"]["Person"] > 10
    assert found["refused"] == []


def test_spacy_trains_on_it(demo_home: Path, tmp_path: Path) -> None:
    exported(demo_home, tmp_path / "docs", "--format", "spacy", "--split", "hash", "--text")
    config = tmp_path / "config.cfg"
    spacy = [sys.executable, "-W", "ignore", "-m", "spacy"]
    made = [*spacy, "init", "config", str(config), "--pipeline", "ner,textcat_multilabel"]
    subprocess.run(made, check=True, capture_output=True)
    docs = [f"--paths.train={tmp_path}/docs/train.spacy", f"--paths.dev={tmp_path}/docs/test.spacy"]
    done = subprocess.run(
        [
            *spacy,
            "train",
            str(config),
            "--output",
            f"{tmp_path}/model",
            "--training.max_steps=4",
            *docs,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "model/model-last/ner").is_dir()
