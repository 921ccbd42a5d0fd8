"""How a PostgreSQL database is used: moments, one writer at a time, many rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

WRITERS = 0x51C6_11BE
"""The key of the advisory lock that writers take; any number that is not another program's."""

NUL, REPLACEMENT = "\x00", "\ufffd"

OPTIONS: dict[str, Any] = {
    # What is read in one `reading` is of one moment, as on SQLite.
    "isolation_level": "REPEATABLE READ",
    # A server that was started again has closed the connections that wait here.
    "pool_pre_ping": True,
}
"""What `sqlalchemy.create_engine` is told besides the URL."""

WRITING = {"isolation_level": "READ COMMITTED"}
"""What a writer's connection is told: having waited for its turn, it sees what others wrote."""

REASONS = (
    ("No space left on device", "can't be written: the disk of the database server is full."),
    ("connection refused", "can't be reached: nothing answers there. Is PostgreSQL running?"),
    ("Connection refused", "can't be reached: nothing answers there. Is PostgreSQL running?"),
    ("password authentication failed", "can't be opened: the user or the password is wrong."),
    ("terminating connection", "was closed by the database server, which is stopping."),
)
"""What PostgreSQL's messages mean for a person, by a part of each."""


def prepare(engine: sa.Engine) -> None:
    """Set what each connection needs, and let one transaction at a time write.

    What is written depends on what was read just before (is the article known, the entity there?).
    SQLite lets nobody write in between; the lock gives the same here, to writers on all machines,
    and goes with the transaction, also that of a process that dies.
    """
    from psycopg.types.string import StrDumper

    class WithoutNul(StrDumper):
        """PostgreSQL keeps every character but this one, which SQLite keeps too."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace(NUL, REPLACEMENT) if NUL in obj else obj)

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, WithoutNul)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("slugline_writes"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


COPIED = 20
"""Rows from which on PostgreSQL's COPY is quicker than INSERT."""


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows that all name the same columns; columns that they leave out get their defaults.

    On PostgreSQL by COPY, within the transaction of the connection like any other statement.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql" or len(rows) < COPIED:
        connection.execute(sa.insert(table), list(rows))
        return
    from psycopg.errors import Error

    columns = [table.columns[name] for name in rows[0]]
    convert = [column.type._cached_bind_processor(connection.dialect) for column in columns]
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.format_column(column) for column in columns)
    statement = f"COPY {quote.format_table(table)} ({names}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(
                    tuple(
                        into(row[column.name]) if into else row[column.name]
                        for column, into in zip(columns, convert, strict=True)
                    )
                )
    except Error as error:
        kinds = connection.dialect.loaded_dbapi
        raise sa.exc.DBAPIError.instance(statement, None, error, kinds.Error) from error
