"""Full-text search: query language, request and result types, snippets, facets, index updates.

`searcher.Searcher` parses a query, asks an engine for ids and counts, and loads the articles from
the store. `sync` reads the change queue of the store and gives changed articles to the engine as
documents.
"""
