"""Writes many rows of a table at once, by the quickest way that the database has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

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
