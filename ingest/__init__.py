"""Ingest: reads feeds, archives, tables and mail, and turns what they hold into entries.

Input is a URL, a file, a directory or a mailbox (`ingest.source`). Output is a stream of
`ParsedSource` objects, each with cleaned entries and with rejections that name their place and
reason. This package also finds near-duplicates, but it knows no database: `slugline.jobs` stores
the results.
"""
