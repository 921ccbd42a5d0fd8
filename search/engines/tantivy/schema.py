"""How articles rest in a Tantivy index: its fields, and what each is given.

Words are made by `search.text`, as for every engine, and handed to Tantivy with spaces between.
`stems` holds the stems of title, summary and body, a stem of the title five times, of the summary
twice: repeating a word by the weight of its field makes BM25 over one field into BM25F over three
(Robertson, Zaragoza & Taylor 2004). The other text fields serve phrases, patterns and searches in
one field; values are kept as they are, to filter by. Entities, of which there may be
very many, are counted by numbers: Tantivy looks up every text that it counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from search.document import EPOCH, Document, to_micros
from search.text.analysis import analyse

VERSION = "6"
"""The schema of the index; one with another is never read."""

TEXT_FIELDS = ("title", "summary", "body")
REPEATED = {"title": 5, "summary": 2, "body": 1}
"""How often a stem of each field stands in the field of all stems."""
VALUES = ("topic", "entity", "source", "host", "section", "lang", "cluster", "story")
NUMBERED = {kind: f"{kind}_number" for kind in ("entity", "person", "org", "place")}
"""Where the numbers of entities stand, of all and of each kind."""
OWN, LEADER = "own", "leader"
"""The number of an article's own id, and of the one that it repeats."""
BETWEEN = "\x1f"
"""Stands between the key and the name of an entity."""


def schema(tantivy: Any) -> Any:
    """Return the schema, for the library `tantivy`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in (OWN, LEADER):
        builder.add_unsigned_field(field, indexed=True, fast=True)
    for field in TEXT_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{field}_stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("mark", tokenizer_name="whitespace", index_option="basic")
    for field in VALUES:
        named = field == "entity"
        builder.add_text_field(
            field, stored=named, fast=not named, tokenizer_name="raw", index_option="basic"
        )
    for field in NUMBERED.values():
        builder.add_unsigned_field(field, indexed=True, fast=True)
    builder.add_text_field("entity_name", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_integer_field("day", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_unsigned_field("oldest_order", fast=True)
    return builder.build()


def _values(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the fields and values of a document that are kept as they are."""
    for topic in document.topics:
        yield "topic", sound(topic)
    for key, name, _ in {entity[0]: entity for entity in document.entities}.values():
        yield "entity", sound(key)
        yield "entity_name", f"{sound(key)}{BETWEEN}{sound(name)}"
    singles = {
        "source": document.source,
        "host": document.host,
        "section": document.section,
        "lang": document.language,
        "cluster": document.cluster,
        "story": document.story,
    }
    for field, value in singles.items():
        if value:
            yield field, sound(value)


def to_tantivy(tantivy: Any, document: Document) -> Any:
    """Return the Tantivy document of an article."""
    made = tantivy.Document()
    made.add_text("id", sound(document.id))
    all_words: list[str] = []
    all_stems: list[str] = []
    all_marks: set[str] = set()
    for field, given in zip(
        TEXT_FIELDS, (document.title, document.summary, document.body), strict=True
    ):
        if not given:
            continue
        read = analyse(sound(given), document.language)
        words, stems = " ".join(read.words), " ".join(read.stems)
        all_marks.update(read.marks)
        made.add_text(field, words)
        made.add_text(f"{field}_stems", stems)
        all_words.append(words)
        all_stems += [stems] * REPEATED[field]
    made.add_text("words", " ".join(all_words))
    made.add_text("stems", " ".join(all_stems))
    made.add_text("mark", " ".join(all_marks))
    for field, value in _values(document):
        made.add_text(field, value)
    for key in {sound(key) for key, _, _ in document.entities}:
        for facet in {"entity", key.partition("/")[0]} & NUMBERED.keys():
            made.add_unsigned(NUMBERED[facet], number_of(key))
    if document.published is not None:
        made.add_integer("published", to_micros(document.published))
        made.add_integer("day", (document.published - EPOCH) // timedelta(days=1))
    made.add_unsigned("order", _order(document, oldest=False))
    made.add_unsigned("oldest_order", _order(document, oldest=True))
    made.add_unsigned(OWN, number_of(document.id))
    if document.leader:
        made.add_unsigned(LEADER, number_of(document.leader))
    return made


def sound(text: str) -> str:
    """Return a text without the halves of characters that can't be written as UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def number_of(text: str) -> int:
    """Return a number that stands for an id or a key: 52 bits, which aggregations keep exactly."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 12


def _order(document: Document, *, oldest: bool) -> int:
    """Return a number that is smaller the newer (or older) an article is, then the smaller its id.

    It is largest for an article without a date.
    """
    start = int.from_bytes(document.id.encode("utf-8", "replace")[:4].ljust(4, b"\0"), "big") >> 4
    if document.published is None:
        return ((2**36 - 1) << 28) | start
    seconds = (document.published - EPOCH) // timedelta(seconds=1)
    bounded = min(max(-(2**35) + 1, seconds), 2**35 - 1)
    return ((2**35 - 1 + (bounded if oldest else -bounded)) << 28) | start
