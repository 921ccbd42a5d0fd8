"""Keep logins and first addresses of feeds in columns of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0005"

KEYS = {"login": "login of feed ", "first_url": "first address of feed "}


def upgrade() -> None:
    about = sa.table("about", sa.column("key"), sa.column("value"))
    feeds = sa.table("feeds", sa.column("number"), *(sa.column(name) for name in KEYS))
    connection = op.get_bind()
    for name, key in KEYS.items():
        op.add_column("feeds", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        kept = about.c.key.startswith(key)
        for row in connection.execute(sa.select(about).where(kept)).all():
            here = feeds.c.number == int(row.key.removeprefix(key))
            connection.execute(sa.update(feeds).where(here).values({name: row.value}))
        connection.execute(sa.delete(about).where(kept))
