"""How news arrives."""
