"""Where the data rests: SQLite by default, PostgreSQL by URL; one file a subject."""
