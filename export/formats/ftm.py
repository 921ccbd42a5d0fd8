"""FollowTheMoney: articles, people, organisations and who is named where, one entity a line.

OpenAleph and Datashare read it (`ftm`, https://followthemoney.tech). Places have no schema of their
own there, so they stand as keywords of their article, as groups, products and works do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from export.files import OneFile
from export.record import Record, iso, note_lines
from export.write_options import WriteOptions
from models.wikidata import wikidata

SCHEMAS = {"person": "Person", "org": "Organization", "event": "Event"}
REMEMBERED = 200_000
"""Entities that are not written a second time; beyond that, some may be (readers merge by id)."""


class FollowTheMoney(OneFile):
    """One entity a line: Article, Person, Organization, Event, Documentation."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield an article, the entities that it is the first to name, and its links to all."""
        written: set[str] = set()
        for record in records:
            article = _article(record, options)
            lines = [article]
            for entity in record.tagged.entities:
                schema = SCHEMAS.get(entity.type)
                if schema is None:
                    continue
                key = _id(entity.key)
                if key not in written:
                    if len(written) < REMEMBERED:
                        written.add(key)
                    item = wikidata(entity.key)
                    facts = {"name": [entity.name], "wikidataId": [item] if item else []}
                    lines.append(_entity(key, schema, **facts))
                link = _id(f"{article['id']} {key}")
                lines.append(
                    _entity(
                        link,
                        "Documentation",
                        document=[article["id"]],
                        entity=[key],
                        role=["mentioned"],
                    )
                )
            yield "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _article(record: Record, options: WriteOptions) -> dict[str, Any]:
    """Return an article as an entity of the schema `Article`."""
    article, tagged = record.tagged.article, record.tagged
    names = [e.name for e in tagged.entities if e.type not in SCHEMAS]
    keywords = [*(topic.slug for topic in tagged.topics), *names]
    return _entity(
        article.id,
        "Article",
        title=[article.title],
        sourceUrl=[article.url] if article.url else [],
        publisher=[article.source] if article.source else [],
        publishedAt=[iso(article.published) or ""] if article.published else [],
        retrievedAt=[iso(article.fetched) or ""],
        keywords=list(dict.fromkeys(keywords)),
        peopleMentioned=[e.name for e in tagged.entities if e.type == "person"],
        companiesMentioned=[e.name for e in tagged.entities if e.type == "org"],
        notes=note_lines(record),
        summary=[article.summary] if options.text and article.summary else [],
        bodyText=[article.body] if options.text and article.body else [],
    )


def _entity(id_: str, schema: str, **properties: list[str]) -> dict[str, Any]:
    filled = {name: values for name, values in properties.items() if values}
    return {"id": id_, "schema": schema, "properties": filled}


def _id(key: str) -> str:
    """Return an id that FollowTheMoney takes: its own alphabet is narrower than that of keys."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]
