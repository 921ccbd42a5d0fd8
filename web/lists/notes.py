"""Tags for an export of a list, with the list's notes on each article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.tags import Mention, Provenance
    from store.store import Store


class WithNotes:
    """Mentions and their origins from the store, and the notes of a list.

    Notes of no other list leave: an export never holds what its reader does not see.
    """

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._number = number

    def mentions(self, ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        """Return the mentions of articles."""
        return self._store.tags.mentions(ids)

    def provenance(self, ids: Sequence[str]) -> dict[str, Provenance]:
        """Return where the tags of articles come from, and what the list says of them."""
        said = self._store.lists.notes(self._number, ids)
        origins = self._store.tags.provenance(ids)
        return {id_: replace(one, lists=said.get(id_, ())) for id_, one in origins.items()}
