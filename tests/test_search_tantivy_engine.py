"""The Tantivy engine passes the contract."""

from pathlib import Path
from typing import Any

import pytest

from search.engine import Engine
from tests.engine_contract import EngineContract

pytest.importorskip("tantivy", reason="install it with: pip install 'slugline[tantivy]'")


class TestTantivyEngine(EngineContract):
    def open(self, place: Path, **options: Any) -> Engine:
        from search.tantivy_engine import TantivyEngine

        return TantivyEngine(place, **options)
