"""What users have read"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("users", sa.Column("read_until", sa.DateTime()))
    op.create_table(
        "read_articles",
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.number"],
            name=op.f("fk_read_articles_user_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_read_articles_article_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user", "article", name=op.f("pk_read_articles")),
        comment="what users said of single articles; users.read_until is what they read of all",
    )
    op.create_index("ix_read_articles_article", "read_articles", ["article"])
