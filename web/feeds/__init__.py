"""Subscribing to feeds, for the pages and the API: by address, from OPML, from archives."""
