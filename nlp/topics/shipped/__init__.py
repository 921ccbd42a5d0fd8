"""How the shipped topic model is made; nothing here runs when articles are tagged."""
