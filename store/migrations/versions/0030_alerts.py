"""Alerts"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("watches", sa.String(length=8), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("pace", sa.String(length=8), nullable=False),
        sa.Column("secret", sa.Text(), server_default="", nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("next_send", sa.DateTime(), nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.number"], name=op.f("fk_alerts_user_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved"],
            ["saved_searches.number"],
            name=op.f("fk_alerts_saved_saved_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alerts")),
        sqlite_autoincrement=True,
        comment="what users want to hear of; secret signs what is sent, so it is no hash",
    )
    op.create_index("ix_alerts_user", "alerts", ["user"])
    op.create_table(
        "alert_names",
        sa.Column("alert", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["alerts.number"],
            name=op.f("fk_alert_names_alert_alerts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alert", "name", name=op.f("pk_alert_names")),
        comment="the names that an alert watches",
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("alert", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), server_default="", nullable=False),
        sa.Column("test", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try", sa.DateTime(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("finished", sa.DateTime(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["users.number"],
            name=op.f("fk_alert_deliveries_user_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["alerts.number"],
            name=op.f("fk_alert_deliveries_alert_alerts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_deliveries_key")),
        sqlite_autoincrement=True,
        comment="messages; key is sent along at every attempt, so that receivers know it again",
    )
    op.create_index("ix_alert_deliveries_user", "alert_deliveries", ["user"])
    op.create_index("ix_alert_deliveries_alert", "alert_deliveries", ["alert"])
    op.create_index("ix_alert_deliveries_state", "alert_deliveries", ["state", "next_try"])
    op.create_table(
        "alert_matches",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alert", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("article_id", sa.String(length=20), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["alerts.number"],
            name=op.f("fk_alert_matches_alert_alerts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery"],
            ["alert_deliveries.number"],
            name=op.f("fk_alert_matches_delivery_alert_deliveries"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert_matches")),
        sqlite_autoincrement=True,
        comment="what alerts have to tell, each once; delivery is the message that tells it",
    )
    op.create_index("ix_alert_matches_alert", "alert_matches", ["alert", "subject"], unique=True)
    op.create_index("ix_alert_matches_delivery", "alert_matches", ["delivery"])
