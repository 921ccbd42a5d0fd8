"""Recognises a URL that somebody pasted: with tracking parameters, escaped, without a scheme."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ingest.urls import canonical_url, fragment_of, host_of, part_of
from models.addresses import PastedAddress
from models.article import article_id

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ESCAPED = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)
_BARE = re.compile(
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?::\d{1,5})?/[^\s\"*]*[^\s\"*)\]]", re.IGNORECASE
)
"""An address without its scheme: a host with a dot, and a path. A host alone names a source."""
_QUOTES = "<>\"'\u201c\u201d"


def read_address(text: str) -> PastedAddress | None:
    """Return what is known of the article at an address; None for a text that is not just one."""
    text = text.strip().strip(_QUOTES)
    if _ESCAPED.match(text):
        text = unquote(text)
    certain = bool(_SCHEME.match(text)) and not re.search(r"\s", text)
    if not certain and not _BARE.fullmatch(text):
        return None
    canonical = canonical_url(text if certain else f"https://{text}")
    if not canonical:
        return None
    part = fragment_of(text)
    return PastedAddress(
        article_id(canonical),
        host_of(canonical),
        certain=certain,
        part_id=article_id(part_of(canonical, part)) if part else "",
    )
