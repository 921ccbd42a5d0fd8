"""Sending alerts: what a message says, and how it goes by mail, webhook and ntfy."""
