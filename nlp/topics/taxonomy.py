"""The topics that articles are sorted into: read from TOML, the shipped taxonomy or a person's own.

extends = "default"              # optional: the shipped topics, and those below beside them

[topics.semiconductors]
name = "Semiconductors"
description = "Chips, the machines that make them, and who may buy them."
codes = ["medtop:20000756"]      # optional: IPTC Media Topics
sections = ["chips"]             # optional: names of publishers' sections that mean it
terms = ["semiconductor", "chipmaker", "wafer fab", "foundry"]

Terms of several languages are `terms.en = [...]`, `terms.pl = ["półprzewodnik*"]` and so on.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from models.tags import OTHER

DEFAULT = Path(__file__).with_name("taxonomy.toml")
"""The shipped taxonomy."""

MAX_TOPICS = 200
MAX_TERMS = 1000
MAX_BYTES = 2_000_000

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CODE = re.compile(r"medtop:\d{8}")
LANGUAGE = re.compile(r"[a-z]{2}")
MAIN = "en"
"""The language of terms that name none."""
FIELDS = frozenset({"name", "description", "codes", "sections", "terms"})


@dataclass(frozen=True, slots=True)
class Topic:
    """A named topic: what it is called, what it covers, and the words that speak for it.

    `codes` are IPTC Media Topics that the topic corresponds to, `sections` names of publishers'
    sections or RSS categories that mean it, `terms` English seed words and phrases in lower case,
    `terms_in` those of other languages, each with its ISO 639-1 code.
    """

    slug: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    terms_in: tuple[tuple[str, tuple[str, ...]], ...] = ()


def load_taxonomy(path: Path | None = None) -> tuple[Topic, ...]:
    """Read the topics of a TOML file (None: the shipped ones), in the order of the file.

    Raises `ConfigError` that names the file, the topic and the field at fault.
    """
    path = path or DEFAULT
    document = _read(path)
    unknown = sorted(set(document) - {"extends", "topics"})
    if unknown:
        raise ConfigError(
            f"{path}: unknown setting {unknown[0]!r}; a taxonomy has [topics.SLUG] tables and, "
            'if it adds to the shipped topics, extends = "default".'
        )
    topics = {topic.slug: topic for topic in _inherited(path, document.get("extends"))}
    tables = document.get("topics", {})
    if not isinstance(tables, dict) or not tables:
        raise ConfigError(f"{path}: no topics; write a table [topics.SLUG] for each.")
    for slug, table in tables.items():
        topics[slug] = _topic(path, slug, table)
    if len(topics) > MAX_TOPICS:
        raise ConfigError(f"{path}: {len(topics)} topics; at most {MAX_TOPICS} are supported.")
    if len(topics) < 2:
        raise ConfigError(f"{path}: only one topic; a taxonomy needs two or more to choose from.")
    return tuple(topics.values())


def _read(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: can't read the taxonomy: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES} bytes, so hardly a taxonomy.")
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start}).") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not TOML: {error}.") from error


def _inherited(path: Path, extends: object) -> tuple[Topic, ...]:
    if extends is None:
        return ()
    if extends != "default" or path == DEFAULT:
        raise ConfigError(f'{path}: extends must be "default" or left out, not {extends!r}.')
    return load_taxonomy()


def _topic(path: Path, slug: str, table: object) -> Topic:
    """Check and return a topic; raises ConfigError that names file, topic and field."""
    where = f"{path}: topic {slug!r}"
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise ConfigError(f"{where}: a slug is lower-case letters, digits and single hyphens.")
    if slug == OTHER:
        raise ConfigError(f"{where}: this slug is kept for articles that fit no topic.")
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: write it as a table, [topics.{slug}].")
    unknown = sorted(set(table) - FIELDS)
    if unknown:
        raise ConfigError(
            f"{where}: unknown field {unknown[0]!r}; fields are {', '.join(sorted(FIELDS))}."
        )
    codes = _strings(where, table, "codes")
    for code in codes:
        if not CODE.fullmatch(code):
            raise ConfigError(
                f"{where}: field 'codes': {code!r} is not an IPTC Media Topic such as "
                "medtop:20000639."
            )
    terms, terms_in = _terms(where, table)
    return Topic(
        slug=slug,
        name=_string(where, table, "name") or slug.replace("-", " ").capitalize(),
        description=_string(where, table, "description"),
        codes=codes,
        sections=tuple(section.lower() for section in _strings(where, table, "sections")),
        terms=terms,
        terms_in=terms_in,
    )


def _terms(
    where: str, table: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return a topic's English terms and those of other languages, in the order of their codes."""
    given = table.get("terms", [])
    by_language = given if isinstance(given, dict) else {MAIN: given}
    for code in by_language:
        if not LANGUAGE.fullmatch(code):
            raise ConfigError(
                f"{where}: terms.{code}: name a language by its two letters, such as terms.pl."
            )
    lists = {}
    for code, listed in by_language.items():
        field = f"terms.{code}" if isinstance(given, dict) else "terms"
        strings = _strings(where, {field: listed}, field)
        lists[code] = tuple(dict.fromkeys(term.lower() for term in strings))
    terms = lists.pop(MAIN, ())
    if not terms:
        field = f"terms.{MAIN}" if isinstance(given, dict) else "terms"
        raise ConfigError(
            f"{where}: field {field!r}: give at least one seed word; eight work well."
        )
    return terms, tuple(sorted((code, each) for code, each in lists.items() if each))


def _string(where: str, table: dict[str, Any], field: str) -> str:
    value = table.get(field, "")
    if not isinstance(value, str):
        raise ConfigError(f"{where}: field {field!r} must be text, not {value!r}.")
    return " ".join(value.split())


def _strings(where: str, table: dict[str, Any], field: str) -> tuple[str, ...]:
    values = table.get(field, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ConfigError(f"{where}: field {field!r} must be a list of texts.")
    if len(values) > MAX_TERMS:
        raise ConfigError(f"{where}: field {field!r} has more than {MAX_TERMS} entries.")
    cleaned = tuple(" ".join(value.split()) for value in values)
    if "" in cleaned or any(len(value) > 100 for value in cleaned):
        raise ConfigError(f"{where}: field {field!r} has an empty or overlong entry.")
    return cleaned
