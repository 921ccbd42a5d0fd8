"""spaCy pipelines, loaded lean: only what finds names, on the fastest matrix product at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from models.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from nlp.ner.reader import Reader

MAX_CHARACTERS = 50_000
"""What is read of one text; a caller can tell that a text was cut by comparing its length."""

MAX_WORD = 300
"""A run of characters without a space that is longer than this is data, not a word."""

BATCH = 256
"""Texts that are read at once: more costs memory and gains nothing."""

ZONE = 20_000
"""Texts after which spaCy forgets the words it has met, so that its memory does not grow.

Meeting a word anew costs more than keeping it: this many texts know some 80,000 words, 40 MB.
"""

PROBES = (
    "The mayor of Port Ellery, Anna Holm, met President Paul Drake in Geneva on Tuesday.",
    "Norland Steel Corp. bought 45% of Ellery & Sons for $2.5 billion,  the Oslo Times reported.",
    "STORM HITS U.S. COAST\n\nThe United Nations said 20 people died in the third week of March",
    "",
    "xi",
)
"""Texts on which a pipeline must say the same however it is worked out."""

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
    """A name found in a text: `text[start:end]` is called a `label` (PERSON, GPE, DATE ...).

    `share` is how sure the network is, between 0 and 1; 1.0 where it can't be asked.
    """

    start: int
    end: int
    label: str
    share: float = 1.0


class Pipeline:
    """An installed spaCy pipeline that finds the names in texts.

    The spans are those of plain spaCy. Where the pipeline is built like spaCy's small ones, its
    network is worked out by `pipeline_reader`, several times as fast; any other is run by spaCy
    itself, without what finds no names, and on numpy's matrix product.

    Raises `ModelError` where the package is not installed or finds no names.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._nlp = _load(package)
        self._reader = _fast_reader(self._nlp)
        self._zone = ExitStack()
        self._since = 0
        self.stamp = f"{package}-{self._nlp.meta['version']}"

    @property
    def is_fast(self) -> bool:
        """Say whether the pipeline is of the build that is worked out without spaCy's own code."""
        return self._reader is not None

    def spans(self, texts: Sequence[str]) -> Iterator[list[Span]]:
        """Yield the names of each text, in its order; offsets are characters of that text.

        A text that occurs several times is read once.
        """
        for spans, _ in self.readings(texts):
            yield spans

    def readings(self, texts: Sequence[str]) -> Iterator[tuple[list[Span], list[Span]]]:
        """Yield the names of each text, and names that the network thought of but did not say.

        A pipeline that spaCy itself runs says all it thinks.
        """
        from threadpoolctl import threadpool_limits

        for start in range(0, len(texts), ZONE):
            part = texts[start : start + ZONE]
            different = list(dict.fromkeys(part))
            with threadpool_limits(limits=1, user_api="blas"):
                found = self._read_and_forget([readable(text) for text in different])
            names = dict(zip(different, found, strict=True))
            yield from (names[text] for text in part)

    def _read_and_forget(self, texts: Sequence[str]) -> list[tuple[list[Span], list[Span]]]:
        if not self._since:
            self._zone.enter_context(self._nlp.memory_zone())
        self._since += len(texts)
        try:
            return self._read(texts)
        finally:
            if self._since >= ZONE:
                self._zone.close()
                self._since = 0

    def _read(self, texts: Sequence[str]) -> list[tuple[list[Span], list[Span]]]:
        if self._reader:
            return [
                (
                    [Span(*name[:4]) for name in names if name.said],
                    [Span(*name[:4]) for name in names if not name.said],
                )
                for start in range(0, len(texts), BATCH)
                for names in self._reader.read(
                    [self._nlp.make_doc(text) for text in texts[start : start + BATCH]]
                )
            ]
        return [(_names(doc), []) for doc in self._nlp.pipe(texts, batch_size=BATCH)]


def _names(doc: Doc) -> list[Span]:
    return [Span(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


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
    """Load a pipeline without what finds no names; raises ModelError with what to install."""
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


def _fast_reader(nlp: Language) -> Reader | None:
    """Return a reader that says of `PROBES` just what spaCy says, None where there is none."""
    from nlp.ner.network import UnfitError
    from nlp.ner.reader import Reader

    try:
        reader = Reader(nlp)
        said = reader.read([nlp.make_doc(text) for text in PROBES])
    except (UnfitError, LookupError, AttributeError, ValueError):
        return None  # however else it is built, spaCy itself can run it
    expected = [_names(doc) for doc in nlp.pipe(PROBES)]
    found = [[Span(*name[:3]) for name in names if name.said] for names in said]
    return reader if found == expected else None


def _unheard(nlp: Language) -> Iterable[str]:
    """Return the components that only embed tokens for others, and whom no other listens to."""
    return [
        name
        for name, component in nlp.pipeline
        if getattr(component, "listening_components", None) == []
    ]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
