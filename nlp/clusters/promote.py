"""Makes a topic of a cluster: a table more in the taxonomy file of a person's own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence

from models.errors import UsageError
from nlp.tfidf import LONGEST_PHRASE, words
from nlp.topics.taxonomy import SLUG

OPENING = 'extends = "default"  # the shipped topics, and those below beside them\n'


def promoted(taxonomy: str, slug: str, name: str, terms: Sequence[str]) -> str:
    """Return the text of a taxonomy file ("" for none yet) with a topic more.

    What the file says already stays as it is. Raises `UsageError` for a slug that can't be one, or
    is there already, and where no term can be a seed term.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise UsageError(
            f"{slug!r} can't be a topic's slug: lower-case letters, digits and single hyphens."
        )
    if slug in tomllib.loads(taxonomy).get("topics", {}):
        raise UsageError(f"There is a topic {slug!r} in the taxonomy already.")
    seeds = [" ".join(words(term)) for term in terms]
    seeds = [seed for seed in dict.fromkeys(seeds) if seed and seed.count(" ") < LONGEST_PHRASE]
    if not seeds:
        raise UsageError("The cluster has no characteristic terms to make a topic of.")
    table = [
        f"[topics.{slug}]",
        f"name = {_quoted(name)}",
        f"terms = [{', '.join(map(_quoted, seeds))}]",
    ]
    before = taxonomy.rstrip("\n") + "\n" if taxonomy.strip() else OPENING
    return before + "\n" + "\n".join(table) + "\n"


def _quoted(text: str) -> str:
    """Quote a text for TOML, whose basic strings are JSON's but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
