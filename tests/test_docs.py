"""The documentation can't rot: its code runs, and it names all there is to name."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ingest.fetching.fetch import USER_AGENT
from slugline.cli import slugline as command_line

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
NAME = re.compile(r"^[A-Za-z0-9._-]+")
PACKAGES = ("models", "store", "ingest", "nlp", "search", "export", "web", "slugline")
CODE_PATH = re.compile(rf"`((?:{'|'.join(PACKAGES)}|tests|bench|docs)/[\w./-]+)")


def with_blocks(pattern: re.Pattern[str]) -> list[Path]:
    return [page for page in PAGES if pattern.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", with_blocks(PYTHON), ids=lambda page: page.name)
def test_python_in_the_docs_runs(page: Path) -> None:
    code = "\n".join(PYTHON.findall(page.read_text(encoding="utf-8")))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("page", with_blocks(CONSOLE), ids=lambda page: page.name)
def test_commands_in_the_docs_run(page: Path, own_home: Path, tmp_path: Path) -> None:
    """Commands run one after the other in a home that holds the demo, beside the sample."""
    binary = Path(sys.executable).parent
    (tmp_path / "slugline").symlink_to(ROOT / "slugline")
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if not line.startswith("$ ") or line.endswith("# stays"):
                continue
            done = subprocess.run(
                ["bash", "-c", line[2:]],
                cwd=tmp_path,
                env={
                    "PATH": f"{binary}:/usr/bin:/bin",
                    "SLUGLINE_HOME": str(own_home),
                    "HOME": str(tmp_path),
                },
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    for named in CODE_PATH.findall(page.read_text(encoding="utf-8")):
        assert "NAME" in named or (ROOT / named).exists(), f"{page.name} names {named}"


def test_the_architecture_page_shows_every_folder() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.partition("```text\nmodels/")[2].partition("```")[0]
    shown = {"models", *re.findall(r"^ *(\w+)/", tree, re.MULTILINE)}
    folders = {init.parent for name in PACKAGES for init in (ROOT / name).rglob("__init__.py")}
    assert {folder.name for folder in folders if "migrations" not in folder.parts} <= shown


def test_every_dependency_is_documented_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    named = [NAME.match(d) for d in [*project["dependencies"], *extras]]
    wanted = {match[0].lower() for match in named if match}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| ([\w.-]+) \| (?!licence)", page, re.MULTILINE))
    assert documented == wanted
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    assert wanted <= locked


def test_the_lock_file_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    pins = re.findall(r"^[\w.-]+==.*$", lock, re.MULTILINE)
    assert pins
    assert lock.count("--hash=sha256:") >= len(pins)


def test_the_version_is_in_the_changelog_and_in_the_user_agent() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)
    assert USER_AGENT.startswith(f"Slugline/{version.rpartition('.')[0]} ")


def test_every_command_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in command_line.commands:
        assert f"`slugline {name}" in page, name


def test_every_threat_names_a_test_that_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[\w/.]+)`", row)
        assert named, row
        assert all("def test_" in (ROOT / name).read_text(encoding="utf-8") for name in named), row
