"""Removed articles"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "removed_articles",
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("published", sa.DateTime()),
        sa.Column("removed", sa.DateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_removed_articles")),
        comment="ids of articles that went for good and must not come back; nothing of their text",
    )
    op.create_index("ix_removed_articles_removed", "removed_articles", ["removed"])
