"""The tables of canonical entities: their names, and the merges that people refused."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from store.schema import UtcTime, metadata

entities = Table(
    "entities",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("country", String(2), nullable=False, server_default=""),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("hidden", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", Integer, ForeignKey("entities.number")),
    Column(
        "merged_by_evidence",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="merged_into is what the archive says of the name's type, not a person's word",
    ),
    Column("named_by_person", Boolean, nullable=False, server_default=text("false")),
    Column(
        "unsettled",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="articles were tagged with it since its type and name were settled",
    ),
    Index("ix_entities_type_articles", "type", "articles"),
    Index("ix_entities_articles", "articles"),
    Index(
        "ix_entities_unsettled",
        "number",
        sqlite_where=text("unsettled"),
        postgresql_where=text("unsettled"),
    ),
)

entity_names = Table(
    "entity_names",
    metadata,
    Column("folded", Text, primary_key=True, comment="the name, case folded"),
    Column("entity", Integer, ForeignKey("entities.number"), primary_key=True),
    Column("name", Text, nullable=False),
    Index("ix_entity_names_entity", "entity"),
)

refused_merges = Table(
    "refused_merges",
    metadata,
    Column("entity", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("made", UtcTime, nullable=False),
    comment="keys of entities that a person said are not one; never proposed again",
)
