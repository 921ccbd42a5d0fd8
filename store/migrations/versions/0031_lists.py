"""Lists of articles, passages, entities and stories"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0051"


def upgrade() -> None:
    op.create_table(
        "lists",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("secret", sa.String(length=60), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.number"], name=op.f("fk_lists_user_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_lists")),
        sa.UniqueConstraint("secret", name=op.f("uq_lists_secret")),
        sa.UniqueConstraint("user", "name", name=op.f("uq_lists_user_name")),
        sqlite_autoincrement=True,
        comment="lists that users keep; secret is shown to its owner again, so it is no hash",
    )
    op.create_table(
        "list_items",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=8), server_default="", nullable=False),
        sa.Column("start", sa.Integer(), server_default="0", nullable=False),
        sa.Column("end", sa.Integer(), server_default="0", nullable=False),
        sa.Column("quote", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list"], ["lists.number"], name=op.f("fk_list_items_list_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_list_items")),
        sqlite_autoincrement=True,
        comment="articles, passages, entities and stories on lists, with notes",
    )
    op.create_index(
        "ix_list_items_list",
        "list_items",
        ["list", "kind", "subject", "field", "start", "end"],
        unique=True,
    )
    op.create_index("ix_list_items_subject", "list_items", ["subject"])
