"""Daily archives of links: what a file holds, read from JSON and from Markdown."""
