"""How tagged articles leave."""
