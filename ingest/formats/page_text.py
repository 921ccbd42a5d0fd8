"""The text of an article's page, without what stands around it: through trafilatura, an extra."""

from __future__ import annotations

import importlib.util
import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.clean import MAX_TEXT, capped, plain

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PAGE = 2_000_000
"""Bytes of a page that is looked at."""
MAX_TAGS = 20_000
"""Tags of a page that is looked at: the time it takes grows with their square."""
MAX_TAG = 5_000
"""Bytes of a tag; longer ones (images within, or thousands of attributes) are cut out before."""
LEAST = 200
"""Characters; less is no article but what stands around one."""

_LONG_TAG = re.compile(rb"<[a-zA-Z!/?][^<>]{%d,}>?" % MAX_TAG)


@dataclass(frozen=True, slots=True)
class PageText:
    """What came of a page: its text, or why there is none."""

    text: str = ""
    why: str = ""


def is_installed() -> bool:
    """Say whether the extra is there that reads pages."""
    return all(importlib.util.find_spec(name) for name in ("trafilatura", "protego"))


def text_of(page: bytes, url: str = "") -> PageText:
    """Return the text of an article's page, or why there is none."""
    if len(page) > MAX_PAGE:
        return PageText(why=f"its page has {len(page):,} bytes, more than {MAX_PAGE:,}")
    if page.count(b"<") > MAX_TAGS:
        return PageText(why=f"its page has more than {MAX_TAGS:,} tags")
    extract = _extractor()
    try:
        found = extract(
            _LONG_TAG.sub(b"", page),
            url=url or None,
            include_comments=False,
            include_tables=False,
            favor_precision=True,
            with_metadata=False,
        )
    except Exception as error:  # whatever a page does to the parser, it costs no other page
        return PageText(why=f"its page can't be read ({type(error).__name__})")
    lines = (plain(line) for line in (found or "").splitlines())
    text = capped("\n".join(line for line in lines if line), MAX_TEXT)
    return PageText(text) if len(text) >= LEAST else PageText(why="its page holds no article")


@cache
def _extractor() -> Callable[..., str | None]:
    with warnings.catch_warnings():
        # trafilatura's own fetching, unused here, looks for a proxy package and warns of its lack
        warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
        from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # `why` says all that it would
    return extract
