"""Which of the values that articles have is meant by a word for one: `scmp`, `Xi Jinping`, `en`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from search.query import Fuzzy, Prefix, Term, Wildcard
from search.vocabulary import edit_distance, shape_regex
from search.words import fold, words

if TYPE_CHECKING:
    from search.columns import Columns

_NAMED = {"entity": "", "person": "person/", "org": "org/", "place": "place/"}
"""The fields of entities, and how the keys of each begin."""
_IN_WORDS = {"source", "section"}
"""The fields whose values are found by words within them where none is equal."""

Pattern = Term | Prefix | Wildcard | Fuzzy


def matching_names(
    node: Pattern, names: Sequence[str], columns: Columns, kind: str = ""
) -> list[int]:
    """Return which of `names`, the values of a column, a node of the query means.

    Case and accents don't matter. An entity is meant by its key or by its name; where no entity
    has just that name, by words of its name. A source is meant by its name or by parts of its host
    (`kind` is "host" for that column), else by words of its name. A language by its code.
    """
    kind = kind or node.field
    if kind in _NAMED:
        return _entities(node, names, columns, _NAMED[kind])
    if kind == "host":
        return [i for i, name in enumerate(names) if _is_part_of_host(node, name)]
    if kind == "lang":
        return [i for i, name in enumerate(names) if _fits(node, fold(name).partition("-")[0])]
    equal = [i for i, name in enumerate(names) if _fits(node, _folded(name))]
    if equal or kind not in _IN_WORDS or not isinstance(node, Term):
        return equal
    return [i for i, name in enumerate(names) if _has_words(node.text, name)]


def _entities(node: Pattern, names: Sequence[str], columns: Columns, begin: str) -> list[int]:
    if isinstance(node, Term) and "/" in node.text:
        return [i for i, key in enumerate(names) if key == node.text and key.startswith(begin)]
    pairs = [(key, name) for key, name in columns.entity_names if key.startswith(begin)]
    keys = {key for key, name in pairs if _fits(node, _folded(name))}
    if not keys and isinstance(node, Term):
        keys = {key for key, name in pairs if _has_words(node.text, name)}
    return [i for i, key in enumerate(names) if key in keys]


def _folded(text: str) -> str:
    return " ".join(fold(part) for part in text.split())


def _fits(node: Pattern, name: str) -> bool:
    """Whether a folded value is what the node asks for."""
    match node:
        case Term():
            return name == _folded(node.text)
        case Prefix():
            return name.startswith(_folded(node.text))
        case Wildcard():
            return shape_regex(_folded(node.pattern)).fullmatch(name) is not None
        case Fuzzy():
            text = _folded(node.text)
            begins = name.startswith(text[: node.prefix])
            return begins and edit_distance(text, name, node.distance) <= node.distance


def _has_words(text: str, name: str) -> bool:
    wanted, there = words(text), words(name)
    return bool(wanted) and any(
        there[i : i + len(wanted)] == wanted for i in range(len(there) - len(wanted) + 1)
    )


def _is_part_of_host(node: Pattern, host: str) -> bool:
    if not isinstance(node, Term):
        return any(_fits(node, label) for label in host.split(".")[:-1])
    text = node.text.casefold().strip(".")
    return bool(text) and f".{text}." in f".{host.casefold()}."


__all__ = ["matching_names"]
