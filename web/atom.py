"""Atom feeds (RFC 4287) of what pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from export.formats.feeds import without_control

NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a feed; `link` is where a reader gets it, "" where there is no safe link."""

    id: str
    title: str
    link: str
    summary: str
    updated: datetime
    author: str = ""


def atom(title: str, address: str, page: str, entries: Iterable[FeedEntry]) -> str:
    """Return a feed that stands at `address` and belongs to a `page`, as text."""
    found = list(entries)
    root = Tree.Element("feed", xmlns=NAMESPACE)
    _text(root, "id", address)
    _text(root, "title", title)
    newest = max((each.updated for each in found), default=datetime(1970, 1, 1, tzinfo=UTC))
    _text(root, "updated", _moment(newest))
    Tree.SubElement(root, "link", rel="self", href=address, type="application/atom+xml")
    Tree.SubElement(root, "link", rel="alternate", href=page, type="text/html")
    for each in found:
        entry = Tree.SubElement(root, "entry")
        _text(entry, "id", each.id)
        _text(entry, "title", each.title or "(no title)")
        _text(entry, "updated", _moment(each.updated))
        _text(Tree.SubElement(entry, "author"), "name", each.author or "unknown")
        if each.link:
            Tree.SubElement(entry, "link", rel="alternate", href=without_control(each.link))
        _text(entry, "summary", each.summary)
    Tree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Tree.tostring(root, encoding="unicode")


def _text(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = without_control(text)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
