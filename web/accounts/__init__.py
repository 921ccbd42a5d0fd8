"""Authentication and authorisation: sign-in, sessions, API tokens, roles, OpenID Connect.

`access` checks every request before its view runs and tells views who the visitor is. The accounts
themselves are in `store/people/`.
"""
