"""`slugline import-labels`: corrected annotations back as corrections by people."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.wording import counted
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.article import Rejection

SHOWN = 20
"""Refused annotations that are told one by one; `-v` and --json tell all."""


@click.command("import-labels")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirm", is_flag=True, help="Count what people left as it was as their word.")
@command
def import_labels(context: Context, file: Path, confirm: bool) -> None:
    """Take corrected annotations from FILE, as exported by doccano, Label Studio or Argilla.

    What differs from the store becomes a person's word: it wins over every model and outlives every
    re-tagging. What can't be taken is named with its reason, and the rest is taken.
    """
    from ingest.labels import read_labels
    from nlp.topics.taxonomy import load_taxonomy
    from slugline.jobs import labels

    topics = [topic.slug for topic in load_taxonomy(context.settings.taxonomy)]
    refused: list[Rejection] = []
    with context.store() as store:
        done = labels.import_labels(store, read_labels(file), topics, refused, confirm=confirm)
    for one in refused if context.verbose else refused[:SHOWN]:
        context.say(f"Refused: {one.where}: {one.reason}")
    if len(refused) > SHOWN and not context.verbose:
        context.say(f"... and {len(refused) - SHOWN:,} more; -v tells all.")
    reasons = [dataclasses.asdict(one) for one in refused]
    context.report(
        dataclasses.asdict(done) | {"refusals": reasons},
        f"Corrected {counted(done.articles, 'article')}: "
        f"{done.topics_added:,} topics added, {done.topics_removed:,} removed; "
        f"{done.mentions_added:,} mentions added, {done.mentions_removed:,} removed. "
        f"{done.unchanged:,} unchanged, {done.refused:,} refused.",
    )
