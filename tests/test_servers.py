"""The servers that tests run against: started anew after the machine stopped under them."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.dovecot import server as dovecot
from tests.postgresql import server as postgresql

NUMBER_FILES = {postgresql: "data/postmaster.pid", dovecot: "run/master.pid"}
LEFT_NUMBERS = {
    "nobody's": str(2**30),
    "another's": str(os.getpid()),
    "empty": "",
    "cut short": "half a",
}


@pytest.mark.parametrize("server", list(NUMBER_FILES), ids=lambda server: server.__name__)
@pytest.mark.parametrize("number", list(LEFT_NUMBERS))
def test_a_server_that_went_with_its_machine_is_forgotten(
    server: ModuleType, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    left = place / NUMBER_FILES[server]
    left.parent.mkdir(parents=True)
    left.write_text(f"{LEFT_NUMBERS[number]}\n", encoding="utf-8")
    monkeypatch.setattr(server, "PLACE", place)
    server.stop()
    assert not place.exists()
