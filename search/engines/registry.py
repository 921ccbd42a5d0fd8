"""Opens a search engine by its name; only what that engine needs is imported."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ConfigError

if TYPE_CHECKING:
    from search.engine import Engine

_ENGINES = {
    "whoosh": ("search.engines.whoosh.engine", "WhooshEngine", ""),
    "opensearch": ("search.engines.opensearch.engine", "OpenSearchEngine", "opensearch"),
    "tantivy": ("search.engines.tantivy.engine", "TantivyEngine", "tantivy"),
}
"""The module and class of each engine, and the extra that brings what it needs."""

NAMES = tuple(_ENGINES)
"""The engines there are; the first is the default."""


def open_engine(name: str, directory: Path, **options: Any) -> Engine:
    """Open a search engine; raises `ConfigError` for an unknown one or where its extra is missing.

    `directory` is where embedded engines keep their indexes, each in one of its own. Options are
    handed to the engine (`time_limit`, `expansion_limit`, ...).
    """
    if name not in _ENGINES:
        known = ", ".join(NAMES)
        raise ConfigError(f"There is no search engine {name!r}; the engines are {known}")
    module, class_, extra = _ENGINES[name]
    try:
        kind = getattr(importlib.import_module(module), class_)
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").startswith("search"):
            raise
        raise ConfigError(
            f"The search engine {name} needs a package that is not installed ({error.name}); "
            f"install it with: pip install 'slugline[{extra}]'"
        ) from error
    engine: Engine = kind(directory / name, **options)
    return engine
