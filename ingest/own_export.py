"""Reads Slugline's own exports (JSON Lines, Parquet): articles with tags and corrections.

The file may have been through other hands, so nothing in it is believed: ids, times, offsets and
lengths are checked, and a row that does not hold is a rejection that says why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

from ingest.clean import MAX_NAME, MAX_TEXT, MAX_TITLE
from ingest.parsed_source import ParsedSource
from ingest.parsing.limits import MAX_REMARKS
from ingest.urls import MAX_URL
from models.article import Article, Rejection, Version
from models.batches import batches
from models.errors import SourceError
from models.exported import ExportedArticle
from models.feed import Feed
from models.local_names import usual_name
from models.tags import EntityName, Mention, Origin, Provenance, TopicScore

SUFFIXES = frozenset({".jsonl", ".parquet"})
BATCH = 500
MAX_LINE = 4_000_000
"""Characters of one line of JSON; an article with all its versions comes to far less."""
MOST = 10_000
"""Mentions, topics or versions of one article that are read."""
_ID = re.compile(r"[0-9a-f]{20}")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_KEY = re.compile(r"[a-z]+/\S{1,100}")

Row = Mapping[str, Any]
T = TypeVar("T")


def read(path: Path, name: str) -> Iterator[ParsedSource]:
    """Yield a batch of articles at a time; raises SourceError where no row can be read at all.

    The first `MAX_REMARKS` rows that do not hold are named, the others counted.
    """
    rows = (
        _parquet_rows(path, name) if path.suffix.lower() == ".parquet" else _json_rows(path, name)
    )
    listed = 0
    for batch in batches(rows, BATCH):
        taken: list[ExportedArticle] = []
        refused: list[Rejection] = []
        for where, row in batch:
            try:
                taken.append(exported(row) if isinstance(row, Mapping) else _no_row(row))
            except (ValueError, TypeError, KeyError) as error:
                reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
                refused.append(Rejection(where, reason))
        named = tuple(refused[: max(0, MAX_REMARKS - listed)])
        listed += len(named)
        yield ParsedSource(
            *(name, Feed(url=""), (), named),
            exported=tuple(taken),
            unlisted=len(refused) - len(named),
        )


def exported(row: Row) -> ExportedArticle:
    """Return a row as an article with its tags; raises ValueError, KeyError or TypeError."""
    title = _text(row, "title", MAX_TITLE)
    if not title:
        raise ValueError("has no title")
    if not _ID.fullmatch(str(row["id"])):
        raise ValueError("has an id that is not one of ours")
    url = _text(row, "url", MAX_URL)
    if url and not _WEB.match(url):
        raise ValueError("has a link that is not a web address")
    article = Article(
        id=str(row["id"]),
        url=url,
        title=title,
        summary=_text(row, "summary", MAX_TEXT),
        body=_text(row, "body", MAX_TEXT),
        source=_text(row, "source", MAX_NAME),
        feed=_text(row, "feed", MAX_URL),
        section=_text(row, "section", MAX_NAME),
        language=_text(row, "language", 8),
        published=_time(row.get("published")),
        fetched=_time(row["fetched"]) or datetime.now(UTC),
        version=_number(row, "version"),
        categories=tuple(_text({"": c}, "", 100) for c in _list(row, "categories")[:30]),
    )
    entities = {str(e["key"]): e for e in _list(row, "entities")}
    return ExportedArticle(
        article,
        tuple(_topic(each) for each in _list(row, "topics")),
        tuple(_mention(each, article, entities) for each in _list(row, "mentions")),
        tuple(_version(each) for each in _list(row, "versions")),
        _provenance(row),
        _text(row, "cluster", 40),
    )


def _provenance(row: Row) -> Provenance:
    said = row.get("corrections") or {}
    topics = tuple((_slug(each), bool(each["fits"])) for each in _list(said, "topics"))
    return Provenance(
        _text(row, "models", 2_000), topics, bool(said.get("mentions")), _text(row, "guid", 4_096)
    )


def _topic(each: Row) -> TopicScore:
    score = float(each["score"])
    if not 0 <= score <= 1:
        raise ValueError(f"has a topic with a score of {score}")
    return TopicScore(_slug(each), score, Origin(each["origin"]))


def _slug(each: Row) -> str:
    return _text(each, "slug", 60)


def _mention(each: Row, article: Article, entities: Mapping[str, Row]) -> Mention:
    """Return a mention of an exported row; raises ValueError where its span is not in the text."""
    field = str(each["field"])
    there = {"title": article.title, "summary": article.summary, "body": article.body}
    start, end = int(each["start"]), int(each["end"])
    if field not in there or not 0 <= start < end <= len(there[field]):
        raise ValueError(f"has a mention outside of its {field}; was it exported with --text?")
    key, entity = each.get("key"), None
    if key is not None:
        if not _KEY.fullmatch(str(key)) or str(key) not in entities:
            raise ValueError(f"has a mention of an entity that it does not list: {str(key)[:80]!r}")
        listed = entities[str(key)]
        name = usual_name(str(key), _text(listed, "name", MAX_NAME), article.language)
        entity = EntityName(str(key), name, _text(listed, "type", 20))
    return Mention(
        *(field, start, end, there[field][start:end], _text(each, "label", 20), entity),
        Origin(each.get("origin") or Origin.MODEL),
    )


def _version(each: Row) -> Version:
    seen = _time(each["seen"])
    if seen is None:
        raise ValueError("has an earlier version without a date")
    texts = (_text(each, "title", MAX_TITLE), _text(each, "summary", MAX_TEXT))
    return Version(_number(each, "number"), *texts, "", seen)


def _text(row: Row, name: str, limit: int) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"has a {name} that is not text")
    if len(value) > limit:
        raise ValueError(f"has a {name} of {len(value):,} characters; at most {limit:,} are taken")
    return value if value.isascii() and "\0" not in value else _storable(value)


def _storable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def _list(row: Row, name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError(f"has {name} that are not a list of at most {MOST:,}")
    return value


def _number(row: Row, name: str) -> int:
    value = row.get(name, 1)
    if not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise ValueError(f"has a {name} that is not a number from 1 on")
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_row(row: object) -> ExportedArticle:
    raise ValueError(str(row) if isinstance(row, ValueError) else "is not a row of an export")


def _json_rows(path: Path, name: str) -> Iterator[tuple[str, object]]:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number in range(1, 1 << 62):
                line = file.readline(MAX_LINE)
                if not line:
                    return
                try:
                    if len(line) == MAX_LINE and not line.endswith("\n"):
                        _skip_line(file)
                        raise ValueError(f"the line is longer than {MAX_LINE:,} characters")
                    row: object = json.loads(line) if line.strip() else None
                except (ValueError, RecursionError) as error:
                    row = ValueError(f"is not JSON ({error})")
                if row is not None:
                    yield f"{name}, line {number}", row
    except OSError as error:
        raise SourceError(f"can't be opened ({error.strerror}).", name) from error


def _skip_line(file: TextIO) -> None:
    """Go on to the next line."""
    while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
        pass


def _parquet_rows(path: Path, name: str) -> Iterator[tuple[str, object]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError:
        raise SourceError("needs pyarrow: pip install 'slugline[parquet]'.", name) from None
    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{name}, row {number}", row
    except (OSError, pa.ArrowException) as error:
        raise SourceError(f"is not a Parquet file that can be read ({error}).", name) from error
