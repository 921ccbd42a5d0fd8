"""Derives the section of an article from its link: `news/china/diplomacy`, `sport`."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DEPTH = 3
_PATH = re.compile(r"[a-zA-Z]+://[^/?#]*([^?#]*)")

# A folder from which on the path is the article's own: a word, a number, a date, a hash.
_OWN = re.compile(
    r"articles?|stor(?:y|ies)|posts?|comments|videos?|live|status|watch|item|[apsc]|id|.*\d{4}.*"
    r"|\d+|[a-z0-9]*\d[a-z0-9]{10,}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)
# Folders in front of a section that name no part of the publication.
_FRONT = re.compile(
    r"(?!us$|uk$)[a-z]{2}|[a-z]{2}[-_][a-z]{2}|\d+|index|rss|feeds?|amp|www|content|blogs?|web|html|pub"
    r"|category|categories|section|sections|topic|topics|tag|tags|node|sites|script|articles?"
    r"|stor(?:y|ies)|artykul|wiadomosc|gallery|archives?"
)
# The BBC and others write it into the article's own name: world-europe-67364922.
_NUMBERED = re.compile(r"([a-z]{2,}(?:-[a-z]{2,}){0,2})-\d{7,}")
_NAME = re.compile(r"\w[\w.&+ -]{1,39}")


def section_of(url: str) -> str:
    """Return the leading folders of the URL's path that name a section, or "".

    Reads up to three folders and stops at the first that belongs to the article: its number, its
    date, or words such as `article`. Languages, dates and the like in front are passed over.
    """
    match = _PATH.match(url)
    if not match:
        return ""
    *folders, last = match[1].strip("/").lower().split("/")
    if not folders:
        return ""
    names: list[str] = []
    for folder in folders:
        name = unquote(folder).strip() if "%" in folder else folder
        if not names and _FRONT.fullmatch(name):
            continue
        if name == "r" and not names:
            names.append(name)
            continue
        if _OWN.fullmatch(name) or not _NAME.fullmatch(name) or name.count("-") > 3:
            break
        names.append(name)
        if len(names) == _DEPTH:
            break
    if len(names) == len(folders) and (numbered := _NUMBERED.fullmatch(last)):
        names.append(numbered[1])
    return "/".join(names[:_DEPTH])
