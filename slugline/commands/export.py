"""`slugline export`: tagged articles as a file or a directory that other tools read."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.errors import UsageError
from models.wording import counted
from slugline.context import Context, command
from slugline.filters import filter_options

if TYPE_CHECKING:
    from export.destinations import ExportResult
    from export.format import FormatEntry
    from search.request import Filters
    from web.export_plan import ExportPlan

STDOUT = frozenset({"-", "/dev/stdout", "/dev/fd/1"})
RIGHTS = (
    "This export holds summaries or texts. They belong to their publishers: keep them for research "
    "of your own, and do not publish them without leave."
)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format", "name", help="The format; by default what the name's ending says. See docs."
)
@click.option("--query", default="", help="Only what this query finds (see `slugline search`).")
@filter_options
@click.option("--columns", default="", metavar="A,B", help="Only these columns, in this order.")
@click.option("--text", is_flag=True, help="With summaries and texts, which publishers own.")
@click.option("--split", default="", metavar="time|hash", help="Train, validation and test parts.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N articles of them.")
@click.option("--stratify", default="", metavar="topic", help="Sample in proportion to this.")
@click.option("--gold", is_flag=True, help="Only articles whose tags people corrected.")
@click.option(
    "--since-export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Only what changed since this export (jsonl or parquet).",
)
@click.option("--partition", default="", metavar="month", help="Parquet: one file a month.")
@click.option("--describe", is_flag=True, help="Write what describes the data beside the file.")
@command
def export(
    context: Context,
    out: Path,
    name: str | None,
    query: str,
    filters: Filters,
    columns: str,
    sample: int | None,
    **options: Any,
) -> None:
    """Write tagged articles to OUT: all of them, or those that a query and filters find.

    Formats: jsonl csv parquet hf spacy conll conllu ninjs doccano labelstudio argilla graphml gexf
    ftm sqlite atom jsonfeed. The same filters as in `slugline search` give the same articles,
    newest first. OUT is written complete or not at all.
    """
    from export.format import format_of
    from export.place import check_place, is_stream
    from export.request import ExportRequest, checked, column_names
    from web.export_plan import ExportPlan

    if len(filters.lists) > 1:
        raise UsageError("An export has the notes of one list; give --list once.")
    kept = next((name for name in filters.lists if not name.startswith("-")), "")
    chosen = format_of(name, out)
    request = ExportRequest(columns=column_names(columns), sample=sample or 0, **options)
    checked(request, chosen)
    check_place(out)
    if context.json and str(out) in STDOUT:
        raise UsageError("--json reports to stdout, where the export goes as well; name a file.")
    if request.text:
        context.say(RIGHTS)
    if kept and chosen.no_notes:
        context.say(f"The notes of the list are left out. {chosen.no_notes}")
    done = _write(context, ExportPlan(chosen, request, query, filters), out, kept)
    if is_stream(out):
        context.say(_format(done, chosen, out))
    else:
        context.report(_facts(done, chosen), _format(done, chosen, out))


def _write(context: Context, plan: ExportPlan, out: Path, kept: str) -> ExportResult:
    """Bring the index up to date and write what the plan says; `kept` is the name of a list."""
    from nlp.topics.taxonomy import load_taxonomy
    from slugline.factory import open_searcher
    from slugline.jobs import pipeline
    from web.exports import Exporter

    with context.store() as store, context.engine() as engine, ExitStack() as stack:
        pipeline.catch_up(store, engine)

        def starts(total: int) -> Callable[[], None]:
            bar = stack.enter_context(context.progress("export", total))
            return lambda: bar(1)

        topics = {topic.slug: topic for topic in load_taxonomy(context.settings.taxonomy)}
        here = store.lists.named(kept) if kept else None
        exporter = Exporter(store, open_searcher(store, engine), topics, _now, here)
        return exporter.to_path(plan, out, starts)


def _now() -> datetime:
    """Return the date that reproducible builds give to all that they make, now elsewhere."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)


def _facts(done: ExportResult, chosen: FormatEntry) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "format": chosen.name,
        "articles": done.articles,
        "files": [str(file) for file in done.files],
    }
    if done.parts:
        facts["parts"] = done.parts
    if done.changes:
        facts["changes"] = done.changes
    return facts


def _format(done: ExportResult, chosen: FormatEntry, out: Path) -> str:
    lines = [f"Exported {counted(done.articles, 'article')} as {chosen.name} to {out}."]
    if done.parts:
        lines.append(", ".join(f"{part}: {n:,}" for part, n in done.parts.items()) + ".")
    if changes := done.changes:
        lines.append(
            f"Since that export: {changes.added:,} added, {changes.changed:,} changed, "
            f"{changes.removed:,} removed, {changes.unchanged:,} unchanged."
        )
    return "\n".join(lines)
