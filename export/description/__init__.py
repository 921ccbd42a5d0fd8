"""What describes an export: Croissant, Frictionless, a card for people, a citation, checksums."""
