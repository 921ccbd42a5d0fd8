"""What deploy/ starts exists: each command, its options and each setting are ones that we have."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from slugline.cli import slugline
from slugline.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
COMPOSED = sorted(DEPLOY.glob("compose*.yaml"))
UNITS = sorted(DEPLOY.glob("*.service"))
KEYS = frozenset(
    {"image", "build", "restart", "read_only", "cap_drop", "security_opt", "tmpfs", "volumes"}
    | {"command", "entrypoint", "ports", "healthcheck", "environment", "networks", "depends_on"}
    | {"deploy"}
)
"""What the services use of the Compose specification."""


def parse(words: list[str]) -> None:
    """Parse a command as `slugline` would, without running it; raises click's errors."""
    command: click.Command = slugline
    context = None
    while isinstance(command, click.Group):
        name, *words = words
        found = command.commands.get(name)
        assert found is not None, f"there is no command {name}"
        command = found
    context = command.make_context(command.name, list(words))
    context.close()


def in_shell(text: str) -> list[list[str]]:
    """Return the commands of Slugline in a line of shell."""
    return [found.split() for found in re.findall(r"slugline ((?:[\w/.-]+ ?)+)", text)]


def services(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    return found


@pytest.mark.parametrize("path", COMPOSED, ids=lambda path: path.name)
def test_every_command_of_a_compose_file_is_one(path: Path) -> None:
    ours = {k: v for k, v in services(path).items() if v["image"] == "slugline"}
    assert {"web"} < set(ours)
    for service in ours.values():
        for words in in_shell(" ".join(service.get("entrypoint", []))) or [service["command"]]:
            parse([str(word) for word in words])


@pytest.mark.parametrize("path", COMPOSED, ids=lambda path: path.name)
def test_compose_files_name_volumes_networks_and_services_that_they_have(path: Path) -> None:
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, service in whole["services"].items():
        assert set(service) <= KEYS, name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in whole["volumes"]
        assert set(service.get("networks", [])) <= set(whole.get("networks", {}))
        assert set(service.get("depends_on", [])) <= set(whole["services"])
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "a proxy with TLS comes before it"


def test_every_setting_of_a_compose_file_is_one() -> None:
    settings = Settings(Path())
    known = {"SLUGLINE_HOME", "SLUGLINE_DB_PASSWORD"}
    for section in fields(settings):
        inside = getattr(settings, section.name)
        if is_dataclass(inside) and not isinstance(inside, type):
            known |= {f"SLUGLINE_{section.name}_{one.name}".upper() for one in fields(inside)}
    for path in (*COMPOSED, DEPLOY / "Containerfile"):
        named = set(re.findall(r"SLUGLINE_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= known


def test_the_container_runs_a_command_that_we_have_as_a_user_without_rights() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    command = re.search(r"^CMD \[(.*)\]$", text, re.MULTILINE)
    assert command
    parse(re.findall(r'"([^"]*)"', command[1]))
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    extras = re.search(r"^ARG EXTRAS=(.*)$", text, re.MULTILINE)
    assert extras
    project = (DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert all(re.search(rf"^{each} = \[", project, re.MULTILINE) for each in extras[1].split(","))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_command_of_a_unit_is_one(unit: Path) -> None:
    started = re.search(
        r"^ExecStart=/opt/slugline/bin/slugline (.*)$", unit.read_text(), re.MULTILINE
    )
    assert started
    parse(started[1].split())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is missing here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_what_systemd_understands(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/slugline/bin/slugline", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )
    assert unit.name not in done.stderr, done.stderr
