"""Removing articles for good: by a person's word, and by rules of retention."""
