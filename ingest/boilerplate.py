"""Sentences that feed software adds to a text, and that say nothing of the article."""

from __future__ import annotations

import re

_OPENERS = (
    "The post|The article|The story|L[\u2019']article|Der Beitrag|Artykuł|Wpis|La entrada|O post"
)
_CREDITS = (
    "appeared first on|first appeared on|pochodzi z serwisu|erschien zuerst auf"
    "|est apparu en premier sur|se publicó primero en|apareceu primeiro em"
)
_MORE = (
    "Continue [Rr]eading|Keep reading|Read [Mm]ore|Read [Ff]ull [Aa]rticle"
    "|Read the (?:rest|full story|full article)"
)
_ARROW = r"\s?(?:\.{1,3}|…|»|→|>)?"
_CUT_MARK = re.compile(r"\s?\[(?:…|\.\.\.)\]$")
_HINT = re.compile(
    rf"The post|Cont|{_CREDITS}|{_MORE}|Comments|article in full|submitted by|Pełna wersja"
    r"|\[(?:…|\.\.\.|link)\]"
)

# Each is tried at the end of the text, again and again until none fits; white space is collapsed.
_TAILS = (
    re.compile(
        rf"(?:^|\s)(?:{_OPENERS}) (?:(?!(?:{_OPENERS}) ).){{1,400}}? (?:{_CREDITS}) .{{1,300}}$"
    ),
    re.compile(
        rf"(?:^|\s)\[?(?:{_MORE})\]?(?: (?:on|at|about|here|of this) [^.]{{1,80}})?{_ARROW}$"
    ),
    re.compile(r"(?:^|\s)Continue [Rr]eading [^.]{1,200}(?:…|\.\.\.|→|»)$"),
    re.compile(r"(?:^|\s)Read Full Article at [^.]{1,40}(?:\.[a-z]+){0,3}$"),
    re.compile(r"(?:^|\s)To read this article in full, please click here$"),
    re.compile(r"(?:^|\s)Pełna wersja strony \S+$"),
    re.compile(r"(?:^|\s)submitted by /u/\S+(?: to r/\S+)?(?: \[link\])?(?: \[comments\])?$"),
    re.compile(r"(?:^|\s)(?:Article URL: \S+ )?Comments URL: \S+ Points: \d+ # Comments: \d+$"),
    re.compile(r"^Comments$"),
)
_TAIL = 1_000  # characters from the end in which such a tail begins
_ROUNDS = 4  # tails behind each other


def without_boilerplate(text: str, title: str = "") -> str:
    """Return plain `text` without the tails that feed software adds; a closing "[…]" becomes "…".

    `title` is the article's own: it tells a cut-off "The post <title" from a sentence about a post.
    """
    if not _HINT.search(text, max(0, len(text) - _TAIL)):
        return text
    for _ in range(_ROUNDS):
        before = text
        for tail in _TAILS:
            text = tail.sub("", text)
        text = _CUT_MARK.sub("…", _without_cut_tail(text, title))
        if text == before:
            break
    return text


def _without_cut_tail(text: str, title: str) -> str:
    """Return `text` without a tail that was itself cut off, as archives do at 1,000 characters."""
    head, opener, rest = text.rpartition("The post ")
    if opener and title and rest and (title.startswith(rest) or rest.startswith(title)):
        return head.rstrip()
    head, opener, rest = text.rpartition(" Cont")
    if opener and "inue reading...".startswith(rest):
        return head
    return text
