"""Small `and`, `or` and `not` between the words of a query: operators, or words like others.

Few people write operators in capitals. `gaza or ukraine` means either; in `food and drink` the
`and` asks for nothing, and no article must have it. `not` is left to the reader, since headlines
are full of it (`trump not guilty`): it is passed over, and the query with NOT is offered.
"""

from __future__ import annotations

from typing import Any

from search.query.notices import Notice
from search.text.stems import stopwords

CONNECTIVES = ("and", "or", "not")


def with_operators(text: str, nodes: list[Any]) -> tuple[str, tuple[Notice, ...]]:
    """Return a query, tagged as `nodes`, with its small connectives as they are meant.

    The text has the same length, so that positions stay true: `or` becomes OR where it stands
    between two telling words, and what asks for nothing becomes blank. Notices say so. Connectives
    in quotes, and those that are all there is, stay words.
    """
    pieces = [node for node in nodes if not node.is_ws()]
    small = [at for at in range(len(pieces)) if _is_small(text, pieces, at)]
    if not small or not any(_is_operand(piece) for n, piece in enumerate(pieces) if n not in small):
        return text, ()
    letters = list(text)
    either: list[str] = []
    passed: list[str] = []
    negated = ""
    for at in small:
        start, end = pieces[at].startchar, pieces[at].endchar
        word = text[start:end]
        if word == "or" and _joins(text, pieces, at, small):
            letters[start:end] = "OR"
            either.append(_between(text, pieces, at))
            continue
        letters[start:end] = " " * len(word)
        if word == "not" and at + 1 < len(pieces) and _is_operand(pieces[at + 1]):
            negated = text[:start] + "NOT" + text[end:]
        passed += [word] if word != "and" else []
    plain = f'"{" ".join(text.split())}"' if '"' not in text and ":" not in text else ""
    notices = []
    if either:
        notices.append(Notice(f"Read as either of two: {', '.join(either)}.", plain))
    if passed == ["not"] and negated:
        notices.append(
            Notice("“not” was passed over; to leave articles out, write NOT in capitals.", negated)
        )
    elif passed:
        shown = " and ".join(f"“{word}”" for word in dict.fromkeys(passed))
        said = "were" if len(set(passed)) > 1 else "was"
        notices.append(
            Notice(f"{shown} {said} passed over; in quotes, words are searched as they are.", plain)
        )
    return "".join(letters), tuple(notices)


def _is_small(text: str, pieces: list[Any], at: int) -> bool:
    from whoosh.qparser import syntax

    piece = pieces[at]
    if not isinstance(piece, syntax.WordNode) or text[piece.startchar : piece.endchar] not in (
        CONNECTIVES
    ):
        return False
    # The value of a field is no connective.
    return not (at and isinstance(pieces[at - 1], syntax.FieldnameNode))


def _is_operand(piece: Any) -> bool:
    from whoosh.qparser import plugins, syntax

    if isinstance(piece, syntax.Operator | plugins.GroupPlugin.CloseBracket):
        return False
    return not isinstance(piece, plugins.GroupPlugin.OpenBracket)


def _joins(text: str, pieces: list[Any], at: int, small: list[int]) -> bool:
    """Whether an `or` stands between two things that can be searched for by themselves."""
    from whoosh.qparser import plugins

    if at == 0 or at + 1 == len(pieces) or {at - 1, at + 1} & set(small):
        return False
    before, after = pieces[at - 1], pieces[at + 1]
    closes, opens = plugins.GroupPlugin.CloseBracket, plugins.GroupPlugin.OpenBracket
    return all(
        isinstance(piece, bracket) or (_is_operand(piece) and _tells(text, piece))
        for piece, bracket in ((before, closes), (after, opens))
    )


def _tells(text: str, piece: Any) -> bool:
    return text[piece.startchar : piece.endchar].lower() not in stopwords("en")


def _between(text: str, pieces: list[Any], at: int) -> str:
    from whoosh.qparser import syntax

    start, end = pieces[at - 1], pieces[at + 1]
    if at + 2 < len(pieces) and isinstance(end, syntax.FieldnameNode):
        end = pieces[at + 2]
    if at > 1 and isinstance(pieces[at - 2], syntax.FieldnameNode):
        start = pieces[at - 2]
    shown = " ".join(text[start.startchar : end.endchar].split())
    return f"“{shown if len(shown) <= 60 else shown[:59] + '…'}”"
