"""The differences between SQLite and PostgreSQL, one module per database.

`store.database` calls these modules when it opens a connection or a transaction, so that the
repositories can use the same SQLAlchemy code for both.
"""
