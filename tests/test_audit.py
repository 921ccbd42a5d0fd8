"""The audit of dependencies never says that all is well where it knows nothing."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

SOUND = {"name": "click", "version": "8.2", "vulns": []}
UNKNOWN = {"name": "wasabi", "skip_reason": "not found"}
VULNERABLE = {
    "name": "flask",
    "version": "3.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.2"]}],
}


def told(*dependencies: dict[str, Any]) -> tuple[str, int]:
    loader = SourceFileLoader("audit", str(Path(__file__).parents[1] / ".ci" / "audit"))
    spec = spec_from_loader("audit", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    found: tuple[str, int] = module.told(list(dependencies))
    return found


def test_a_vulnerability_is_named_with_what_mends_it_and_fails() -> None:
    text, status = told(SOUND, VULNERABLE)
    assert status == 1
    assert "flask 3.1: PYSEC-2026-1, mended in 3.2" in text


def test_what_is_not_known_is_never_called_sound() -> None:
    assert told(UNKNOWN, UNKNOWN) == (
        "Not audited: nothing is known here of any of 2 packages.",
        0,
    )
    assert told(SOUND, UNKNOWN) == ("1 packages audited, 1 not known here; 0 vulnerabilities.", 0)
