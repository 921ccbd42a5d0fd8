"""Export: writes selected articles with their tags in one of many formats.

`deliver.Export` takes the ids that a search found, narrows them down (sample, split, changed since)
and reads the records from the store. A format turns these into files, and `destinations` writes
them to a path, a pipe or an HTTP response.
"""
