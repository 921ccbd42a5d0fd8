"""Stories"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sources", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first", sa.DateTime(), nullable=False),
        sa.Column("last", sa.DateTime(), nullable=False),
        sa.Column("gram", sa.Float(), server_default="0", nullable=False),
        sa.Column("named_by_person", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("merged_into", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_index("ix_stories_last", "stories", ["last"])
    op.create_table(
        "story_articles",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(length=24), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=True),
        sa.Column("by_person", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_story_articles_article_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_story_articles")),
        comment="the story of each article, of one that is alone as well; terms while it is live",
    )
    op.create_index("ix_story_articles_story", "story_articles", ["story"])
    op.create_index("ix_story_articles_hours", "story_articles", ["hours"])
    op.create_table(
        "story_edits",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("story", sa.String(length=24), nullable=False),
        sa.Column("other", sa.String(length=24), server_default="", nullable=False),
        sa.Column("articles", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_edits")),
        comment="what was merged, split and renamed, by the model and by people",
    )
    op.create_index("ix_story_edits_story", "story_edits", ["story"])
    op.create_table(
        "story_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_terms")),
        comment="in how many articles each term occurs; one row",
    )
