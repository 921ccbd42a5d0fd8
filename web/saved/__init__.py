"""Saved searches: their page, their API, and feeds with a secret URL.

A search is saved as the query string of the search page, so that `web/search_state.py` can read it
back.
"""
