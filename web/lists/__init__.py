"""Lists of articles, passages, entities and stories that users keep, with notes.

The package contains their pages and API, the star beside each hit, and feeds with a secret URL. The
data is in `store/people/lists.py`.
"""
