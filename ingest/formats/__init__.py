"""Readers of the remaining formats: tables, mail, news sitemaps, HTML pages and web archives.

Each module takes the bytes of one format and yields raw entries, which go to `ingest.intake`. Feeds
and daily archives have modules of their own, `ingest/feeds.py` and `ingest/archives/`.
"""
