"""Alerts: the page and the API that manage them, and matching new articles against them.

After each indexing run, `arrivals` checks the new articles against all rules and alerts and stores
the matches. `slugline/alerts/` sends the messages.
"""
