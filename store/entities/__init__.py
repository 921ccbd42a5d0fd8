"""Entities in the database: canonical names, aliases, merges and types.

Tagging writes the names that it found in articles. The repositories map each name to one entity,
decide on its type and spelling across the archive, and keep the merges and renames that people
made.
"""
