"""spaCy pipelines, loaded lean: only what finds names, on the fastest matrix product at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from models.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

MAX_CHARACTERS = 50_000
"""What is read of one text; a caller can tell that a text was cut by comparing its length."""

MAX_WORD = 300
"""A run of characters without a space that is longer than this is data, not a word."""

BATCH = 256
"""Texts that go through the network at once: more costs memory and gains nothing."""

ZONE = 4096
"""Texts after which spaCy forgets the words it has met, so that its memory does not grow."""

_NOT_NEEDED = (
    "tagger",
    "parser",
    "attribute_ruler",
    "lemmatizer",
    "morphologizer",
    "senter",
    "trainable_lemmatizer",
    "textcat",
    "textcat_multilabel",
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENDLESS_WORD = re.compile(rf"\S{{{MAX_WORD},}}")


class Span(NamedTuple):
    """A name found in a text: `text[start:end]` is called a `label` (PERSON, GPE, DATE ...)."""

    start: int
    end: int
    label: str


class Pipeline:
    """An installed spaCy pipeline that finds the names in texts.

    The spans are those of plain spaCy. It is about twice as fast because a tok2vec that no
    component listens to is left out, and because `NumpyOps(use_blis=False)`, thinc's own switch,
    multiplies matrices with numpy's BLAS, which knows today's processors.

    Raises `ModelError` where the package is not installed or finds no names.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._nlp = _load(package)
        meta = self._nlp.meta
        self.stamp = f"{package}-{meta['version']}"

    def spans(self, texts: Sequence[str]) -> Iterator[list[Span]]:
        """Yield the names of each text, in its order; offsets are characters of that text."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1, user_api="blas"):
            for start in range(0, len(texts), ZONE):
                with self._nlp.memory_zone():
                    yield from self._spans(texts[start : start + ZONE])

    def _spans(self, texts: Sequence[str]) -> list[list[Span]]:
        docs = self._nlp.pipe(map(readable, texts), batch_size=BATCH)
        return [
            [Span(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
            for doc in docs
        ]


def readable(text: str) -> str:
    """Return what a tokenizer can take of a text, each character at its old offset.

    Cut at `MAX_CHARACTERS`; characters that are none and words without end become blanks, which
    would otherwise stop the tokenizer or keep it busy for minutes.
    """
    cut = text[:MAX_CHARACTERS]
    return _ENDLESS_WORD.sub(_blank, _SURROGATE.sub(" ", cut))


def _blank(word: re.Match[str]) -> str:
    return " " * len(word.group())


def _load(package: str) -> Language:
    import spacy
    from thinc.api import use_ops

    try:
        with use_ops("numpy", use_blis=False):
            nlp = spacy.load(package, exclude=_NOT_NEEDED)
    except OSError as error:
        message = (
            f"the spaCy pipeline {package!r} can't be read: {_first_line(error)} "
            f"Install it with: python -m pip install {package.replace('_', '-')}"
        )
        raise ModelError(message) from error
    for name in _unheard(nlp):
        nlp.remove_pipe(name)
    if not {"ner", "beam_ner", "entity_ruler"} & set(nlp.pipe_factories.values()):
        message = f"the spaCy pipeline {package!r} has no component that finds names (ner)"
        raise ModelError(message)
    return nlp


def _unheard(nlp: Language) -> Iterable[str]:
    """Return the components that only embed tokens for others, and whom no other listens to."""
    return [
        name
        for name, component in nlp.pipeline
        if getattr(component, "listening_components", None) == []
    ]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
