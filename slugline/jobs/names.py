"""The job that settles one type and one spelling for each name across the archive.

    store.tags.put -> unsettled names -> decide by all evidence -> change queue -> search index

Killed at any moment and started again it goes on: what is left is unsettled still.
"""

from __future__ import annotations

from collections.abc import Callable

from store.store import Store

BATCH = 500
"""Entities looked at in one transaction."""


def settle_names(store: Store, *, ended: Callable[[], bool] = lambda: False) -> int:
    """Settle all names that articles were tagged with; return how many entities were looked at.

    Articles whose mentions differ from what is decided are changed, and due to be indexed.
    """
    from nlp.entities.one_type import decided_types

    settled = 0
    if not store.names.count_unsettled():  # asked without a write, since most often there is none
        return settled
    while not ended() and (looked_at := store.names.settle(BATCH, decided_types)):
        settled += looked_at
    return settled
