"""Separates entries that share one link: status pages, changelogs, posts that link to one page.

An article is known by its address. Where a feed gives one address to entries that it tells apart
itself (by guid or fragment) and that have headlines of their own, each gets the address of its part
of the page. The same entry under a new headline stays one article, with versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.urls import canonical_url, fragment_of, host_of, part_of
from models.article import Entry

_COUNTS_REVISIONS = frozenset({"bbc.co.uk", "bbc.com"})
"""Sites whose guids end in #0, #1 ... for the revisions of one article (feeds.bbci.co.uk)."""


def separate_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of one feed, each with the canonical URL of an article of its own.

    Whether two are one article is told by guid, fragment and headline; time is linear.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for n, entry in enumerate(entries):
        if entry.canonical_url:
            same[entry.canonical_url].append(n)
    separated = list(entries)
    for canonical, numbers in same.items():
        if len(numbers) == 1 and not entries[numbers[0]].guid:
            continue
        for n in numbers:
            if part := _part(entries[n], canonical, [entries[m] for m in numbers[:_MOST]]):
                separated[n] = replace(entries[n], canonical_url=part_of(canonical, part))
    return separated


_MOST = 200
"""Entries under one link that an entry is held against."""


def _part(entry: Entry, canonical: str, others: Sequence[Entry]) -> str:
    """Return what tells an entry from the others at its address, "" where it is the page's own."""
    fragment, guid = fragment_of(entry.url), _own_guid(entry, canonical)
    if guid and _is_front_page(canonical):
        return guid
    if (
        fragment
        and guid
        and fragment == fragment_of(entry.guid)
        and not _is_habit(fragment, others)
    ):
        return fragment
    rivals = [other for other in others if _headline(other) != _headline(entry)]
    if fragment and any(fragment_of(other.url) != fragment for other in rivals):
        return fragment
    if guid and any((own := _own_guid(other, canonical)) and own != guid for other in rivals):
        return guid
    return ""


def _headline(entry: Entry) -> str:
    return " ".join(entry.title.casefold().split())


def _own_guid(entry: Entry, canonical: str) -> str:
    """Return the guid of an entry where it says more than the link."""
    if not entry.guid or (canonical_url(entry.guid) == canonical and "#" not in entry.guid):
        return ""
    base, _, count = entry.guid.rpartition("#")
    if count.isdigit() and host_of(canonical) in _COUNTS_REVISIONS:
        return "" if canonical_url(base) == canonical else base
    return entry.guid


def _is_front_page(canonical: str) -> bool:
    parts = urlsplit(canonical)
    return parts.path in {"", "/"} and not parts.query


def _is_habit(fragment: str, others: Sequence[Entry]) -> bool:
    """Say whether all links of the page have this fragment, as `#comments` or `#rss`."""
    return len(others) > 1 and all(fragment_of(other.url) == fragment for other in others)
