"""Persistence: the SQLite or PostgreSQL database, with one repository class per subject.

Ingest, tagging and people's corrections write here; search, exports and pages read from here.
`store.store.Store` opens the database and holds the repositories. Only this package imports
SQLAlchemy, and every database error leaves it as a `StoreError`.
"""
