"""What the archive says of a name: its entity type and spelling by all articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

SETTLED_TYPES = ("person", "org", "place", "product", "work", "event")
"""The types that are confused with each other. A group (Israelis) shares its name with nothing."""

TypeDecision = Callable[[str, Mapping[str, int]], Mapping[str, str]]
"""Says of a name and the evidence for each of its types which types give way, and to which.

The evidence is the sum over articles of how firmly each takes the name for that type, 1 to 100.
What is given way to gives way to nothing itself.
"""


def usual_spelling(articles: Mapping[str, int]) -> str:
    """Return the name that most articles give; of several, that with the fewest capitals.

    `articles` are counts by name, one at the least. Any order of them gives the same.
    """
    return min(
        articles, key=lambda name: (-articles[name], sum(map(str.isupper, name)), len(name), name)
    )
