"""Pages without a feed: entries by CSS selectors that a person gives, as of a list of news.

`SELECTOR@NAME` takes an attribute in place of the text. What no selector is given for is looked for
where pages usually have it. Needs lxml and cssselect, an extra.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from ingest.clean import MAX_NAME, plain_title
from ingest.dates.parse import reads_day_first
from ingest.encoding import decode_xml
from ingest.intake import Intake, RawEntry, claimed_language, feed_address
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.parsing.limits import Budget
from ingest.urls import host_of
from models.errors import SourceError
from models.feed import Feed, Selectors

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PAGE = 10_000_000
"""Bytes of a page that is read."""
MAX_SELECTOR = 500
"""Characters of a selector."""
MAX_VALUE = 100_000
"""Characters of one text of an entry."""

_USUAL = {
    "title": "h1, h2, h3, h4, h5, h6, [itemprop~=headline], .title, a[href]",
    "link": "h1 a[href], h2 a[href], h3 a[href], h4 a[href], a[href]",
    "date": "time[datetime], time, [itemprop~=datePublished], .date",
    "summary": "[itemprop~=description], .summary, .description, p",
}
"""Where pages have what no selector is given for."""
_ATTRIBUTES = {"link": ("href", "src"), "date": ("datetime", "content")}
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def check_selectors(selectors: Selectors) -> None:
    """Raise UnreadableError for a selector that can't be used, with its name and why."""
    for name in ("item", *_USUAL):
        _Finder(name, selectors)


def read_page_items(
    page: bytes, name: str, url: str, content_type: str, selectors: Selectors, seconds: float
) -> Iterator[ParsedSource]:
    """Yield the entries of a page; raises UnreadableError where the selectors find none."""
    if len(page) > MAX_PAGE:
        raise UnreadableError(f"is larger than {MAX_PAGE // 1_000_000} MB, as no page is")
    finders = {field: _Finder(field, selectors) for field in _USUAL}
    root, remark = _parsed(page, content_type)
    items = _Finder("item", selectors).elements(root)
    if not items:
        raise UnreadableError(f"has nothing that {selectors.item!r} selects")
    title = plain_title(_escaped(root.findtext(".//title") or ""))[:MAX_NAME]
    language = claimed_language(root.get("lang") or "")
    feed = Feed(url=feed_address(name), title=title, language=language)
    own_base = root.find(".//base[@href]")
    base = _joined(url, own_base.get("href")) if own_base is not None else url
    intake = Intake(budget=Budget(seconds=seconds))
    if remark:
        intake.note(name, remark)
    texts = [{field: finder.text(item) for field, finder in finders.items()} for item in items]
    day_first = reads_day_first((one["date"] for one in texts if one["date"]), language)
    for one in texts:
        if intake.stops(name):
            break
        intake.take(
            RawEntry(
                where=f"{name}, item {intake.seen}",
                link=_joined(base, one["link"]) if one["link"] else "",
                title=one["title"],
                description=one["summary"],
                date=one["date"] or None,
                day_first=day_first,
                language=language,
                source=title or host_of(feed.url),
                feed=feed.url,
            )
        )
        if intake.is_full:
            yield intake.parsed(name, feed)
    yield intake.parsed(name, feed)


class _Finder:
    """Finds what one selector names: elements, or the text or an attribute of the first."""

    def __init__(self, field: str, selectors: Selectors) -> None:
        typed = getattr(selectors, field).strip()
        selector, _, self._attribute = (part.strip() for part in typed.partition("@"))
        self._field = field
        self._is_own = not selector and bool(self._attribute)
        self._find = _compiled(field, selector or _USUAL.get(field, "*"), typed)

    def elements(self, root: Any) -> list[Any]:
        """Return the elements below `root`, comments left out."""
        return [one for one in self._find(root) if isinstance(one.tag, str)]

    def text(self, item: Any) -> str:
        """Return what stands in the first element within an item that has anything.

        The item itself counts where nothing within it does, as a link that is an item.
        """
        within = [] if self._is_own else self.elements(item)
        itself = [item] if self._is_own or self._field in {"title", "link"} else []
        for element in (*within, *itself):
            if value := self._value(element):
                return value[:MAX_VALUE]
        return ""

    def _value(self, element: Any) -> str:
        if self._attribute:
            return _escaped((element.get(self._attribute) or "").strip())
        for name in _ATTRIBUTES.get(self._field, ()):
            if value := (element.get(name) or "").strip():
                return str(value)
        if self._field == "link":
            return ""
        return _escaped(" ".join(element.text_content().split()))


def _compiled(field: str, selector: str, typed: str) -> Callable[[Any], list[Any]]:
    try:
        from cssselect import SelectorError
        from lxml.cssselect import CSSSelector
    except ModuleNotFoundError:
        raise SourceError(
            "Pages are read by selectors with lxml and cssselect: pip install 'slugline[pages]'."
        ) from None
    fault = "it is too long" if len(typed) > MAX_SELECTOR else ""
    try:
        if not fault:
            find: Callable[[Any], list[Any]] = CSSSelector(selector, translator="html")
            return find
    except (SelectorError, ValueError, RecursionError) as error:
        fault = str(error)[:200]
    raise UnreadableError(f"can't be read by --{field} {typed[:80]!r}: {fault}")


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def _parsed(page: bytes, content_type: str) -> tuple[Any, str]:
    """Return the root of a page, and a remark on its encoding."""
    from lxml import etree, html

    if "charset" not in content_type.lower() and (named := _META.search(page[:5_000])):
        content_type = f"text/html; charset={named[1].decode('ascii', 'replace')}"
    text, remark = decode_xml(page, content_type)
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"is not a page that can be read ({str(error)[:100]})") from None
    return root, remark


def _escaped(text: str) -> str:
    """Return text as the HTML that an entry's texts are taken for."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
