"""Marks in an article's text what the query asked for, and picks the passage that shows it best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from search.query.nodes import ANYWHERE, And, Boost, Fuzzy, Node, Or, Phrase, Prefix, Term, Wildcard
from search.request import Marked
from search.text.stems import stem
from search.text.words import fold, spans, words
from search.vocabulary import edit_distance, shape_regex

LENGTH = 240
"""Characters that a passage aims at."""
LEAD_IN = 60
"""Characters that may stand before the first marked word of a passage."""
READ = 50_000
"""Characters of a text in which passages are looked for; beyond lies no snippet."""
CUT = "\u2026"
_BEYOND = 200
"""Characters that are read behind the end of a passage: whether a word ends there is seen by then.
"""

_NAMES = ("entity", "person", "org", "place")

Test = Callable[[str], bool]
Token = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a text that begins at a marked word, and how many different ones are in it."""

    start: int
    kinds: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as it is read for a passage: its tokens, and the numbers of those asked for."""

    text: str
    tokens: list[Token]
    hits: set[int]


@dataclass(slots=True)
class FieldTerms:
    """What a query looks for in one field: single words by a test, and phrases."""

    stems: set[str] = field(default_factory=set)
    tests: list[Test] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.stems or self.tests or self.phrases)


@lru_cache(maxsize=256)
def wanted(query: Node, language: str, in_field: str) -> FieldTerms:
    """Return what a query looks for in a field of an article, without what it bans.

    Kept, since the hits of a page ask for the same few: it is not to be changed.
    """
    found = FieldTerms()
    for node in _leaves(query):
        if node.field in _NAMES:
            if isinstance(node, Term) and "/" not in node.text:
                found.phrases.append(Phrase(tuple(words(node.text))))
        elif node.field not in (ANYWHERE, in_field):
            continue
        elif isinstance(node, Term):
            for word in words(node.text, language):
                found.stems.add(stem(word, language))
        elif isinstance(node, Phrase):
            found.phrases.append(Phrase(tuple(words(" ".join(node.words))), "", node.slop))
        else:
            found.tests.append(_test(node))
    return found


def _leaves(node: Node) -> Iterable[Term | Phrase | Prefix | Wildcard | Fuzzy]:
    match node:
        case And() | Or():
            for part in node.nodes:
                yield from _leaves(part)
        case Boost():
            yield from _leaves(node.node)
        case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            yield node


def _test(node: Prefix | Wildcard | Fuzzy) -> Test:
    if isinstance(node, Prefix):
        begin = fold(node.text)
        return lambda word: word.startswith(begin)
    if isinstance(node, Wildcard):
        shape = shape_regex(fold(node.pattern))
        return lambda word: shape.fullmatch(word) is not None
    text, distance, begin = fold(node.text), node.distance, fold(node.text)[: node.prefix]
    return lambda word: word.startswith(begin) and edit_distance(text, word, distance) <= distance


def mark(text: str, query: Node, language: str = "", in_field: str = "title") -> Marked:
    """Return a whole text in pieces, those that the query asked for marked."""
    found = wanted(query, language, in_field)
    tokens = list(spans(text, language)) if found else []
    return _pieces(text, tokens, _hits(tokens, found, language))


def passage(
    texts: Sequence[tuple[str, str]], query: Node, language: str = "", length: int = LENGTH
) -> Marked:
    """Return the passage that shows best what the query asked for, from (field, text) pairs.

    It shows as many different words of the query as it can, whole words only, and begins where a
    sentence does if one is near. Where nothing is marked it is the beginning of the first text.
    """
    best: tuple[_Window, _Text] | None = None
    for in_field, whole in texts:
        found = wanted(query, language, in_field)
        if not found:
            continue
        text = whole[:READ]
        tokens = list(spans(text, language))
        read = _Text(text, tokens, _hits(tokens, found, language))
        # `max` takes the first of windows that are equally good.
        window = max(_windows(read, length), key=lambda one: one.kinds, default=None)
        if window and (best is None or window.kinds > best[0].kinds):
            best = window, read
    if best is None:
        text = next((text for _, text in texts if text.strip()), "")[:READ]
        return _cut(_Text(text, list(spans(text[: length + _BEYOND])), set()), 0, length)
    window, read = best
    return _cut(read, _beginning(read, window.start), length)


def _hits(tokens: Sequence[Token], found: FieldTerms, language: str) -> set[int]:
    """Return the numbers of the tokens that the query asked for."""
    hits: set[int] = set()
    if found.stems:
        stems = found.stems
        hits.update(n for n, (_, _, word) in enumerate(tokens) if stem(word, language) in stems)
    for test in found.tests:
        hits.update(n for n, (_, _, word) in enumerate(tokens) if test(word))
    for phrase in found.phrases:
        hits.update(_phrase_hits(tokens, phrase))
    return hits


def _phrase_hits(tokens: Sequence[Token], phrase: Phrase) -> Iterable[int]:
    """Yield the numbers of the tokens of each place where a phrase stands."""
    if not phrase.words:
        return
    for number, (_, _, word) in enumerate(tokens):
        if word != phrase.words[0]:
            continue
        places, spare = [number], phrase.slop
        for following in phrase.words[1:]:
            reach = tokens[places[-1] + 1 : places[-1] + 2 + spare]
            step = next((i for i, token in enumerate(reach) if token[2] == following), None)
            if step is None:
                break
            spare -= step
            places.append(places[-1] + 1 + step)
        else:
            yield from places


def _windows(read: _Text, length: int) -> Iterable[_Window]:
    """Yield the stretch that begins at each marked word, from the first on."""
    ordered = sorted(read.hits)
    for place, number in enumerate(ordered):
        start = read.tokens[number][0]
        limit = start + length - LEAD_IN
        kinds = set()
        for other in ordered[place:]:
            if read.tokens[other][1] > limit:
                break
            kinds.add(read.tokens[other][2])
        yield _Window(start, len(kinds))


def _beginning(read: _Text, start: int) -> int:
    """Return where a passage begins that has its first marked word at `start`."""
    if start <= LEAD_IN:
        return 0
    near = read.text[start - LEAD_IN : start]
    for stop in (". ", "! ", "? ", "\n"):
        at = near.rfind(stop)
        if at >= 0:
            return start - LEAD_IN + at + len(stop)
    return min((token[0] for token in read.tokens if token[0] >= start - LEAD_IN), default=start)


def _cut(read: _Text, start: int, length: int) -> Marked:
    """Return the words of a text from `start` on that fit, with marks of a cut at either end."""
    text, tokens, hits = read.text, read.tokens, read.hits
    if len(text) - start <= length * 1.2:
        end = len(text)
    else:
        inside = [token[1] for token in tokens if start <= token[0] and token[1] <= start + length]
        end = max(inside, default=min(len(text), start + length))
    inner = [
        (number, token)
        for number, token in enumerate(tokens)
        if token[0] >= start and token[1] <= end
    ]
    shifted = [(s - start, e - start, word) for _, (s, e, word) in inner]
    marked = {place for place, (number, _) in enumerate(inner) if number in hits}
    pieces = _pieces(text[start:end], shifted, marked)
    before: Marked = ((CUT, False),) if start else ()
    after: Marked = ((CUT, False),) if end < len(text) else ()
    return before + pieces + after


def _pieces(text: str, tokens: Sequence[Token], hits: set[int]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for number in sorted(hits):
        start, end, _ = tokens[number]
        if start > at:
            pieces.append((text[at:start], False))
        if start >= at:
            pieces.append((text[start:end], True))
            at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)
