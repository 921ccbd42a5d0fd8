"""The default engine: Whoosh keeps the words, numpy ranks and counts."""
