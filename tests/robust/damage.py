"""Damage of every kind to a file, and what an index answers: for tests and a benchmark."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from search.engine import FACETS, Answer, Engine, Question
from search.query.nodes import ALL, Node, Phrase, Prefix, Term

QUESTIONS: tuple[Node, ...] = (
    ALL,
    Term("ostvar"),
    Term("the"),
    Phrase(("prime", "minister")),
    Prefix("gov"),
)
NOW = datetime(2025, 6, 30, tzinfo=UTC)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(8 if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _noisy(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(len(data))


def _zeroed(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data)) if data else 0
    length = min(len(data) - start, 512)
    return data[:start] + bytes(length) + data[start + length :]


KINDS: dict[str, Callable[[bytes, random.Random], bytes | None]] = {
    "deleted": lambda data, chance: None,
    "emptied": lambda data, chance: b"",
    "cut": lambda data, chance: data[: chance.randrange(len(data) or 1)],
    "bits": _flipped,
    "noise": _noisy,
    "zeros": _zeroed,
    "longer": lambda data, chance: data + chance.randbytes(100),
}
"""What may become of a file: its bytes afterwards, None where it has gone."""


def damage(path: Path, kind: str, seed: int = 1) -> bool:
    """Damage a file; say whether it is other than it was."""
    before = path.read_bytes()
    after = KINDS[kind](before, random.Random(seed))  # noqa: S311 - not for secrets
    if after is None:
        path.unlink()
        return True
    path.write_bytes(after)
    return after != before


def answers(engine: Engine) -> list[Answer | list[str]]:
    """Return what an engine answers to questions of all kinds."""
    return list(_answers(engine))


def _answers(engine: Engine) -> Iterator[Answer | list[str]]:
    for query in QUESTIONS:
        yield engine.search(Question(query, facets=FACETS, limit=50))
    yield sorted(engine.ids())
    yield engine.complete("pr")
