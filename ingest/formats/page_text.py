"""The text of an article's page, without what stands around it: through trafilatura, an extra."""

from __future__ import annotations

import importlib.util
import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

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
    """The text of a page, or the reason why it has none."""

    text: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article's text and what its page says of it, or why there is none."""

    text: str = ""
    title: str = ""
    date: str = ""
    site: str = ""
    description: str = ""
    language: str = ""
    why: str = ""


def is_installed() -> bool:
    """Say whether the extra is there that reads pages."""
    return importlib.util.find_spec("trafilatura") is not None


def text_of(page: bytes, url: str = "") -> PageText:
    """Return the text of an article's page, or why there is none."""
    article = article_of(page, url, with_metadata=False)
    return PageText(article.text, article.why)


def article_of(page: bytes, url: str = "", *, with_metadata: bool = True) -> ArticlePage:
    """Return the article of a page, or why there is none.

    What a page says of itself is taken, not guessed: a date only from where pages state it.
    """
    if len(page) > MAX_PAGE:
        return ArticlePage(why=f"its page has {len(page):,} bytes, more than {MAX_PAGE:,}")
    if page.count(b"<") > MAX_TAGS:
        return ArticlePage(why=f"its page has more than {MAX_TAGS:,} tags")
    extract = _extractor()
    try:
        found = extract(
            _LONG_TAG.sub(b"", page),
            url=url or None,
            include_comments=False,
            include_tables=False,
            favor_precision=True,
            with_metadata=with_metadata,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # whatever a page does to the parser, it costs no other page
        return ArticlePage(why=f"its page can't be read ({type(error).__name__})")
    lines = (plain(line) for line in (found.text or "" if found else "").splitlines())
    text = capped("\n".join(line for line in lines if line), MAX_TEXT)
    if len(text) < LEAST:
        return ArticlePage(why="its page holds no article")
    said = (found.title, found.date, found.sitename, found.description, found.language)
    return ArticlePage(text, *(one or "" for one in said))


@cache
def _extractor() -> Callable[..., Any]:
    with warnings.catch_warnings():
        # trafilatura's own fetching, unused here, looks for a proxy package and warns of its lack
        warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
        from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # `why` says all that it would
    return bare_extraction
