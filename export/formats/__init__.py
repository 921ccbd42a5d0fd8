"""The export formats, one module each.

A format takes records and yields the files that hold them (the `Format` protocol in
`export/format.py`, which also lists all formats). All formats pass the same contract tests.
"""
