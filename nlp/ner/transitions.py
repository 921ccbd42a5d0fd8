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

NEAR = 64
"""Tokens that every name is followed for; only a name that counts is followed further."""

_KINDS = {"O": OUT, "U": UNIT, "B": BEGIN}


class NameSpans(NamedTuple):
    """Names by their first token, the token behind their last, and the place of their label."""

    starts: Integers
    ends: Integers
    labels: NDArray[np.intp]
    shares: Floats  # how sure the network is of label and end, between 0 and 1
    said: Flags  # False where it rather sees no name


class Decoder:
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

    def names(self, vectors: Floats, final: Flags, blank: Flags) -> NameSpans:
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
        follow = _Follow(self, vectors, here, final, starts[long], moves[long])
        ends[long], sure = follow.ends(said[starts[long]])
        shares[long] *= sure
        kept = np.nonzero(ends)[0]
        return NameSpans(starts[kept], ends[kept], moves[kept], shares[kept], said[starts[kept]])

    def _shares(self, scores: Floats, moves: NDArray[np.intp]) -> Floats:
        """Return which share of the probability (softmax) the labels of these moves have."""
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        same = self._classes[moves][:, None] == self._classes[None, :]
        shares: Floats = (odds * same).sum(axis=1) / odds.sum(axis=1)
        return shares

    def open_moves(self, moves: Integers) -> tuple[Integers, Integers]:
        """Return the moves that go on with a name and that close it, for moves that begin one."""
        return self._in[moves], self._last[moves]

    def begin(self, vectors: Floats) -> Floats:
        """Return what the first token of an open name adds to the state."""
        product: Floats = vectors @ self._begin
        return product

    def goes_on(
        self, state: Floats, before: Floats, go_on: Integers, stop: Integers
    ) -> tuple[Flags, Floats]:
        """Return whether an open name goes on at each token, and how sure that is.

        `state` is what the token and the name's first token add, `before` the vector of the
        token before.
        """
        hidden = maxout(state + before @ self._before + self._bias, self._pieces)
        to_go_on, to_stop = self._score(hidden, go_on), self._score(hidden, stop)
        on = (to_go_on > to_stop) | ((to_go_on == to_stop) & (go_on < stop))
        doubt = 1 / (1 + np.exp(np.minimum(np.abs(to_go_on - to_stop), 50)))
        return on, 1 - doubt

    def _score(self, hidden: Floats, moves: Integers) -> Floats:
        scores: Floats = np.einsum("ij,ij->i", hidden, self._weights[moves]) + self._offsets[moves]
        return scores


class _Follow:
    """Follows the names that begin at `starts`, in ascending order, to their ends.

    Where a text says one name over and over, nearly every token begins a name that may reach to
    the text's end. All are followed side by side for `NEAR` tokens; after that, only those that no
    name before them covers, so that no token is looked at more than `NEAR` times and once more.
    `looked_at` counts the tokens that were.
    """

    def __init__(
        self,
        network: Decoder,
        vectors: Floats,
        here: Floats,
        final: Flags,
        starts: Integers,
        moves: Integers,
    ) -> None:
        self._network, self._vectors, self._here = network, vectors, here
        self._final, self._starts = final, starts
        self._go_on, self._stop = network.open_moves(moves)
        self.looked_at = 0

    def ends(self, said: Flags) -> tuple[Integers, Floats]:
        """Return the token behind the end of each name, and how sure that is.

        The end is 0 for names that are longer than `NEAR` and count for nothing: covered by a
        name before them that is `said`, or themselves not said.
        """
        ends, sure = self._near()
        if (ends == 0).any():
            free = 0
            for at in np.nonzero(said)[0].tolist():
                if self._starts[at] >= free:
                    if not ends[at]:
                        ends[at], further = self._far(at)
                        sure[at] *= further
                    free = int(ends[at])
        return ends, sure

    def _near(self) -> tuple[Integers, Floats]:
        """Follow names for `NEAR` tokens, all at once; return ends (0: further) and how sure."""
        starts, final = self._starts, self._final
        ends, sure = np.zeros_like(starts), np.ones(starts.size, np.float32)
        begin = self._network.begin(self._vectors[starts])
        open_, token = np.arange(starts.size), starts + 1
        for _ in range(NEAR):
            if not open_.size:
                break
            self.looked_at += open_.size
            on, certain = self._network.goes_on(
                self._here[token] + begin[open_],
                self._vectors[token - 1],
                self._go_on[open_],
                self._stop[open_],
            )
            sure[open_] *= np.where(final[token], 1, certain)
            on &= ~final[token]
            ends[open_[~on]] = token[~on] + 1
            open_, token = open_[on], token[on] + 1
        return ends, sure

    def _far(self, at: int) -> tuple[int, float]:
        """Return the end of one name that goes on behind `NEAR`, as many tokens at a time.

        What happens at a token depends on it, the one before and the name's first alone.
        """
        first = int(self._starts[at])
        begin = self._network.begin(self._vectors[first : first + 1])
        token, sure = first + 1 + NEAR, 1.0
        while True:
            tokens = slice(token, token + NEAR)
            here = self._here[tokens]
            moves = [np.full(len(here), each[at]) for each in (self._go_on, self._stop)]
            before = self._vectors[token - 1 : token - 1 + len(here)]
            on, certain = self._network.goes_on(here + begin, before, *moves)
            self.looked_at += len(here)
            final = self._final[tokens]
            closed = np.nonzero(~on | final)[0]
            last = int(closed[0]) if closed.size else len(here) - 1
            sure *= float(np.where(final, 1, certain)[: last + 1].prod())
            if closed.size:
                return token + last + 1, sure
            token += NEAR
