"""The query language, parsed into a query tree that is independent of the engine.

`parse` turns typed text into the tree of `nodes`, or raises a `QueryError` that says where the
fault is. Each engine compiles this tree into its own query.
"""
