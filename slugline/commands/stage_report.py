"""Reports of the stages: a sentence for the terminal, figures for JSON."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from models.wording import counted

if TYPE_CHECKING:
    from slugline.jobs.pipeline import IndexResult, IngestResult, TagResult
    from slugline.jobs.stories import StoriesResult


def stage_as_dict(stage: IngestResult | TagResult | IndexResult | StoriesResult) -> dict[str, Any]:
    """Return a stage's figures under their contract names."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in dataclasses.asdict(stage).items()
        if name not in {"unread", "set_aside", "rebuilt"}
    }


def format_ingested(stage: IngestResult) -> str:
    """Return the result of ingest as a sentence."""
    if not (stage.new or stage.updated or stage.rejected) and stage.unchanged:
        return f"Ingested: nothing new; {counted(stage.unchanged, 'article')}."
    parts = [f"{stage.new:,} new"]
    parts += [f"{stage.updated:,} updated"] if stage.updated else []
    parts += [f"{stage.unchanged:,} unchanged"] if stage.unchanged else []
    parts += [f"{stage.duplicates:,} seen twice"] if stage.duplicates else []
    parts += [f"{stage.rejected:,} rejected"] if stage.rejected else []
    parts += [f"{stage.grouped:,} near-duplicates grouped"] if stage.grouped else []
    publishers = counted(stage.sources, "source")
    return f"Ingested: {', '.join(parts)} from {publishers} in {stage.seconds:.1f} s."


def format_tagged(stage: TagResult) -> str:
    """Return the result of tagging as a sentence."""
    if not stage.articles:
        return "Tagged: nothing was due."
    return (
        f"Tagged: {counted(stage.articles, 'article')} with {counted(stage.mentions, 'mention')}"
        f" in {stage.seconds:.1f} s ({stage.articles_per_second:,.0f} a second)."
    )


def format_stories(stage: StoriesResult) -> str:
    """Return the result of finding stories as a sentence."""
    if not stage.articles:
        return "Stories: no article was due."
    return (
        f"Stories: {counted(stage.articles, 'article')} looked at; there are"
        f" {counted(stage.stories, 'story', 'stories')} ({stage.seconds:.1f} s)."
    )


def format_indexed(stage: IndexResult) -> str:
    """Return the result of indexing as a sentence."""
    anew = "rebuilt from the store, " if stage.rebuilt else ""
    return (
        f"Indexed: {anew}{stage.added:,} added, {stage.removed:,} removed; the {stage.engine} index"
        f" holds {counted(stage.documents, 'article')} ({stage.seconds:.1f} s)."
    )
