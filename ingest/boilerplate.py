"""Removes sentences that feed software adds to every text."""

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

# What tells that a tail may be there, and the tail, tried at the end of the text again and again
# until none fits; white space is collapsed.
_TAILS = (
    (
        _CREDITS.split("|"),
        rf"(?:^|\s)(?:{_OPENERS}) (?:(?!(?:{_OPENERS}) ).){{1,400}}? (?:{_CREDITS}) .{{1,300}}$",
    ),
    (
        ["ead", "EAD"],
        rf"(?:^|\s)\[?(?:{_MORE})\]?(?: (?:on|at|about|here|of this) [^.]{{1,80}})?{_ARROW}$",
    ),
    (["Continue"], r"(?:^|\s)Continue [Rr]eading [^.]{1,200}(?:…|\.\.\.|→|»)$"),
    (["Read Full"], r"(?:^|\s)Read Full Article at [^.]{1,40}(?:\.[a-z]+){0,3}$"),
    (["in full,"], r"(?:^|\s)To read this article in full, please click here$"),
    (["Pełna wersja"], r"(?:^|\s)Pełna wersja strony \S+$"),
    (
        ["submitted by"],
        r"(?:^|\s)submitted by /u/\S+(?: to r/\S+)?(?: \[link\])?(?: \[comments\])?$",
    ),
    (
        ["Comments URL"],
        r"(?:^|\s)(?:Article URL: \S+ )?Comments URL: \S+ Points: \d+ # Comments: \d+$",
    ),
    (["Comments"], r"^Comments$"),
)
_COMPILED = tuple((tuple(signs), re.compile(tail)) for signs, tail in _TAILS)
_CUT_SIGNS = ("The post ", " Cont")
_SIGNS = ("]", *_CUT_SIGNS, *(sign for signs, _ in _COMPILED for sign in signs))
_REACH = 800  # characters from the end in which a tail begins
_ROUNDS = 4  # tails behind each other


def without_boilerplate(text: str, title: str = "") -> str:
    """Return plain `text` without the tails that feed software adds; a closing "[…]" becomes "…".

    `title` is the article's own: it tells a cut-off "The post <title" from a sentence about a post.
    """
    if not _may_have_tail(text[-_REACH:]):
        return text
    for _ in range(_ROUNDS):
        before, end = text, text[-_REACH:]
        for signs, tail in _COMPILED:
            if any(sign in end for sign in signs):
                text = _without(tail, text)
        if any(sign in end for sign in _CUT_SIGNS):
            text = _without_cut_tail(text, title)
        if text.endswith("]"):
            text = _CUT_MARK.sub("…", text)
        if text == before:
            break
    return text


def _may_have_tail(end: str) -> bool:
    for sign in _SIGNS:  # noqa: SIM110 - half the time of any(), for every text there is
        if sign in end:
            return True
    return False


def _without(tail: re.Pattern[str], text: str) -> str:
    """Return `text` without its tail, looked for only near the end, at the start of a word."""
    begin = max(0, len(text) - _REACH)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    match = tail.search(text, begin)
    return text[: match.start()] if match else text


def _without_cut_tail(text: str, title: str) -> str:
    """Return `text` without a tail that was itself cut off, as archives do at 1,000 characters."""
    head, opener, rest = text.rpartition("The post ")
    if opener and title and rest and (title.startswith(rest) or rest.startswith(title)):
        return head.rstrip()
    head, opener, rest = text.rpartition(" Cont")
    if opener and "inue reading...".startswith(rest):
        return head
    return text
