"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "about",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_about")),
        comment="facts of this store, such as its own id",
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sa.UniqueConstraint("article_id", name=op.f("uq_changes_article_id")),
        comment="articles that the search index has yet to hear of",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clusters",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=8), server_default="lives", nullable=False),
        sa.Column(
            "named_by_person", sa.Boolean(), server_default=sa.text("(false)"), nullable=False
        ),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("merged_into", sa.String(length=40), nullable=True),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["clusters.id"], name=op.f("fk_clusters_merged_into")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
    )
    with op.batch_alter_table("clusters", schema=None) as batch_op:
        batch_op.create_index("ix_clusters_topic", ["topic"], unique=False)

    op.create_table(
        "entities",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["entities.number"], name=op.f("fk_entities_merged_into")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_entities")),
        sa.UniqueConstraint("key", name=op.f("uq_entities_key")),
    )
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index("ix_entities_articles", ["articles"], unique=False)
        batch_op.create_index("ix_entities_type_articles", ["type", "articles"], unique=False)

    op.create_table(
        "feeds",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=20), server_default="", nullable=False),
        sa.Column("labels", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("subscribed", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("full_text", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("added", sa.DateTime(), nullable=False),
        sa.Column("checked", sa.DateTime(), nullable=True),
        sa.Column("succeeded", sa.DateTime(), nullable=True),
        sa.Column("next_check", sa.DateTime(), nullable=True),
        sa.Column("interval", sa.Integer(), server_default="0", nullable=False, comment="seconds"),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False, comment="in a row"),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("modified", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_table(
        "articles",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("original", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("feed", sa.Integer(), nullable=True),
        sa.Column("section", sa.Text(), server_default="", nullable=False),
        sa.Column("categories", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("claimed_language", sa.String(length=20), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("published", sa.DateTime(), nullable=True),
        sa.Column("published_doubt", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content_hash", sa.String(length=20), nullable=False),
        sa.Column("leader", sa.Integer(), nullable=True),
        sa.Column(
            "tagged",
            sa.Text(),
            nullable=True,
            comment="the stamp of the models that tagged it; null: due",
        ),
        sa.Column("tag_note", sa.Text(), server_default="", nullable=False),
        sa.Column("cluster", sa.String(length=40), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.number"], name=op.f("fk_articles_feed")),
        sa.ForeignKeyConstraint(["leader"], ["articles.number"], name=op.f("fk_articles_leader")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_articles_id")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index("ix_articles_cluster", ["cluster"], unique=False)
        batch_op.create_index(
            "ix_articles_due",
            ["number"],
            unique=False,
            sqlite_where=sa.text("tagged IS NULL"),
            postgresql_where=sa.text("tagged IS NULL"),
        )
        batch_op.create_index(
            "ix_articles_leader",
            ["leader"],
            unique=False,
            sqlite_where=sa.text("leader IS NOT NULL"),
            postgresql_where=sa.text("leader IS NOT NULL"),
        )
        batch_op.create_index("ix_articles_published", ["published"], unique=False)
        batch_op.create_index("ix_articles_source", ["source"], unique=False)

    op.create_table(
        "entity_names",
        sa.Column("folded", sa.Text(), nullable=False, comment="the name, case folded"),
        sa.Column("entity", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity"], ["entities.number"], name=op.f("fk_entity_names_entity")
        ),
        sa.PrimaryKeyConstraint("folded", "entity", name=op.f("pk_entity_names")),
    )
    with op.batch_alter_table("entity_names", schema=None) as batch_op:
        batch_op.create_index("ix_entity_names_entity", ["entity"], unique=False)

    op.create_table(
        "article_entities",
        sa.Column("entity", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_article_entities_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entity"], ["entities.number"], name=op.f("fk_article_entities_entity")
        ),
        sa.PrimaryKeyConstraint("entity", "article", name=op.f("pk_article_entities")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("article_entities", schema=None) as batch_op:
        batch_op.create_index("ix_article_entities_article", ["article"], unique=False)

    op.create_table(
        "article_topics",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_article_topics_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", "topic", name=op.f("pk_article_topics")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("article_topics", schema=None) as batch_op:
        batch_op.create_index("ix_article_topics_topic", ["topic"], unique=False)

    op.create_table(
        "article_versions",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=20), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_article_versions_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_article_versions")),
        comment="earlier states of an article; the current one is in articles",
    )
    op.create_table(
        "distinct_articles",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_distinct_articles_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other"], ["articles.number"], name=op.f("fk_distinct_articles_other")
        ),
        sa.PrimaryKeyConstraint("article", "other", name=op.f("pk_distinct_articles")),
        comment="pairs of which a person says that neither repeats the other",
    )
    op.create_table(
        "duplicates",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("leader", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_duplicates_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leader"], ["articles.number"], name=op.f("fk_duplicates_leader")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_duplicates")),
        comment="articles that repeat another; articles.leader says the same for quick reading",
    )
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.create_index("ix_duplicates_leader", ["leader"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_mentions_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entity"], ["entities.number"], name=op.f("fk_mentions_entity")),
        sa.PrimaryKeyConstraint(
            "article", "field", "start", "end", "label", name=op.f("pk_mentions")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic_corrections",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
            name=op.f("fk_topic_corrections_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", "topic", name=op.f("pk_topic_corrections")),
        comment="a person's word on an article's topics; outlives every re-tagging",
    )


def downgrade() -> None:
    op.drop_table("topic_corrections")
    op.drop_table("mentions")
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.drop_index("ix_duplicates_leader")

    op.drop_table("duplicates")
    op.drop_table("distinct_articles")
    op.drop_table("article_versions")
    with op.batch_alter_table("article_topics", schema=None) as batch_op:
        batch_op.drop_index("ix_article_topics_topic")

    op.drop_table("article_topics")
    with op.batch_alter_table("article_entities", schema=None) as batch_op:
        batch_op.drop_index("ix_article_entities_article")

    op.drop_table("article_entities")
    with op.batch_alter_table("entity_names", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_names_entity")

    op.drop_table("entity_names")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index("ix_articles_source")
        batch_op.drop_index("ix_articles_published")
        batch_op.drop_index(
            "ix_articles_leader",
            sqlite_where=sa.text("leader IS NOT NULL"),
            postgresql_where=sa.text("leader IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_articles_due",
            sqlite_where=sa.text("tagged IS NULL"),
            postgresql_where=sa.text("tagged IS NULL"),
        )
        batch_op.drop_index("ix_articles_cluster")

    op.drop_table("articles")
    op.drop_table("feeds")
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.drop_index("ix_entities_type_articles")
        batch_op.drop_index("ix_entities_articles")

    op.drop_table("entities")
    with op.batch_alter_table("clusters", schema=None) as batch_op:
        batch_op.drop_index("ix_clusters_topic")

    op.drop_table("clusters")
    op.drop_table("changes")
    op.drop_table("about")
