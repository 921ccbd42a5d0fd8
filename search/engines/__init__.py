"""The search engines, one package each, and the registry that opens them by name.

An engine indexes documents and answers the query tree with ranked ids and counts
(`search/engine.py`). All engines pass the same contract tests, and none imports another.
"""
