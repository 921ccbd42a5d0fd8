"""Which of the values that articles have is meant by what was typed: `scmp`, `Xi Jinping`, `en`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from models.errors import UnsupportedQueryError
from search.query.nodes import Fuzzy, Prefix, Term, Wildcard
from search.text.words import fold, words
from search.vocabulary import edit_distance, shape_regex

Pattern = Term | Prefix | Wildcard | Fuzzy

ENTITIES = {"entity": "", "person": "person/", "org": "org/", "place": "place/"}
"""The fields of entities, and how the keys of each begin."""


class Lookup:
    """Finds the values that a part of a query means.

    `read` gives all values of a column (topic, entity, source, host, section, lang, cluster,
    story),
    `read_pairs` the (key, name) pairs of all entities; both are called once, when first needed.
    """

    def __init__(
        self,
        read: Callable[[str], Sequence[str]],
        read_pairs: Callable[[], Iterable[tuple[str, str]]],
    ) -> None:
        self._read = read
        self._read_pairs = read_pairs
        self._names: dict[str, ValueIndex] = {}

    def names(self, column: str) -> ValueIndex:
        """Return the values of a column."""
        if column not in self._names:
            self._names[column] = ValueIndex(self._read(column))
        return self._names[column]

    @cached_property
    def _pairs(self) -> tuple[list[tuple[str, str]], ValueIndex]:
        pairs = sorted(self._read_pairs())
        return pairs, ValueIndex([name for _, name in pairs])

    def meant(self, node: Pattern) -> list[tuple[str, list[int]]]:
        """Return the columns to look in, and where in each the values stand that are meant.

        An entity is meant by its key or its name, else by words of its name; a source by its name
        or parts of its host, else by words of its name; a section by its name, else by words of
        it; a language by its code. Case and accents make no difference. Raises
        `UnsupportedQueryError` for a field that has no values.
        """
        field = node.field
        if field in ENTITIES:
            return [("entity", self._entities(node))]
        if field == "source":
            return self._source(node)
        if field not in {"topic", "cluster", "story", "section", "lang"}:
            raise UnsupportedQueryError(f"There is no field {field!r} to search in")
        names = self.names(field)
        places = names.of_language(node) if field == "lang" else names.fitting(node)
        if field == "section" and not places and isinstance(node, Term):
            places = names.with_words(node.text)
        return [(field, places)]

    def _entities(self, node: Pattern) -> list[int]:
        keys, begin = self.names("entity"), ENTITIES[node.field]
        if isinstance(node, Term) and "/" in node.text:
            return keys.same(node.text) if node.text.startswith(begin) else []
        if node == Prefix("", node.field):
            return [at for at, key in enumerate(keys.names) if key.startswith(begin)]
        pairs, names = self._pairs
        places = [at for at in names.fitting(node) if pairs[at][0].startswith(begin)]
        if not places and isinstance(node, Term):
            places = [at for at in names.with_words(node.text) if pairs[at][0].startswith(begin)]
        return [place for at in places for place in keys.same(pairs[at][0])]

    def _source(self, node: Pattern) -> list[tuple[str, list[int]]]:
        names = self.names("source")
        named, hosts = names.fitting(node), self.names("host").of_host(node)
        if isinstance(node, Term) and not named and not hosts:
            named = names.with_words(node.text)
        return [("source", named), ("host", hosts)]


class ValueIndex:
    """The values of a column, ready to be looked up; the same value may come several times."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    @cached_property
    def _folded(self) -> list[str]:
        return [folded(name) for name in self.names]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return _places(self.names)

    @cached_property
    def _by_folded(self) -> dict[str, list[int]]:
        return _places(self._folded)

    @cached_property
    def _text(self) -> tuple[str, list[int]]:
        """All folded names, a line each, and where the lines begin."""
        lengths = (len(name) + 1 for name in self._folded)
        return "\n".join(self._folded), [0, *accumulate(lengths)]

    def same(self, name: str) -> list[int]:
        """Return where this very name stands."""
        return self._by_name.get(name, [])

    def fitting(self, node: Pattern) -> list[int]:
        """Return where the names stand that are what a node asks for, whatever case and accents."""
        if isinstance(node, Term):
            return self._by_folded.get(folded(node.text), [])
        return [place for place, name in enumerate(self._folded) if fits(node, name)]

    def with_words(self, text: str) -> list[int]:
        """Return where the names stand that have these words in sequence."""
        wanted = words(text)
        if not wanted:
            return []
        whole, starts = self._text
        rarest = max(wanted, key=len)
        found: dict[int, None] = {}
        at = whole.find(rarest)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            found[place] = None
            at = whole.find(rarest, starts[place + 1])
        return [place for place in found if _in_sequence(wanted, words(self.names[place]))]

    def of_host(self, node: Pattern) -> list[int]:
        """Return where the hosts stand of which a node names a part: `bbc`, `bbc.co.uk`."""
        if not isinstance(node, Term):
            return [
                place
                for place, host in enumerate(self.names)
                if any(fits(node, label) for label in host.split(".")[:-1])
            ]
        part = f".{node.text.casefold().strip('.')}."
        return [
            place
            for place, host in enumerate(self.names)
            if len(part) > 2 and part in f".{host.casefold()}."
        ]

    def of_language(self, node: Pattern) -> list[int]:
        """Return where the codes stand that are of a language: `en` is also en-US."""
        return [
            place
            for place, code in enumerate(self.names)
            if fits(node, fold(code).partition("-")[0]) or fits(node, fold(code))
        ]


def _places(names: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    return places


def folded(text: str) -> str:
    """Return a value of several words as it is compared."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(fold(part) for part in text.split())


def fits(node: Pattern, name: str) -> bool:
    """Whether a folded value is what a node asks for."""
    match node:
        case Term():
            return name == folded(node.text)
        case Prefix():
            return name.startswith(folded(node.text))
        case Wildcard():
            return shape_regex(folded(node.pattern)).fullmatch(name) is not None
        case Fuzzy():
            text = folded(node.text)
            begins = name.startswith(text[: node.prefix])
            return begins and edit_distance(text, name, node.distance) <= node.distance


def _in_sequence(wanted: list[str], there: list[str]) -> bool:
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))
