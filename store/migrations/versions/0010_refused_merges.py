"""Remember which entities a person said are not one"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "refused_merges",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "other", name=op.f("pk_refused_merges")),
        comment="keys of entities that a person said are not one; never proposed again",
    )
