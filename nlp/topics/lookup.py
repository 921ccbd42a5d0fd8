"""Which topics a word stands for: military for `war` or `wojna`, by names and seed terms."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from nlp.tfidf import words
from nlp.topics.taxonomy import DEFAULT, Topic, load_taxonomy
from nlp.topics.term_rules import shipped_languages, shipped_terms, term_words

POLISH = DEFAULT.with_name("taxonomy-pl.toml")
"""Polish names and seed terms of the shipped topics."""
ALIKE = 0.85
"""How alike a word and a term must be (difflib's ratio) where no topic has the word itself."""
MOST = 3


def topics_for(text: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of the topics that a word or phrase stands for, likeliest first.

    That is each topic that has it as its name or as a seed term, in any language, the earlier the
    term stands in its list the likelier; where none has it, those that have a word much like it.
    """
    said = words(text)
    if not said:
        return ()
    exact: dict[str, float] = {}
    near: dict[str, float] = {}
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(" ".join(said))
    for slug, terms in _terms(topics):
        for place, term in enumerate(terms):
            parts = term_words(term)
            if not parts:
                continue
            at = place / len(terms)
            if len(parts) == len(said) and all(
                part.fits(word) for part, word in zip(parts, said, strict=True)
            ):
                exact[slug] = min(at, exact.get(slug, at))
                continue
            matcher.set_seq1(" ".join(part.text for part in parts))
            if matcher.quick_ratio() >= ALIKE and (alike := matcher.ratio()) >= ALIKE:
                near[slug] = min(1 - alike, near.get(slug, 1.0))
    found = exact or near
    return tuple(sorted(found, key=lambda slug: (found[slug], slug))[:MOST])


def _terms(topics: Sequence[Topic]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the terms of each topic, its names first, a list for each language."""
    slugs = {topic.slug for topic in topics}
    for topic in (*topics, *load_taxonomy(POLISH)):
        if topic.slug in slugs:
            yield topic.slug, (topic.slug, topic.name, *topic.terms)
            yield from ((topic.slug, terms) for _, terms in topic.terms_in)
    for code in shipped_languages():
        yield from ((slug, terms) for slug, terms in shipped_terms(code).items() if slug in slugs)
