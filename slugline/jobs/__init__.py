"""The work behind commands: ingest, tag, index, duplicates, stories, fitting models, backup.

A job reads what is due from the store, calls `ingest`, `nlp` or `search`, and writes the results
back in batches, one transaction each. It can be killed at any time and started again. `runner`
executes jobs that the pages and the API request.
"""
