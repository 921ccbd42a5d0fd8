"""README.md of an export: a card for people, with the YAML head that Hugging Face reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from export.columns import CSV_MEANINGS, MEANINGS
from export.description.facts import Facts

SHOWN = 30
"""Topics, sources and languages that the card lists; datapackage.json has all."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))


def card(facts: Facts) -> str:
    """Return the card."""
    head = _yaml(facts) if facts.format == "hf" else []
    return "\n".join((*head, *_body(facts))) + "\n"


def _yaml(facts: Facts) -> Iterator[str]:
    """Yield the head of a dataset card, as the Hugging Face Hub reads it."""
    from export.formats.hf import features

    rows = {part or "train": count for part, count in facts.tally.parts.items()}
    sizes: dict[str, int] = {}
    for file in facts.files:
        part = file.part or "train"
        sizes[part] = sizes.get(part, 0) + file.size
    total = facts.tally.articles
    known = sorted(code for code in facts.tally.languages if code != "und")
    yield "---"
    yield f"pretty_name: {json.dumps(facts.title, ensure_ascii=False)}"
    yield "license: other"
    if known:
        yield from ("language:", *(f"- '{code}'" for code in known))
    yield from ("task_categories:", "- text-classification", "- token-classification")
    yield from ("tags:", "- news", "- slugline")
    yield "size_categories:"
    yield f"- {next((name for limit, name in _SIZES if total < limit), 'n>1M')}"
    yield from ("configs:", "- config_name: default", "  data_files:")
    for part in sizes:
        yield from (f"  - split: {part}", f"    path: data/{part}-*.parquet")
    yield from ("dataset_info:", "  features:")
    yield from features(facts.columns, text=facts.text)
    yield "  splits:"
    for part, size in sizes.items():
        yield f"  - name: {part}"
        yield f"    num_bytes: {size}"
        yield f"    num_examples: {rows.get(part, 0)}"
    yield f"  download_size: {sum(sizes.values())}"
    yield f"  dataset_size: {sum(sizes.values())}"
    yield from ("---", "")


def _body(facts: Facts) -> Iterator[str]:
    """Yield the card for people: rights, files, columns, and what was counted."""
    tally = facts.tally
    yield f"# {facts.title}"
    yield ""
    yield f"{tally.articles:,} news articles with topics and entities, as {facts.format}."
    yield from ("", "## Rights", "", facts.rights, "", "## How to cite", "", facts.citation, "")
    yield from ("## What was asked for", "")
    yield from (f"- {name}: {_plain(value)}" for name, value in facts.asked.items())
    yield from ("", "## Files", "", "| file | bytes | SHA-256 |", "|---|---|---|")
    yield from (f"| {file.path} | {file.size:,} | {file.sha256} |" for file in facts.files)
    if facts.columns:
        meanings = MEANINGS | (CSV_MEANINGS if facts.format == "csv" else {})
        yield from ("", "## Columns", "", "| column | what it holds |", "|---|---|")
        yield from (f"| {name} | {meanings.get(name, '')} |" for name in facts.columns)
    yield from ("", "## Where the tags come from", "")
    yield from (f"- {name}: {count:,}" for name, count in sorted(tally.origins.items()))
    yield from (f"- models {name}: {n:,} articles" for name, n in sorted(tally.models.items()))
    tables = (
        ("Topics", tally.topics),
        ("Sources", tally.sources),
        ("Languages", tally.languages),
    )
    for title, counts in tables:
        yield from ("", f"## {title}", "", "| | articles |", "|---|---|")
        yield from _rows(counts)


def _rows(counts: Counter[str]) -> Iterator[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    yield from (f"| {_plain(name)} | {count:,} |" for name, count in ranked[:SHOWN])
    if len(ranked) > SHOWN:
        rest = sum(count for _, count in ranked[SHOWN:])
        yield f"| {len(ranked) - SHOWN:,} more | {rest:,} |"


def _plain(value: object) -> str:
    """Return a value that can't break out of its line, table or Markdown."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in flat)
