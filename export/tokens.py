"""Annotated texts as tokens, by spaCy's rules for the language; no model is needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from export.annotated import AnnotatedText, without_overlaps

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

ANY_LANGUAGE = "xx"


@lru_cache(maxsize=100)
def tokeniser(language: str) -> Language:
    """Return spaCy's rules for a language, its rules for any where it has none of its own."""
    import spacy

    try:
        return spacy.blank(language or ANY_LANGUAGE)
    except ImportError:
        return spacy.blank(ANY_LANGUAGE)


def tokenised(annotation: AnnotatedText, language: str) -> Doc:
    """Return a text as tokens with entities.

    A span that begins or ends within a token takes in the whole token. Of spans that overlap then,
    the longer is kept.
    """
    from spacy.util import filter_spans

    doc = tokeniser(language).make_doc(annotation.text)
    found = [
        doc.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
        for span in without_overlaps(annotation.spans)
    ]
    doc.set_ents(filter_spans([span for span in found if span is not None]))
    return doc
