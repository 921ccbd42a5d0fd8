"""The examples of docs/export.md read what its commands write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.export.test_validators import PYTHON

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```py(?: needs (.*?))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"pandas", "polars", "duckdb", "datasets"}
"""Packages that are in the environment of validators only."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with all that the page exports."""
    folder = tmp_path_factory.mktemp("exports")
    for command in re.findall(r"^\$ slugline (export .*)$", PAGE, re.MULTILINE):
        done = subprocess.run(
            [Path(sys.executable).with_name("slugline"), "--home", demo_home, *command.split()],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    return folder


@pytest.mark.parametrize(("needs", "code"), BLOCK.findall(PAGE))
def test_an_example_runs(written: Path, tmp_path: Path, needs: str, code: str) -> None:
    python = PYTHON if ELSEWHERE & set(needs.split()) else Path(sys.executable)
    if not python.exists():
        pytest.skip("the environment of validators is missing")
    done = subprocess.run(
        [python, "-c", code],
        cwd=written,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
