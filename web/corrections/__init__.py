"""Corrections in the browser and over the API: what may be put right, done, and undone."""
