"""What was before an edit of stories"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("story_edits", sa.Column("was", sa.JSON(), nullable=True))
