"""What is near to a story's centre."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from nlp.stories.centres import summed_cosines

ROWS = st.lists(
    st.dictionaries(st.integers(0, 40), st.floats(0.0625, 1.0), max_size=6), min_size=1, max_size=8
)


@given(ROWS)
def test_summed_cosines_are_those_of_all_pairs(rows: list[dict[int, float]]) -> None:
    words = sparse.csr_matrix(
        (
            [weight for row in rows for weight in row.values()],
            [term for row in rows for term in row],
            np.cumsum([0, *map(len, rows)]),
        ),
        shape=(len(rows), 41),
        dtype=np.float64,
    )
    pairs = words.toarray() @ words.toarray().T
    assert np.allclose(summed_cosines(words), pairs.sum(axis=1))
