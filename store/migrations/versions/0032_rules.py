"""Rules on arrival"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.number"], name=op.f("fk_rules_user_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rules")),
        sqlite_autoincrement=True,
        comment="what is done with articles as they come",
    )
    op.create_index("ix_rules_user", "rules", ["user"])
    op.create_table(
        "rule_hits",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=20), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("did", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["rule"], ["rules.number"], name=op.f("fk_rule_hits_rule_rules"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rule_hits")),
        sqlite_autoincrement=True,
        comment="what rules did, each article once; did: the change or item it made, 0: none",
    )
    op.create_index("ix_rule_hits_rule", "rule_hits", ["rule", "article_id"], unique=True)
    op.create_table(
        "muted_articles",
        sa.Column("article_id", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_muted_articles")),
        comment="articles that searches leave out",
    )
