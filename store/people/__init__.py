"""What belongs to users: accounts, sessions, API tokens, saved searches, alerts, lists and rules.

The pages, the API and the commands write these rows. Each has an owner, and most changes to them
are also recorded in the journal.
"""
