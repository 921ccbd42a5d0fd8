"""Subscribed feeds: discovering, checking and watching them.

`watch` runs in rounds and calls `check` for the feeds that are due. `check` fetches and parses each
feed, stores its entries and records its health and the time of the next check.
"""
