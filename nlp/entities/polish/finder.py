"""Tags Polish articles with entities: spans as printed, entities by their nominative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from models.tags import EntityName, Mention, Origin
from nlp.entities.canonical import LABELS
from nlp.entities.keys import key_of
from nlp.entities.polish.morphology import Morphology
from nlp.entities.polish.name import Name
from nlp.entities.polish.names import NameReader, full_names

RULES = "1"
"""The version of the rules for Polish; a new one makes the tags due again."""


class PolishFinder:
    """Finds the names in Polish articles. Loading takes about half a second."""

    def __init__(self) -> None:
        morphology = Morphology()
        self._reader = NameReader(morphology)
        self.stamp = f"rules-{RULES}-{morphology.stamp}"

    def tag(self, texts: Sequence[tuple[str, str]]) -> Iterator[tuple[Mention, ...]]:
        """Yield the mentions of each (title, summary)."""
        for title, summary in texts:
            read = {"title": self._reader.read(title), "summary": self._reader.read(summary)}
            everybody = [name for names in read.values() for name in full_names(names)]
            written = {"title": title, "summary": summary}
            yield tuple(
                mention
                for field, names in read.items()
                for mention in _mentions(field, written[field], names, everybody)
            )


def _mentions(
    field: str, text: str, names: Iterable[Name], everybody: Sequence[Name]
) -> Iterator[Mention]:
    for name in names:
        entity = _entity(name, everybody)
        if entity and entity.key:
            yield Mention(
                field, name.start, name.end, text[name.start : name.end],
                LABELS[entity.type], entity, Origin.RULE,
            )  # fmt: skip


def _entity(name: Name, everybody: Sequence[Name]) -> EntityName | None:
    """Return what a name stands for: a surname alone is the one whose full name is near."""
    if name.options:
        owners = {
            person.nominative: person
            for person in everybody
            if person.nominative.rpartition(" ")[2] in name.options
        }
        if len(owners) == 1:
            return _entity(next(iter(owners.values()))._replace(options=frozenset()), ())
    if name.entity:
        return name.entity
    if not name.kind:
        return None
    return EntityName(key_of(name.kind, name.nominative), name.nominative, name.kind)
