"""Leases of work"""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "work_leases",
        sa.Column("work", sa.String(length=20), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("work", "item", name=op.f("pk_work_leases")),
        comment="who is at which piece of work, and until when",
    )
    op.create_index(op.f("ix_work_leases_holder"), "work_leases", ["holder"])
