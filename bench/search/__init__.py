"""How well and how fast searches are answered, by engine."""
