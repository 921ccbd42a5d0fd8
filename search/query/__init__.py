"""From what a person typed to the neutral query that every engine compiles."""
