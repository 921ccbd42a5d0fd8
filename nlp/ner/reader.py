"""Reads the names of docs with a spaCy pipeline's weights, but not with its loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nlp.ner.network import (
    ROWS,
    Floats,
    Integers,
    Tok2Vec,
    UnfitError,
    attributes,
)
from nlp.ner.transitions import Decoder

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Found = tuple[int, int, int, float, bool]
"""First token, token behind the last, place of the label, share, and whether it was said."""


class Name(NamedTuple):
    """A name in a doc, in characters; `said` is False where the network rather sees none."""

    start: int
    end: int
    label: str
    share: float
    said: bool


class Reader:
    """Finds the names in docs that nothing but the tokenizer has seen.

    A tok2vec built like those of spaCy's small pipelines is worked out by `Tok2Vec`; another (with
    word vectors, say) by thinc itself, and only the moves are made here.

    Raises `UnfitError` where the pipeline is anything but one `EntityRecognizer` with a tok2vec of
    its own.
    """

    def __init__(self, nlp: Language) -> None:
        from spacy.pipeline import EntityRecognizer
        from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # no stubs

        components = [component for _, component in nlp.pipeline]
        if len(components) != 1 or type(components[0]) is not EntityRecognizer:
            raise UnfitError("components")
        if type(nlp.tokenizer) is not Tokenizer:
            raise UnfitError("tokenizer")
        ner: Any = components[0]
        self._thinc = ner.model.get_ref("tok2vec")
        try:
            layers = self._thinc.layers
            if [layer.name for layer in layers[1:]] != ["list2array", "linear"]:
                raise UnfitError(self._thinc.name)
            self._tok2vec: Tok2Vec | None = Tok2Vec(layers[0])
            linear = layers[2]
            self._narrow = np.ascontiguousarray(linear.get_param("W").T), linear.get_param("b")
        except UnfitError:
            self._tok2vec = None
        self._moves = Decoder(ner)

    def read(self, docs: Sequence[Doc]) -> list[list[Name]]:
        """Return the names of each doc, in the order of the text; said ones do not overlap.

        Those that are not said stand nowhere that a said name before them reaches.
        """
        lengths = np.array([len(doc) for doc in docs], np.int64)
        if not lengths.sum():
            return [[] for _ in docs]
        blank = attributes(docs, ["IS_SPACE"])[:, 0] > 0
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        names: list[list[Name]] = []
        for first, behind, context in self._contexts(docs, lengths, bounds):
            tokens = slice(bounds[first], bounds[behind])
            found = self._read(context, lengths[first:behind], blank[tokens])
            names.extend(
                self._names(docs[first:behind], bounds[first:behind] - bounds[first], found)
            )
        return names

    def _contexts(
        self, docs: Sequence[Doc], lengths: Integers, bounds: Integers
    ) -> Iterator[tuple[int, int, Floats]]:
        """Yield docs, from and up to, with the vectors of their tokens in context."""
        if self._tok2vec is None:
            for first, behind in self._batches(lengths):
                yield first, behind, self._thinc.predict(list(docs[first:behind]))
            return
        vectors = self._tok2vec.embed(attributes(docs, self._tok2vec.columns))
        for first, behind in self._batches(lengths):
            here = vectors[bounds[first] : bounds[behind]]
            context = self._tok2vec.encode(here, lengths[first:behind])
            yield first, behind, context @ self._narrow[0] + self._narrow[1]

    def _batches(self, lengths: Integers) -> Iterator[tuple[int, int]]:
        """Yield the docs, from and up to, that are read at once: about `ROWS` rows of them."""
        first = rows = 0
        for at, length in enumerate(lengths.tolist()):
            rows += self._tok2vec.rows_of(length, 1) if self._tok2vec else length
            if rows >= ROWS:
                yield first, at + 1
                first, rows = at + 1, 0
        if first < len(lengths):
            yield first, len(lengths)

    def _read(self, context: Floats, lengths: Integers, blank: Any) -> list[Found]:
        if not len(context):
            return []
        final = np.zeros(len(context), np.bool_)
        final[np.cumsum(lengths)[lengths > 0] - 1] = True
        columns = self._moves.names(context, final, blank)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _names(
        self, docs: Sequence[Doc], bounds: Integers, found: Sequence[Found]
    ) -> Iterator[list[Name]]:
        """Yield the names of each document, from names found in all documents laid end to end."""
        rest = iter(found)
        name = next(rest, None)
        for doc, bound in zip(docs, bounds.tolist(), strict=True):
            names: list[Name] = []
            free = bound
            while name and name[0] < bound + len(doc):
                start, end, move, share, said = name
                if start >= free:
                    last = doc[end - bound - 1]
                    label = self._moves.labels[move]
                    first = doc[start - bound].idx
                    names.append(Name(first, last.idx + len(last), label, share, said))
                    free = end if said else free
                name = next(rest, None)
            yield names
