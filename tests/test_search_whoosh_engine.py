"""The Whoosh engine passes the contract, and keeps its index whole."""

from pathlib import Path
from typing import Any

from search.engine import Engine
from search.whoosh_engine import WhooshEngine
from tests.engine_contract import EngineContract


class TestWhooshEngine(EngineContract):
    def open(self, place: Path, **options: Any) -> Engine:
        return WhooshEngine(place, **options)
