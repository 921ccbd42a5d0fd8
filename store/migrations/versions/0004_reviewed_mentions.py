"""Remember whose mentions a person went over"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "reviewed_mentions",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_reviewed_mentions_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_reviewed_mentions")),
        comment="articles whose mentions a person went over; these outlive every re-tagging",
    )
