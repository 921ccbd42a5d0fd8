"""Searches that people keep: saved, listed, and followed by feeds with a secret address."""
