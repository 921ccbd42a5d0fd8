"""Sending alerts by mail, webhook and ntfy.

`send` takes the matches that are waiting in the store, `message` formats them, and `channels`
delivers them. Failed deliveries are tried again later.
"""
