"""Which topics an article has: the model, how it is fitted, and how good it is."""
