"""The Tantivy engine: embedded, written in Rust, for archives of millions of articles.

`engine` implements the `Engine` protocol, `query` compiles the query tree, and `answer` ranks and
counts.
"""
