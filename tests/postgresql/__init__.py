"""A real PostgreSQL for tests, and what to start and stop it with."""
