"""The Whoosh engine: embedded, the default.

Whoosh stores the inverted index on disk; NumPy evaluates the query tree on its postings, ranks the
hits and counts the facets. `engine` implements the `Engine` protocol.
"""
