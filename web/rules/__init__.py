"""Rules that mute, tag, star or classify new articles that match a search.

The package contains their pages and API and a preview of what a rule would match. `arrivals`
applies the rules to articles that have just been indexed.
"""
