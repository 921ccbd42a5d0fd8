"""Counts by day"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0070"


def upgrade() -> None:
    op.create_table(
        "day_counts",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "day", name=op.f("pk_day_counts")),
        comment="articles and stories by day; kind is all, topic, cluster or entity",
    )
    op.create_index(
        "ix_day_counts_day", "day_counts", ["kind", "day", "key", "articles", "stories"]
    )
    op.create_table(
        "stale_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_stale_days")),
        comment="days of which an article changed since they were counted",
    )
    # What is there already is counted when counts are first asked for.
    days = "SELECT DISTINCT date(published) FROM articles WHERE published IS NOT NULL"
    op.execute(f"INSERT INTO stale_days (day) {days}")
