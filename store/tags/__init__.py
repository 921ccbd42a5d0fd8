"""What tagging said, and what people made of it."""
