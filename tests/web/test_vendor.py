"""What other people wrote and we serve is what they published, with its licence beside it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import web

VENDOR = Path(web.__file__).parent / "static" / "vendor"


def test_vendored_files_are_those_that_were_published() -> None:
    listed = tomllib.loads((VENDOR / "vendored.toml").read_text(encoding="utf-8"))
    assert set(listed) == {folder.name for folder in VENDOR.iterdir() if folder.is_dir()}
    for name, package in listed.items():
        found = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (VENDOR / name).iterdir()
        }
        assert found == package["sha256"]
        assert any("LICENSE" in file for file in found)
