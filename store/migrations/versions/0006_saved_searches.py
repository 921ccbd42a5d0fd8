"""Saved searches"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("secret", sa.String(length=60), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.number"],
            name=op.f("fk_saved_searches_user_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("secret", name=op.f("uq_saved_searches_secret")),
        sqlite_autoincrement=True,
        comment="searches that users keep; secret is shown to its owner again, so it is no hash",
    )
    op.create_index("ix_saved_searches_user", "saved_searches", ["user"])
