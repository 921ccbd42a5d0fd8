"""What a search offers besides its hits: corrections, completions, entities and nearest values.

`search.searcher` asks these modules, which look up words, names and values that the index and the
store have. They offer nothing that is not there.
"""
