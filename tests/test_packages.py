"""The wheel and the sdist hold all that is needed, and work where there is no checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from slugline.commands.demo import SAMPLE

ROOT = Path(__file__).parents[1]
PACKAGES = ("models", "store", "ingest", "nlp", "search", "export", "web", "slugline")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
UV = Path(sys.executable).with_name("uv")
BUILD = ("--quiet", "--no-build-isolation", "--python", sys.executable)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sdist, and the wheel that was made of the sdist."""
    out = tmp_path_factory.mktemp("dist")
    run(UV, "build", *BUILD, "--out-dir", out, ROOT)
    return out


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, in an environment that holds the wheel and what it needs, as locked."""
    place = tmp_path_factory.mktemp("installed")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9][^\\\n]*?)\s*\\?$", lock, re.MULTILINE)
    (place / "pins.txt").write_text("\n".join(pins), encoding="utf-8")
    run(UV, "venv", "--quiet", "--python", sys.executable, place / "venv")
    python = place / "venv" / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    run(UV, "pip", "install", "--quiet", "--python", python, "-c", place / "pins.txt", wheel)
    return place / "venv" / "bin" / "slugline"


def run(*command: str | Path, **environment: str) -> str:
    """Run a command far from the checkout; return what it prints."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SLUGLINE_")}
    clean.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, cwd="/", env=clean | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_file_of_a_package_is_in_the_wheel_and_in_the_sdist(built: Path) -> None:
    tracked = set(run("git", "-C", ROOT, "ls-files", *PACKAGES).splitlines())
    assert len(tracked) > 600
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert tracked - set(wheel.namelist()) == set()
        pickled = (".pkl", ".pickle", ".joblib", ".dill")
        assert [name for name in wheel.namelist() if name.endswith(pickled)] == []
        top = {name.partition("/")[0] for name in wheel.namelist()}
        assert {name for name in top if not name.endswith(".dist-info")} == set(PACKAGES)
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
        assert tracked | {"LICENSE", "README.md", "pyproject.toml"} <= names


def test_the_main_job_runs_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    home = {"SLUGLINE_HOME": str(tmp_path / "home")}
    place = installed.parents[1]
    where = run(installed.with_name("python"), "-c", "import slugline; print(slugline.__file__)")
    assert Path(where.strip()).is_relative_to(place)
    brought = next(place.rglob(f"slugline/sample/feeds/{_feed().name}"))

    def asked(*words: str | Path) -> Any:
        return json.loads(run(installed, *words, "--json", **home))

    ran = asked("run", brought)
    assert ran["ingest"]["new"] == ran["tag"]["articles"] == ran["index"]["documents"] > 3
    assert ran["tag"]["mentions"] > 3
    assert asked("search", "")["total"] == ran["ingest"]["new"]
    assert len(asked("topics", "list")["topics"]) >= 15
    assert asked("doctor")["well"]
    assert run(installed, "--version") == f"slugline, version {VERSION}\n"


def _feed() -> Path:
    return next((SAMPLE / "feeds").glob("*.atom.xml"))
