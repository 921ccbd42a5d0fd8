"""The words of a text with what joins them: where sentences begin, and which capitals count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W\d_]\.)+(?=\s)|[^\W_](?:\w|[-'\u2019](?=\w))*")
_ENDS = frozenset('.!?:;\u2026\u201e"\u201d\u00ab\u00bb\u2013\u2014-|\u2022*(')
ABBREVIATIONS = frozenset({
    "dr", "prof", "gen", "ks", "płk", "mjr", "kpt", "mec", "abp", "bp", "red", "św", "im", "ul",
    "al", "woj", "pow", "gm", "tzw", "inż", "mgr", "hab", "sp", "nr",
})  # fmt: skip
MOST_AHEAD = 6


class Token(NamedTuple):
    """A word: where it stands, and whether it has a capital of its own or by a sentence's start.

    `joined` says that only a blank stands between it and the word before; `is_capital`, that it
    begins with a capital.
    """

    start: int
    end: int
    text: str
    opens: bool
    joined: bool
    is_capital: bool


def tokens(text: str) -> Sequence[Token]:
    """Return the words of a text."""
    found: list[Token] = []
    behind = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        opens, joined = False, True
        gap = text[behind:start]
        if not found or gap != " ":  # nearly all words stand behind a blank
            opens = not found or (not _ENDS.isdisjoint(gap) and not _is_abbreviated(found, gap))
            joined = bool(found) and gap == ". " and not opens
        found.append(Token(start, end, word, opens, joined, word[0].isupper()))
        behind = end
    return found


def _is_abbreviated(found: Sequence[Token], gap: str) -> bool:
    last = found[-1].text
    return gap.strip() == "." and (last.lower() in ABBREVIATIONS or len(last) == 1)


class TokenPosition(NamedTuple):
    """A word of a row and its neighbours: `ahead` begins with it and has only blanks between."""

    row: Sequence[Token]
    at: int
    ahead: Sequence[Token]

    @property
    def token(self) -> Token:
        """The word itself."""
        return self.row[self.at]

    @property
    def before(self) -> str:
        """The word before, "" where there is none in the same phrase."""
        return self.row[self.at - 1].text if self.at and self.token.joined else ""


def here(row: Sequence[Token], at: int) -> TokenPosition:
    """Return a word of a row with its neighbours."""
    end = at + 1
    while end < len(row) and row[end].joined and end - at < MOST_AHEAD:
        end += 1
    return TokenPosition(row, at, row[at:end])
