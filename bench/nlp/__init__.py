"""How well topics, stories, clusters and languages are told, and how fast."""
