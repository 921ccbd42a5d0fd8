"""Keep the selectors of pages that are read as feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("feeds", sa.Column("selectors", sa.JSON(none_as_null=True)))
