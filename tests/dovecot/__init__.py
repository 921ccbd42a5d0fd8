"""A real Dovecot for tests, and what to start and stop it with."""
