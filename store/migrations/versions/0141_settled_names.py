"""What articles say by themselves of the names in them, for one type and spelling a name"""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0110"


def upgrade() -> None:
    false, true = sa.text("false"), sa.text("true")
    op.add_column(
        "entities",
        sa.Column(
            "merged_by_evidence",
            sa.Boolean(),
            nullable=False,
            server_default=false,
            comment="merged_into is what the archive says of the name's type, not a person's word",
        ),
    )
    op.add_column(
        "entities", sa.Column("named_by_person", sa.Boolean(), nullable=False, server_default=false)
    )
    op.add_column(
        "entities",
        sa.Column(
            "unsettled",
            sa.Boolean(),
            nullable=False,
            server_default=true,
            comment="articles were tagged with it since its type and name were settled",
        ),
    )
    where = sa.text("unsettled")
    op.create_index(
        "ix_entities_unsettled",
        "entities",
        ["number"],
        sqlite_where=where,
        postgresql_where=where,
    )
    for column in (
        sa.Column(
            "found",
            sa.Integer(),
            comment="the entity that the article by itself says; null: `entity`",
        ),
        sa.Column("spelled", sa.Text(), comment="the name that the article by itself gives it"),
        sa.Column(
            "weight",
            sa.Integer(),
            comment="how firmly the article says so, 1 to 100; null: unknown",
        ),
    ):
        op.add_column("article_entities", column)
    op.execute(
        "UPDATE entities SET named_by_person = true WHERE key IN"
        " (SELECT subject FROM journal WHERE kind = 'entity-name' AND undone IS NULL)"
    )
