"""Give each store its identity when it is made, so that what only reads need not write it"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0142"
down_revision = "0141"


def upgrade() -> None:
    about = sa.table("about", sa.column("key"), sa.column("value"))
    connection = op.get_bind()
    here = sa.select(about.c.value).where(about.c.key == "identity")
    if not connection.scalar(here):
        connection.execute(sa.insert(about).values(key="identity", value=uuid.uuid4().hex))
