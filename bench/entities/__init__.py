"""How well entities are found, how fast, and how their data is made."""
