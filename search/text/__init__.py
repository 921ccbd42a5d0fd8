"""Text analysis for search: words, stems and capitals.

The index, the query and the snippets all use these modules, so that a word is the same word in
every engine.
"""
