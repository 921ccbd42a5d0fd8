"""Lists that people keep: pages, the star on hits, and feeds with a secret address."""
