"""The tables of alerts: what is watched, what was matched, and what goes out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from store.people.account_tables import user_column
from store.schema import UtcTime, metadata


def _alert() -> Column[int]:
    return Column("alert", Integer, ForeignKey("alerts.number", ondelete="CASCADE"), nullable=False)


alerts = Table(
    "alerts",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("name", Text, nullable=False),
    Column("watches", String(8), nullable=False),
    Column("saved", Integer, ForeignKey("saved_searches.number", ondelete="CASCADE")),
    Column("subject", Text, nullable=False, server_default=""),
    Column("channel", String(8), nullable=False),
    Column("target", Text, nullable=False),
    Column("pace", String(8), nullable=False),
    Column("secret", Text, nullable=False, server_default=""),
    Column("made", UtcTime, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("next_send", UtcTime),
    Column("trouble", Text, nullable=False, server_default=""),
    Index("ix_alerts_user", "user"),
    sqlite_autoincrement=True,
    comment="what users want to hear of; secret signs what is sent, so it is no hash",
)

alert_names = Table(
    "alert_names",
    metadata,
    Column("alert", ForeignKey("alerts.number", ondelete="CASCADE"), primary_key=True),
    Column("name", String(200), primary_key=True),
    comment="the names that an alert watches",
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("alert", Integer, ForeignKey("alerts.number", ondelete="SET NULL")),
    Column("key", String(32), nullable=False, unique=True),
    Column("channel", String(8), nullable=False),
    Column("target", Text, nullable=False),
    Column("secret", Text, nullable=False, server_default=""),
    Column("test", Boolean, nullable=False, server_default=text("false")),
    Column("state", String(8), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try", UtcTime),
    Column("claimed_until", UtcTime),
    Column("finished", UtcTime),
    Column("error", Text, nullable=False, server_default=""),
    Index("ix_alert_deliveries_user", "user"),
    Index("ix_alert_deliveries_alert", "alert"),
    Index("ix_alert_deliveries_state", "state", "next_try"),
    sqlite_autoincrement=True,
    comment="messages; key is sent along at every attempt, so that receivers know it again",
)

alert_matches = Table(
    "alert_matches",
    metadata,
    Column("number", Integer, primary_key=True),
    _alert(),
    Column("subject", String(100), nullable=False),
    Column("article_id", String(20), nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("made", UtcTime, nullable=False),
    Column("delivery", Integer, ForeignKey("alert_deliveries.number")),
    Index("ix_alert_matches_alert", "alert", "subject", unique=True),
    Index("ix_alert_matches_delivery", "delivery"),
    sqlite_autoincrement=True,
    comment="what alerts have to tell, each once; delivery is the message that tells it",
)
