"""What other people wrote and we serve is what they published, with its licence beside it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

import web

SERVED = Path(web.__file__).parent / "static" / "vendor"
TESTS = Path(__file__).parents[1] / "browser" / "vendor"


@pytest.mark.parametrize("vendor", [SERVED, TESTS])
def test_vendored_files_are_those_that_were_published(vendor: Path) -> None:
    listed = tomllib.loads((vendor / "vendored.toml").read_text(encoding="utf-8"))
    assert set(listed) == {folder.name for folder in vendor.iterdir() if folder.is_dir()}
    for name, package in listed.items():
        found = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (vendor / name).iterdir()
        }
        assert found == package["sha256"]
        assert any("LICENSE" in file for file in found)
