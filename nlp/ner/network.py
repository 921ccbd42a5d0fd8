"""What a spaCy tok2vec thinks of each word, worked out in numpy: same weights, fewer sums.

A word's embedding depends on the word alone, so each is embedded once and kept; thinc embeds every
token anew. The window layers run on as many rows as the processor's cache holds, with the bias, the
maxout and the layer norm done in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spacy.tokens import Doc

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

KEPT_WORDS = 50_000
"""Embeddings that are kept, about 400 bytes each; when full, all are forgotten."""

ROWS = 2_000
"""Tokens that go through the window layers at once, so that they stay in the processor's cache."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


class UnfitError(Exception):
    """A model is built in another way than this module knows; spaCy's own code must run it."""


class _Window(NamedTuple):
    """A residual layer on a window of three tokens; the maxout's pieces lie behind each other."""

    weights: Floats  # (3 * width, pieces * width)
    bias: Floats
    gain: Floats
    shift: Floats
    pieces: int


class Tok2Vec:
    """MultiHashEmbed and MaxoutWindowEncoder of spaCy's small pipelines, for inference alone.

    Raises `UnfitError` where `model` is built in another way.
    """

    def __init__(self, model: Any) -> None:
        embed, encode = _layers(model, 2)
        extract, _, hashes, mix, _ = _layers(embed, 5)
        if extract.name != "extract_features" or "hashembed" not in hashes.name:
            raise UnfitError(embed.name)
        self.columns = list(extract.attrs["columns"])
        self._hashes = hashes.layers[0]
        self._mix = mix.layers[0]
        self._gap = int(encode.attrs["pad"])
        self._windows = [_window(layer) for layer in _layers(encode.layers[0])]
        self._width = self._windows[0].gain.size
        self._places: dict[int, int] = {}
        self._kept = np.zeros((KEPT_WORDS, self._width), np.float32)

    def rows_of(self, tokens: int, docs: int) -> int:
        """Return how many rows so many tokens of so many docs take up."""
        return tokens + self._gap * docs

    def embed(self, features: NDArray[np.uint64]) -> Floats:
        """Return the embeddings (tokens, width) of tokens by their attributes (tokens, columns)."""
        keys = features[:, 0].copy()
        for column in features.T[1:]:
            keys = (keys * _MIX) ^ column
        words, first, back = np.unique(keys, return_index=True, return_inverse=True)
        places = self._places_of(words)
        unknown = np.nonzero(places < 0)[0]
        if unknown.size:
            if len(self._places) + unknown.size > KEPT_WORDS:
                return self._embed_anew(features[first])[back]
            start = len(self._places)
            places[unknown] = np.arange(start, start + unknown.size)
            self._kept[places[unknown]] = self._embed_anew(features[first[unknown]])
            self._places |= zip(words[unknown].tolist(), places[unknown].tolist(), strict=True)
        return self._kept[places[back]]

    def _places_of(self, words: NDArray[np.uint64]) -> Integers:
        if len(self._places) + words.size > KEPT_WORDS:
            self._places.clear()
        place = self._places.get
        return np.array([place(word, -1) for word in words.tolist()], np.int64)

    def _embed_anew(self, features: NDArray[np.uint64]) -> Floats:
        rows: Floats = self._mix.predict(self._hashes.predict(features))
        return rows

    def encode(self, vectors: Floats, lengths: Integers) -> Floats:
        """Return the vectors (tokens, width) in their context; docs do not see each other.

        `vectors` are those of `embed`, of docs behind each other, `lengths` their tokens.
        """
        docs = np.arange(1, lengths.size + 1)
        places = np.arange(len(vectors)) + np.repeat(docs * self._gap, lengths)
        rows = np.zeros((self.rows_of(len(vectors), lengths.size + 1), self._width), np.float32)
        rows[places] = vectors
        for window in self._windows:
            rows += self._look_around(rows, window)
        context: Floats = rows[places]
        return context

    def _look_around(self, rows: Floats, window: _Window) -> Floats:
        width = self._width
        seen = np.zeros((len(rows), 3 * width), np.float32)
        seen[1:, :width] = rows[:-1]
        seen[:, width : 2 * width] = rows
        seen[:-1, 2 * width :] = rows[1:]
        best = maxout(seen @ window.weights + window.bias, window.pieces)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + np.float32(1e-8)
        best *= (1 / np.sqrt(variance))[:, None]
        best *= window.gain
        best += window.shift
        return best


def maxout(values: Floats, pieces: int) -> Floats:
    """Return the largest of each unit's pieces; `values` are (rows, pieces * units)."""
    units = values.shape[1] // pieces
    best = values[:, :units]
    for piece in range(1, pieces):
        best = np.maximum(best, values[:, piece * units : (piece + 1) * units])
    return best


def by_piece(weights: Floats) -> Floats:
    """Return a maxout's parameters (units, pieces, ...) with the pieces behind each other."""
    return np.ascontiguousarray(weights.swapaxes(0, 1).reshape(-1, *weights.shape[2:]))


def attributes(docs: Sequence[Doc], columns: Sequence[Any]) -> NDArray[np.uint64]:
    """Return attributes of all tokens of docs, (tokens, columns)."""
    return np.concatenate([doc.to_array(list(columns)).reshape(-1, len(columns)) for doc in docs])


def _window(layer: Any) -> _Window:
    nodes = {node.name: node for node in layer.walk()}
    if not {"maxout", "layernorm", "expand_window"} <= set(nodes) or "residual" not in layer.name:
        raise UnfitError(layer.name)
    if nodes["expand_window"].attrs["window_size"] != 1:
        raise UnfitError(layer.name)
    weights = nodes["maxout"].get_param("W")
    norm = nodes["layernorm"]
    return _Window(
        np.ascontiguousarray(by_piece(weights).T),
        by_piece(nodes["maxout"].get_param("b")),
        norm.get_param("G"),
        norm.get_param("b"),
        weights.shape[1],
    )


def _layers(model: Any, count: int = 0) -> list[Any]:
    if count and len(model.layers) != count:
        raise UnfitError(model.name)
    return list(model.layers)
