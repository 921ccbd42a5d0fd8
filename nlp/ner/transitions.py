"""The moves of spaCy's NER (begin, in, last, unit, out), made for all tokens of a batch at once.

spaCy moves through each doc token by token. But as long as no name is open, what happens at a token
depends on that token alone, so one product of matrices answers for all; only where a name begins
must it be followed to its end, and all names of a batch are followed side by side.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.ner.network import Floats, Integers, UnfitError, by_piece, maxout

Flags = NDArray[np.bool_]

OUT, UNIT, BEGIN = 0, 1, 2
QUIET = 2.5
"""Log odds by which "no name" may win over a name that is told all the same, as not said."""

_KINDS = {"O": OUT, "U": UNIT, "B": BEGIN}


class Names(NamedTuple):
    """Names by their first token, the token behind their last, and the place of their label."""

    starts: Integers
    ends: Integers
    labels: NDArray[np.intp]
    shares: Floats  # how sure the network is of label and end, between 0 and 1
    said: Flags  # False where it rather sees no name


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
        self._classes = np.unique(self.labels, return_inverse=True)[1]
        self._kinds = np.array([_KINDS[names[at][0]] for at in closed])
        self._out = np.nonzero(self._kinds == OUT)[0]
        self._closed = np.ascontiguousarray(self._weights[closed].T), self._offsets[closed]
        place = {name: at for at, name in enumerate(names)}
        self._in = np.array([place.get(f"I-{label}", -1) for label in self.labels])
        self._last = np.array([place.get(f"L-{label}", -1) for label in self.labels])

    def names(self, vectors: Floats, final: Flags, blank: Flags) -> Names:
        """Return where names could begin; of names that overlap, the first is meant.

        `vectors` (tokens, width) are the tokens of docs behind each other; `final` says which
        close a doc, `blank` which are white space.
        """
        here = vectors @ self._here
        hidden = maxout(here + self._no_begin + self._no_before + self._bias, self._pieces)
        scores = hidden @ self._closed[0] + self._closed[1]
        scores[np.ix_(final, self._kinds == BEGIN)] = -np.inf
        scores[np.ix_(blank, self._kinds != OUT)] = -np.inf
        moves = scores.argmax(axis=1)
        said = self._kinds[moves] != OUT
        scores[:, self._out] -= QUIET
        moves = scores.argmax(axis=1)
        scores[:, self._out] += QUIET
        starts = np.nonzero(self._kinds[moves] != OUT)[0]
        moves = moves[starts]
        shares = self._shares(scores[starts], moves)
        ends = starts + 1
        long = np.nonzero(self._kinds[moves] == BEGIN)[0]
        ends[long], sure = self._follow(vectors, here, final, starts[long], moves[long])
        shares[long] *= sure
        return Names(starts, ends, moves, shares, said[starts])

    def _shares(self, scores: Floats, moves: NDArray[np.intp]) -> Floats:
        """Return which share of the probability (softmax) the labels of these moves have."""
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        same = self._classes[moves][:, None] == self._classes[None, :]
        shares: Floats = (odds * same).sum(axis=1) / odds.sum(axis=1)
        return shares

    def _follow(
        self, vectors: Floats, here: Floats, final: Flags, starts: Integers, moves: Integers
    ) -> tuple[Integers, Floats]:
        """Return the token behind the end of each name that begins at `starts`, and how sure."""
        ends = np.zeros_like(starts)
        sure = np.ones(starts.size, np.float32)
        begin = vectors[starts] @ self._begin
        go_on, stop = self._in[moves], self._last[moves]
        open_, token = np.arange(starts.size), starts + 1
        while open_.size:
            state = here[token] + begin[open_] + vectors[token - 1] @ self._before + self._bias
            hidden = maxout(state, self._pieces)
            to_go_on = self._score(hidden, go_on[open_])
            to_stop = self._score(hidden, stop[open_])
            goes_on = (to_go_on > to_stop) | ((to_go_on == to_stop) & (go_on < stop)[open_])
            doubt = 1 / (1 + np.exp(np.minimum(np.abs(to_go_on - to_stop), 50)))
            sure[open_] *= np.where(final[token], 1, 1 - doubt)
            goes_on &= ~final[token]
            ends[open_[~goes_on]] = token[~goes_on] + 1
            open_, token = open_[goes_on], token[goes_on] + 1
        return ends, sure

    def _score(self, hidden: Floats, moves: Integers) -> Floats:
        scores: Floats = np.einsum("ij,ij->i", hidden, self._weights[moves]) + self._offsets[moves]
        return scores
