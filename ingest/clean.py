"""Converts HTML to plain text on one line, as a reader would see it.

What is markup is decided first (`ingest.markup`); nh3 (an HTML5 parser) takes the tags away;
entities become characters; characters that draw nothing or turn the reading direction go. Text
that is plain already is only looked at, which is most of it.
"""

from __future__ import annotations

import html
import re

from ingest.markup import GREATER, HIDDEN, LESS, only_markup, with_code_kept
from ingest.misread import letters_restored

MAX_TITLE = 1_000
"""Characters of a title that are kept."""
MAX_TEXT = 100_000
"""Characters of a summary or body that are kept."""
MAX_NAME = 200
"""Characters of a publisher's or feed's name that are kept."""
MAX_MARKUP = 200_000
"""Characters up to which a text goes through the HTML parser, whose time grows with the square of
the attributes of a tag; beyond, tags are cut out by their shape."""
MAX_TAGS = 2_000
"""Tags up to which a text goes through the HTML parser, whose time grows with their square where
someone nests them on purpose; beyond, they are cut out by their shape."""

# Controls; soft hyphen; zero-width space, BOM and word joiner; marks, embeddings, overrides and
# isolates of the writing direction; noncharacters. The zero-width joiners (U+200C, U+200D) stay:
# Persian is spelt and emoji are built with them.
_INVISIBLE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
_INVISIBLE += "\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ud800-\udfff"
_INVISIBLE += "\U000e0000-\U000e007f"
_STRIP = re.compile(f"[{_INVISIBLE}]+")
_WORK = re.compile(f"[<&{_INVISIBLE}]")
_REFERENCE = re.compile(
    r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30};|#\d{1,7}(?:;|(?=\D|$))|#[xX][0-9a-fA-F]{1,6};|nbsp(?![a-zA-Z=]))"
)
_BARE_AMPERSAND = re.compile(
    r"&(?!(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});|#\d|nbsp(?![a-zA-Z=]))"
)
_BREAK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]"
    r"|header|hr|img|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b)",
    re.IGNORECASE,
)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_UNSEEN = re.compile(
    rf"<({'|'.join(sorted(HIDDEN))})\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE
)
_MARKUP = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z!][^>]*(?:>|$)", re.DOTALL)
_NESTED = 3  # how often text may have been escaped over before it reached us


def plain(text: str) -> str:
    """Return `text` without markup, entities and invisible characters, white space collapsed.

    Angle brackets that are no markup stay, and nothing that was rightly escaped is taken for it.
    """
    return _plain(text, unlikely=False)


def plain_title(text: str) -> str:
    """Return a headline or name as `plain` does, but take for markup only what can be nothing else.

    A headline on the `<blink>` tag says its name; one in `<i>italics</i>` loses them.
    """
    return _plain(text, unlikely=True)


def _plain(text: str, *, unlikely: bool) -> str:
    text = letters_restored(text)
    if text.isprintable() and "<" not in text and "&" not in text:
        return " ".join(text.split())
    if _WORK.search(text):
        text = _decode(_STRIP.sub("", text), unlikely=unlikely)
        text = letters_restored(_STRIP.sub("", text))
    return " ".join(text.split())


def _decode(text: str, *, unlikely: bool) -> str:
    """Take tags and references away as often as the text was escaped over.

    What comes to light by decoding had been escaped, so markup is unlikely there.
    """
    for _ in range(_NESTED):
        if "<" in text:
            text = _CDATA.sub(" ", text)
            marked, found = only_markup(text, unlikely=unlikely)
            if found:
                text = _without_tags(marked)
        elif "&" not in text or not _REFERENCE.search(text):
            break
        text = _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)
        unlikely = True
    return text.replace(LESS, "<").replace(GREATER, ">")


def _without_tags(text: str) -> str:
    """Return HTML as escaped text; each `<` in it begins a tag."""
    import nh3

    text = _BREAK.sub(" <", _BARE_AMPERSAND.sub("&amp;", with_code_kept(text)))
    if len(text) > MAX_MARKUP or text.count("<") > MAX_TAGS:
        return _MARKUP.sub(" ", _UNSEEN.sub(" ", text))
    return nh3.clean(text, tags=set(), clean_content_tags=set(HIDDEN), strip_comments=True)


def capped(text: str, limit: int) -> str:
    """Return `text`, or what fits of it into `limit` characters, ending in an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rfind(" ", limit - 100)
    return (head[:at_word] if at_word > 0 else head).rstrip() + "…"
