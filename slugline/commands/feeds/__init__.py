"""The `slugline feeds` commands: subscribe, check, list, OPML import and export.

They read and write `store.feeds` and fetch through `slugline/feeds/`.
"""
