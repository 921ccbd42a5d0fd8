"""The moves of spaCy's NER (begin, in, last, unit, out), made for all tokens of a batch at once.

spaCy moves through each doc token by token. But as long as no name is open, what happens at a token
depends on that token alone, so one product of matrices answers for all; only where a name begins
must it be followed to its end, and all names of a batch are followed side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.pipeline_network import Floats, Integers, UnfitError, by_piece, maxout

OUT, UNIT, BEGIN = 0, 1, 2
_KINDS = {"O": OUT, "U": UNIT, "B": BEGIN}
Flags = NDArray[np.bool_]


class Moves:
    """The greedy decoder of an `EntityRecognizer`; raises `UnfitError` for one of another build."""

    def __init__(self, ner: Any) -> None:
        model = ner.model
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        features = lower.get_param("W")  # (which token, units, pieces, width)
        if not model.attrs["has_upper"] or model.attrs["unseen_classes"] or len(features) != 3:
            raise UnfitError(model.name)
        if ner.cfg["beam_width"] != 1:
            raise UnfitError("beam")
        self._pieces = features.shape[2]
        self._here, self._begin, self._before = (
            np.ascontiguousarray(by_piece(each).T) for each in features
        )
        nothing = [by_piece(each) for each in lower.get_param("pad")[0]]
        self._bias = by_piece(lower.get_param("b"))
        self._no_begin, self._no_before = nothing[1], nothing[2]
        self._weights, self._offsets = upper.get_param("W"), upper.get_param("b")
        self._name_moves([ner.moves.get_class_name(at) for at in range(ner.moves.n_moves)])

    def _name_moves(self, names: list[str]) -> None:
        closed = [at for at, name in enumerate(names) if name[0] in _KINDS and name != "U-"]
        self.labels = [names[at][2:] for at in closed]
        self._kinds = np.array([_KINDS[names[at][0]] for at in closed])
        self._closed = np.ascontiguousarray(self._weights[closed].T), self._offsets[closed]
        place = {name: at for at, name in enumerate(names)}
        self._in = np.array([place.get(f"I-{label}", -1) for label in self.labels])
        self._last = np.array([place.get(f"L-{label}", -1) for label in self.labels])

    def names(
        self, vectors: Floats, final: Flags, blank: Flags
    ) -> tuple[Integers, Integers, NDArray[np.intp]]:
        """Return where a name could begin: token, token behind its end, place in `labels`.

        `vectors` (tokens, width) are the tokens of docs behind each other; `final` says which
        close a doc, `blank` which are white space. Of names that overlap, the first is meant.
        """
        here = vectors @ self._here
        hidden = maxout(here + self._no_begin + self._no_before + self._bias, self._pieces)
        scores = hidden @ self._closed[0] + self._closed[1]
        scores[np.ix_(final, self._kinds == BEGIN)] = -np.inf
        scores[np.ix_(blank, self._kinds != OUT)] = -np.inf
        moves = scores.argmax(axis=1)
        starts = np.nonzero(self._kinds[moves] != OUT)[0]
        moves = moves[starts]
        ends = starts + 1
        long = np.nonzero(self._kinds[moves] == BEGIN)[0]
        ends[long] = self._follow(vectors, here, final, starts[long], moves[long])
        return starts, ends, moves

    def _follow(
        self, vectors: Floats, here: Floats, final: Flags, starts: Integers, moves: Integers
    ) -> Integers:
        """Return the token behind the end of each name that begins at `starts`."""
        ends = np.zeros_like(starts)
        begin = vectors[starts] @ self._begin
        go_on, stop = self._in[moves], self._last[moves]
        open_, token = np.arange(starts.size), starts + 1
        while open_.size:
            state = here[token] + begin[open_] + vectors[token - 1] @ self._before + self._bias
            hidden = maxout(state, self._pieces)
            to_go_on = self._score(hidden, go_on[open_])
            to_stop = self._score(hidden, stop[open_])
            goes_on = (to_go_on > to_stop) | ((to_go_on == to_stop) & (go_on < stop)[open_])
            goes_on &= ~final[token]
            ends[open_[~goes_on]] = token[~goes_on] + 1
            open_, token = open_[goes_on], token[goes_on] + 1
        return ends

    def _score(self, hidden: Floats, moves: Integers) -> Floats:
        scores: Floats = np.einsum("ij,ij->i", hidden, self._weights[moves]) + self._offsets[moves]
        return scores
